"""Calls that change who has a WhatsApp thread, where several apps or roles share a number (meta.md 2A.7)."""

from typing import Any

from trinario.channels.whatsapp.people import is_bsuid
from trinario.model.message import ThreadControl

NOTE = 2000
"""Characters of a note to whoever gets the thread."""


def thread_body(person: str, control: ThreadControl) -> dict[str, Any]:
    """The body of `thread_control`; `app` of the control is a role there."""
    whom = {"recipient": person} if is_bsuid(person) else {"to": "+" + person.lstrip("+")}
    body: dict[str, Any] = {"messaging_product": "whatsapp", **whom, "action": control.action}
    if control.action == "pass":
        body["control_pass"] = {"target_role": control.app}
    return {**body, "metadata": control.note[:NOTE]} if control.note else body
