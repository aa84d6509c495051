"""Something for the assistant to work on."""


def greeting(name: str) -> str:
    return f"Hello, {name or 'world'}!"
