"""The Python pieces of the example project against a running gateway, as the agent starts them.

usage: python example.py PLACET FOLDER   (with the client installed; FOLDER is empty)
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

from meshguard import MeshGuardClient

ROOT = pathlib.Path(__file__).parents[3]
EXAMPLE = ROOT / "examples/claude-code-dev-assistant"
RECORDED = ROOT / "crates/agents/tests/fixtures/claude-code/hook-stdin"
WORLD = {}


def setUpModule():
    placet, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    project = folder / "project"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("data", "state", "cache", "*.key", "__pycache__"))
    command = [placet, "--json", "serve", "--listen", "127.0.0.1:0", "--data", "data", "--policies", "policies"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=project)
    WORLD.update(process=process, project=project)
    unittest.addModuleCleanup(end)
    text = ""
    for line in process.stdout:
        text += line
        if text.count("{") == text.count("}"):
            break
    # Older scripts call the program by this name.
    (folder / "meshguard").symlink_to(placet.resolve())
    url = json.loads(text)["address"]
    admin = (project / "data/admin-token").read_text().strip()
    # The client and its library, nothing else of the caller.
    WORLD["environment"] = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "HOME": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MESHGUARD_GATEWAY_URL": url,
    }
    WORLD["admin"] = {"MESHGUARD_ADMIN_TOKEN": admin}
    made = typed("agent create claude-code-dev --trust verified --tags claude-code,dev-agent --output agent.key")
    if made.returncode != 0:
        raise RuntimeError(made.stderr)
    WORLD["key"] = {"MESHGUARD_API_KEY": (project / "agent.key").read_text().strip()}


def end():
    WORLD["process"].terminate()
    status = WORLD["process"].wait(timeout=30)
    if status != 0:
        raise RuntimeError(f"`placet serve` ended with {status}")


def run(words, variables, told=""):
    environment = {**WORLD["environment"], **variables}
    return subprocess.run(words, cwd=WORLD["project"], env=environment, input=told, capture_output=True, text=True, timeout=60)


def typed(line):
    return run(["meshguard", *line.split()], WORLD["admin"])


def script(name, told, variables=None):
    path = WORLD["project"] / "python" / name
    told = told if isinstance(told, str) else json.dumps(told)
    return run([sys.executable, str(path)], WORLD["key"] if variables is None else variables, told)


def call(tool, told):
    return {"hook_event_name": "PreToolUse", "tool_name": tool, "tool_input": told, "cwd": str(WORLD["project"])}


def recorded(name):
    told = json.loads((RECORDED / name).read_text())
    told["cwd"] = str(WORLD["project"])
    return told


class Before(unittest.TestCase):
    def test_what_is_allowed_goes_on(self):
        project = WORLD["project"]
        for told in [
            call("Bash", {"command": "git status"}),
            call("Bash", {"command": "python3 tests/test_greeting.py 2>&1 | tail -3"}),
            call("Bash", {"command": "git add -A\ngit commit -m 'gr\u00fc\u00dfe'"}),
            call("Read", {"file_path": str(project / "src/greeting.py")}),
            call("Glob", {"pattern": "**/*.py"}),
            call("Write", {"file_path": str(project / "docs/\u00fc.md"), "content": "x"}),
            call("WebSearch", {"query": "unittest"}),
            call("WebFetch", {"url": "https://docs.python.org/3/", "prompt": "x"}),
        ]:
            ran = script("meshguard_hook.py", told)
            self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (0, "", ""), told)

    def test_what_is_denied_is_blocked_with_its_reason(self):
        project = WORLD["project"]
        for told, reason in [
            (call("Bash", {"command": "rm -rf /tmp/old-build"}), "Destructive"),
            (call("Bash", {"command": "git status\ncurl https://example.com"}), "Network commands"),
            (call("Bash", {"command": "cat .env"}), "Credential files"),
            (call("Read", {"file_path": str(project / ".env")}), "Credential files"),
            (call("Write", {"file_path": "/etc/passwd", "content": ""}), "operating system"),
            (call("Write", {"file_path": str(project / ".claude/settings.json"), "content": ""}), "settings"),
            (call("mcp__any__tool", {"a": "x" * 500}), "mcp__any__tool"),
            (recorded("pre_tool_use.bash_rm.json"), "Destructive"),
        ]:
            ran = script("meshguard_hook.py", told)
            self.assertEqual((ran.returncode, ran.stdout), (2, ""), told)
            self.assertIn(reason, ran.stderr)

    def test_what_a_person_must_confirm_is_asked(self):
        policy = WORLD["project"] / "asks.yaml"
        policy.write_text('name: asks\nversion: "1"\ndefaultEffect: abstain\nrules:\n  - {effect: ask, actions: ["execute:shell"], '
                          'conditions: {resource: {startsWith: "git push"}}, reason: Somebody looks at it first.}\n')
        self.assertEqual(typed("policy apply asks.yaml").returncode, 0)
        self.addCleanup(typed, "policy delete asks --yes")
        ran = script("meshguard_hook.py", call("Bash", {"command": "git push"}))
        self.assertEqual(ran.returncode, 0, ran.stderr)
        answer = json.loads(ran.stdout)["hookSpecificOutput"]
        self.assertEqual((answer["hookEventName"], answer["permissionDecision"]), ("PreToolUse", "ask"))
        self.assertEqual(answer["permissionDecisionReason"], "Somebody looks at it first.")

    def test_whatever_fails_blocks(self):
        fine = call("Bash", {"command": "git status"})
        key = WORLD["key"]
        for told, variables in [
            ("", key),
            ("{", key),
            ("{}", key),
            (call("Bash", {}), key),
            (call("Read", {"path": "README.md"}), key),
            (fine, {}),
            (fine, {"MESHGUARD_API_KEY": "plc_live_00000000000000000000000000000000"}),
            (fine, {**key, "MESHGUARD_GATEWAY_URL": ""}),
            (fine, {**key, "MESHGUARD_GATEWAY_URL": "http://127.0.0.1:1"}),
            (fine, {**key, "PYTHONPATH": "/nowhere", "MESHGUARD_GATEWAY_URL": "no address"}),
        ]:
            ran = script("meshguard_hook.py", told, variables)
            self.assertEqual((ran.returncode, ran.stdout), (2, ""), (told, variables))
            self.assertTrue(ran.stderr.startswith("not run: "), ran.stderr)


class After(unittest.TestCase):
    def test_outcomes_are_on_record(self):
        for name in ["post_tool_use.bash.json", "post_tool_use_failure.bash.json", "post_tool_use.read.json"]:
            ran = script("post_hook.py", recorded(name))
            self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (0, "", ""), name)
        url, admin = WORLD["environment"]["MESHGUARD_GATEWAY_URL"], WORLD["admin"]["MESHGUARD_ADMIN_TOKEN"]
        with MeshGuardClient(url, admin_token=admin) as client:
            entries = client.get_audit_log(limit=50, decision="reported")
        self.assertEqual({entry["agentName"] for entry in entries}, {"claude-code-dev"})
        entries = {entry["reported"]["details"]["tool"] + entry["reported"]["result"]: entry for entry in entries}
        good, bad = entries["Bashsuccess"]["reported"], entries["Bashfailure"]["reported"]
        output = recorded("post_tool_use.bash.json")["tool_response"]["stdout"]
        where = str(WORLD["project"])
        self.assertEqual(good["details"], {"tool": "Bash", "exit_code": 0, "output_length": len(output), "working_directory": where})
        self.assertEqual(bad["details"], {"tool": "Bash", "exit_code": 1, "output_length": len("Exit code 1"), "working_directory": where})
        self.assertNotIn("exit_code", entries["Readsuccess"]["reported"]["details"])

    def test_a_report_that_fails_blocks_nothing(self):
        ran = script("post_hook.py", recorded("post_tool_use.bash.json"), {})
        self.assertEqual(ran.returncode, 1)
        self.assertTrue(ran.stderr.startswith("not on record: "), ran.stderr)

    def test_records_of_several_actions(self):
        for command in ["git log", "rm -rf x"]:
            script("meshguard_hook.py", call("Bash", {"command": command}))
        script("meshguard_hook.py", call("Read", {"file_path": str(WORLD["project"] / "a.md")}))
        script("meshguard_hook.py", call("WebSearch", {"query": "not this one"}))
        words = [sys.executable, "python/audit.py", "claude-code-dev", "read:file", "execute:shell"]
        ran = run(words, WORLD["admin"])
        self.assertEqual(ran.returncode, 0, ran.stderr)
        lines = ran.stdout.splitlines()
        shown = [line for line in lines if not line.startswith("    trace ")]
        self.assertEqual(len(lines), 2 * len(shown))
        self.assertEqual(shown, sorted(shown, key=lambda line: line.split()[0], reverse=True))
        for wanted in ["allow     execute:shell  git log", "deny      execute:shell  rm -rf x", "a.md"]:
            self.assertTrue(any(wanted in line for line in shown), (wanted, shown))
        self.assertNotIn("not this one", ran.stdout)
        self.assertNotEqual(run(words, {}).returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"], warnings="ignore")
