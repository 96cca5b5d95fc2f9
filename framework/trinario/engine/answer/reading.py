"""What goes into the reading of an answer, and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trinario.model.flow import Ask
from trinario.model.message import Heard
from trinario.model.session import Offered
from trinario.model.value import Value


@dataclass(frozen=True, slots=True)
class Heeded:
    """A message as the answer to `step`. `text` are its words (of a burst: all of them), `locale` the contact's.

    `options` are the choices as they were offered; `region` is the country of phone numbers without a prefix.
    """

    step: Ask
    heard: Heard
    text: str
    options: tuple[Offered, ...] = ()
    locale: str = "en"
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Good:
    """An answer. `title` is how she would name it; `next` is where a choice leads."""

    value: Value
    title: str = ""
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Bad:
    """No answer of this type. `error` names the pattern `error.<error>`; `names` go into its text."""

    error: str
    names: Mapping[str, Any] = field(default_factory=dict)


Reading = Good | Bad
