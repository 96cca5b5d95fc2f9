"""Profiles of people, as far as the Graph tells them: Messenger and Instagram (meta.md 3B.8 and 3C)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from trinario.channels.graph.client import GraphClient, answered, judged
from trinario.channels.graph.failures import page_failure
from trinario.channels.graph.thread import gentle
from trinario.model.failure import Action, Failure
from trinario.model.outbox import NotSent, Sent

MESSENGER = ("first_name", "last_name", "locale", "timezone", "gender")
INSTAGRAM = (
    "name",
    "username",
    "follower_count",
    "is_user_follow_business",
    "is_business_follow_user",
    "is_verified_user",
)


async def profile_of(
    client: GraphClient, person: str, names: tuple[str, ...], token: str
) -> Mapping[str, Any] | NotSent:
    """What the platform tells; nothing at all for people of whom it tells nothing."""
    outcome = await client.get(quote(person, safe=""), {"fields": ",".join(names)})
    found = answered(outcome)
    if found is not None:
        return {name: found[name] for name in names if name in found}
    result = judged(outcome, lambda body: Sent(""), gentle(_failure), 0, token)
    if isinstance(result, NotSent):
        return {} if result.failure.action == Action.DROP else result
    return NotSent(Failure(Action.RETRY, reason="no answer"))


def _failure(code: int, subcode: int, reason: str, attempts: int, passing: bool) -> Failure:
    return page_failure(code, subcode, reason, attempts, passing=passing)
