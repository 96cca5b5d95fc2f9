"""Comments under our posts: how long one may be answered in private, and how an outbox row names the one it answers."""

from datetime import UTC, datetime, timedelta

PRIVATE_REPLY_WITHIN = timedelta(days=7)
"""Age from which a comment can be answered in public only (platform facts 2B.5 and 2C.4)."""

_MARK = "comment:"


def private_to(comment: str, at: datetime) -> str:
    """What `reply_to` of an outbox row says when it is the private reply to a comment that was written at `at`."""
    return f"{_MARK}{int(at.timestamp())}:{comment}"


def comment_in(reply_to: str) -> tuple[str, datetime] | None:
    """(comment, when it was written) of a private reply; None for every other row."""
    if not reply_to.startswith(_MARK):
        return None
    stamp, _, comment = reply_to.removeprefix(_MARK).partition(":")
    return comment, datetime.fromtimestamp(int(stamp), UTC)
