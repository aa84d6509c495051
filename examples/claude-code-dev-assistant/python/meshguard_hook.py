#!/usr/bin/env python3
"""PreToolUse hook: asks the gateway, and lets nothing run that it did not allow.

Exit codes are Claude Code's: 0 goes on, 2 blocks the call and tells the model what stands on stderr. Every
other code would let the call run, so every failure ends with 2.
"""

import json
import sys


def main():
    from gateway import ApprovalNeeded, call_of, connect

    action, resource, context = call_of(json.load(sys.stdin))
    with connect() as gateway:
        try:
            gateway.evaluate(action, resource, context)
        except ApprovalNeeded as question:
            # Claude Code shows its dialog; without anybody to see it the call is denied.
            decision = {"permissionDecision": "ask", "permissionDecisionReason": str(question)}
            print(json.dumps({"hookSpecificOutput": {"hookEventName": "PreToolUse", **decision}}))


if __name__ == "__main__":
    try:
        main()
    except BaseException as error:
        print(f"not run: {error or type(error).__name__}", file=sys.stderr)
        sys.exit(2)
