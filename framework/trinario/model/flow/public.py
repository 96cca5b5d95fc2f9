"""Steps that answer what is public: a comment under a post; and the sign on her last message."""

from dataclasses import dataclass

from trinario.model.flow.said import Words
from trinario.model.flow.steps import Ask, StepBase


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentReply(StepBase):
    """Answers the comment that began the session, for everybody to read: with one of `texts`."""

    texts: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateReply(Ask):
    """The one message to whoever commented; it waits, and whatever she taps or writes is its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class React(StepBase):
    """Puts `emoji` on the last message of hers; "" takes it back."""

    emoji: str
