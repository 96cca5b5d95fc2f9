"""The walk of one message, kept in few bytes, and told in sentences that a marketer reads."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import get_args

from trinario.policy.verdict import Answer, Asked

ANSWERS: tuple[Answer, ...] = get_args(Answer)


def packed(walk: Sequence[Asked]) -> str:
    """The walk as JSON; "" where the first channel took the message and there is nothing to tell."""
    if not walk:
        return ""
    lines = [
        [one.channel, ANSWERS.index(one.answer), one.code, one.detail, int(one.until.timestamp()) if one.until else 0]
        for one in walk
    ]
    return json.dumps(lines, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str | None) -> tuple[Asked, ...]:
    """The walk that `packed` wrote."""
    return tuple(
        Asked(channel, ANSWERS[answer], code, detail, datetime.fromtimestamp(until, UTC) if until else None)
        for channel, answer, code, detail, until in json.loads(text or "[]")
    )
