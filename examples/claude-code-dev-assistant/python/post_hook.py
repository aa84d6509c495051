#!/usr/bin/env python3
"""PostToolUse and PostToolUseFailure hook: puts on record what came of a call.

The call has run, so nothing is blocked any more; a report that could not be made is told on stderr.
"""

import json
import re
import sys


def outcome(hook_input):
    """Result and details as Claude Code tells them: it has no exit code for what went well."""
    failed = hook_input["hook_event_name"] == "PostToolUseFailure"
    said = hook_input.get("error", "") if failed else hook_input.get("tool_response", "")
    code = 0
    if failed:
        told = re.match(r"Exit code (\d+)", str(said))
        code = int(told.group(1)) if told else None
    if isinstance(said, dict) and "stdout" in said:
        said = said["stdout"] + said.get("stderr", "")
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    details = {"tool": hook_input["tool_name"], "output_length": len(text), "working_directory": hook_input["cwd"]}
    if hook_input["tool_name"] == "Bash":
        details["exit_code"] = code
    return ("failure" if failed else "success"), details


def main():
    from gateway import call_of, connect

    hook_input = json.load(sys.stdin)
    action, resource, _ = call_of(hook_input)
    with connect() as gateway:
        gateway.report(action, resource, *outcome(hook_input))


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        print(f"not on record: {error}", file=sys.stderr)
        sys.exit(1)
