"""Steps that ask the outside: a service over HTTP, a function of the bot's own, a language model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from trinario.expressions import Phrase
from trinario.model.duration import Duration
from trinario.model.flow.steps import StepBase
from trinario.model.value import Value

Returns = str | Mapping[str, str]
"""What comes back, as its author declared it: one type, or a type for each name; "any" when nothing was said."""


_PATIENCE, _THOUGHT = Duration(seconds=10), Duration(seconds=20)


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret of bot.yaml by its name; its value is put in right before the request is made, and never kept."""

    name: str


Pieces = tuple[str | Phrase | Secret, ...]
"""A text in parts: words as they stand, expressions, secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Http(StepBase):
    """`address` in parts; `body` is a tree of mappings, lists, phrases, Pieces and plain values (json), a mapping of
    Pieces (form) or Pieces (text). `keyed`: True takes a key of ours, a Phrase is the author's own."""

    method: str
    address: Pieces
    headers: Mapping[str, Pieces] = field(default_factory=dict)
    form: Literal["", "json", "form", "text"] = ""
    body: Any = None
    timeout: Duration = _PATIENCE
    retries: int = 2
    keyed: Phrase | bool = False
    save: str | None = None
    returns: Returns = "any"
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(StepBase):
    """`function` is its name in functions.py; `inputs` are handed over by name."""

    function: str
    inputs: Mapping[str, Phrase | Value] = field(default_factory=dict)
    timeout: Duration = _PATIENCE
    save: str | None = None
    returns: Returns = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ai(StepBase):
    """`exits` hold where each label leads, and `fallback` for `failed` and `low_confidence` that nobody names.

    `labels` (classify), `wanted` (extract: name -> type) and `prompt` (generate; advice to the others) say what is
    wanted; `text` is what it is about. `confidence` from 0 to 1 is the least that counts.
    """

    task: Literal["classify", "extract", "generate"]
    text: Phrase
    fallback: str
    labels: tuple[str, ...] = ()
    wanted: Mapping[str, str] = field(default_factory=dict)
    prompt: Phrase | None = None
    confidence: Value = None
    timeout: Duration = _THOUGHT
    retries: int = 1
    save: str | None = None
