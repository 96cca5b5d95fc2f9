"""Calls that change who has a thread: Conversation Routing of Messenger and Instagram (meta.md 3B.8)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from trinario.channels.graph.client import FailureOf, GraphClient, answered, complaint
from trinario.channels.graph.failures import page_failure
from trinario.model.failure import Action, Failure
from trinario.model.message import INBOX, ThreadControl
from trinario.model.outbox import NotSent, OutboxEntry, SendResult, Sent, Unknown

INBOXES: Mapping[str, str] = {"messenger": "263902037430900", "instagram": "1217981644879628"}
"""The apps behind the inboxes of a Page and of Instagram."""

NOTE = 1000
"""Characters of a note to the other app; the Page's own pages name no limit that we know of."""

AGAIN = frozenset({Action.RETRY, Action.SLOW, Action.TOKEN})


async def change_thread(client: GraphClient, node: str, platform: str, token: str, entry: OutboxEntry) -> SendResult:
    """Pass the thread on, or bring it back. An app that may not take it asks for it instead."""
    control = entry.content
    assert isinstance(control, ThreadControl)
    body = thread_body(entry.identity.value, platform, control)
    result = await client.send(_path(node, control.action), body, _done, gentle(_failure), entry.attempts)
    if control.action == "take" and isinstance(result, NotSent) and result.failure.action == Action.DROP:
        asked = await client.post(_path(node, "request"), body)
        reason = f"{result.failure.reason}; it was asked for: {complaint(asked, token) if answered(asked) is None else 'yes'}"
        return NotSent(Failure(Action.DROP, result.failure.code, result.failure.subcode, reason[:500]))
    return harmless(result)


def thread_body(person: str, platform: str, control: ThreadControl) -> dict[str, Any]:
    """The body of such a call."""
    body: dict[str, Any] = {"recipient": {"id": person}}
    if control.action == "pass":
        body["target_app_id"] = INBOXES[platform] if control.app == INBOX else control.app
    return {**body, "metadata": control.note[:NOTE]} if control.note else body


def harmless(result: SendResult) -> SendResult:
    """What is done twice is done: a lost answer is no harm, the call is made again."""
    return NotSent(Failure(Action.RETRY, reason=result.reason)) if isinstance(result, Unknown) else result


def gentle(failure_of: FailureOf) -> FailureOf:
    """The same table where a refusal costs this call alone: the account may send whatever it may not route."""

    def told(code: int, subcode: int, reason: str, attempts: int, passing: bool) -> Failure:
        failure = failure_of(code, subcode, reason, attempts, passing)
        return failure if failure.action in AGAIN else Failure(Action.DROP, code, subcode, reason)

    return told


def _failure(code: int, subcode: int, reason: str, attempts: int, passing: bool) -> Failure:
    return page_failure(code, subcode, reason, attempts, passing=passing)


def _path(node: str, action: str) -> str:
    return f"{quote(node, safe='')}/{action}_thread_control"


def _done(body: Mapping[str, Any]) -> Sent | None:
    return Sent("") if body.get("success") is True else None
