#!/usr/bin/env python3
"""The newest records of an agent, several actions at once.

    MESHGUARD_GATEWAY_URL=… MESHGUARD_ADMIN_TOKEN=… audit.py AGENT [ACTION…]
"""

import sys

from gateway import Gateway


def main(agent, actions):
    # Address and token come from the environment.
    with Gateway() as gateway:
        for entry in gateway.records(agent, actions, limit=50):
            print(f"{entry['timestamp']}  {entry['decision']:8}  {entry['action']}  {entry.get('resource') or ''}")
            print(f"    trace {entry.get('trace_id', entry['id'])}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
