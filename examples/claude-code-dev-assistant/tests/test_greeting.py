import sys
import unittest

sys.path.insert(0, "src")

from greeting import greeting


class Greeting(unittest.TestCase):
    def test_somebody(self):
        self.assertEqual(greeting("Ann"), "Hello, Ann!")

    def test_nobody(self):
        self.assertEqual(greeting(""), "Hello, world!")


if __name__ == "__main__":
    unittest.main()
