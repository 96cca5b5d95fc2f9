"""The comment that began a session: where it stands, how old it is, and whether it was answered in private already."""

from dataclasses import dataclass
from datetime import datetime

from trinario.engine.draft import Draft
from trinario.errors import EvaluationError
from trinario.model.comment import PRIVATE_REPLY_WITHIN


@dataclass(frozen=True, slots=True)
class Comment:
    """`id` is the platform's, `post` what it stands under, `at` when it was written."""

    channel: str
    id: str
    post: str
    at: datetime

    @property
    def mark(self) -> str:
        """What her contact keeps when she got a private reply under this post."""
        return f"private_reply:{self.channel}/{self.post}"

    def is_over(self, now: datetime) -> bool:
        """Whether it is too old for a private reply."""
        return now - self.at >= PRIVATE_REPLY_WITHIN


def comment_of(draft: Draft) -> Comment:
    """The comment that began the draft's session. Raises EvaluationError: something else began it."""
    found = draft.session.trigger
    at, number = found.get("at"), found.get("comment")
    if not isinstance(at, datetime) or not number:
        raise EvaluationError("no comment began this session, so there is none to answer")
    return Comment(str(found.get("channel", "")), str(number), str(found.get("post", "")), at)
