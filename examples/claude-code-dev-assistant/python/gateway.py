"""A gateway, spoken to with the published `meshguard` client (0.1.2).

The client itself asks with HTTP headers, and a header holds neither a command of several lines nor one with
letters beyond ASCII, nor the folder the agent is in. So questions go to the same gateway as JSON, over the
client's own connection, key and errors.
"""

import json
import os

from meshguard import AuthenticationError, MeshGuardClient, MeshGuardError, PolicyDeniedError

# Claude Code's tools: the action each stands for, and the field of its input that says what it is done to.
TOOLS = {
    "Read": ("read:file", "file_path"),
    "Glob": ("read:file", "path"),
    "Grep": ("read:file", "path"),
    "Write": ("write:file", "file_path"),
    "Edit": ("write:file", "file_path"),
    "MultiEdit": ("write:file", "file_path"),
    "NotebookEdit": ("write:file", "notebook_path"),
    "Bash": ("execute:shell", "command"),
    "WebSearch": ("read:web_search", "query"),
    "WebFetch": ("read:web_fetch", "url"),
}

# Tools that look through the folder they are in when no other is named.
SEARCHES = {"Glob", "Grep"}


class Refused(Exception):
    """The call must not run; the text says why."""


class ApprovalNeeded(Exception):
    """The call may run once a person said yes; the text says why."""


class Gateway(MeshGuardClient):
    """The published client, with questions and reports as JSON."""

    def evaluate(self, action, resource, context):
        """Returns if it is allowed, and raises otherwise, whatever else comes back."""
        question = {"action": action, "resource": resource, "context": context, "awaitsApproval": True}
        decision = self._post("/api/v1/evaluate", question).get("decision") or {}
        effect = decision.get("effect")
        reason = decision.get("reason") or "the gateway gave no reason"
        if effect == "approval_required":
            raise ApprovalNeeded(reason)
        if effect != "allow":
            raise PolicyDeniedError(action, decision.get("policy"), decision.get("rule"), reason)

    def report(self, action, resource, result, details):
        """Puts on record what was done. The gateway keeps it apart from what it decided itself."""
        event = {"action": action, "resource": resource, "result": result, "details": details}
        return self._post("/api/v1/audit", event)

    def records(self, agent=None, actions=(), limit=50):
        """The newest records of an agent, of any of these actions (all when none is named), newest first."""
        found = []
        for action in actions or [None]:
            wanted = {"limit": limit, "agentId": agent, "action": action}
            wanted = {name: value for name, value in wanted.items() if value is not None}
            answer = self._client.get(f"{self.gateway_url}/admin/audit", headers=self._admin_headers(), params=wanted)
            found += self._handle_response(answer)["entries"]
        return sorted(found, key=lambda entry: entry["timestamp"], reverse=True)[:limit]

    def _post(self, path, body):
        answer = self._client.post(f"{self.gateway_url}{path}", headers=self._headers(), json=body)
        if answer.is_redirect:
            # The client takes everything below 400 for a yes.
            raise MeshGuardError(f"the gateway answers with {answer.status_code}: its address is another one")
        return self._handle_response(answer)


def connect():
    """The gateway of the environment. Without an address the client would ask one on the internet."""
    url = os.environ.get("MESHGUARD_GATEWAY_URL")
    key = os.environ.get("MESHGUARD_AGENT_TOKEN") or os.environ.get("MESHGUARD_API_KEY")
    if not url or not key:
        raise AuthenticationError("MESHGUARD_GATEWAY_URL and MESHGUARD_API_KEY must be set")
    return Gateway(url, agent_token=key, timeout=10)


def call_of(hook_input):
    """Action, resource and context of the tool call that a hook is told about."""
    tool, told, folder = hook_input["tool_name"], hook_input["tool_input"], hook_input["cwd"]
    context = {"tool": tool, "agent": "claude-code", "working_directory": folder}
    if tool not in TOOLS:
        # Whole: what is cut off is what nobody looked at.
        return f"invoke:{tool}", json.dumps(told, ensure_ascii=False, sort_keys=True), context
    action, field = TOOLS[tool]
    resource = told.get(field) or (folder if tool in SEARCHES else None)
    if not isinstance(resource, str) or not resource:
        raise Refused(f"a call of {tool} without `{field}`")
    return action, resource, context
