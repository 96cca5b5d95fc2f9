"""The declared conversation: a Flow, its triggers and its steps (a closed union)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from trinario.expressions import Condition, Phrase
from trinario.model.duration import Duration
from trinario.model.value import Value, Values

Purpose = Literal["service", "transactional", "marketing"]

END = "end"
"""Where `next` may lead besides a step: the flow is over."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text that is translated: `key` is its msgctxt (step and path of keys), `phrase` the source in the bot's locale."""

    key: str
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class WordsLink:
    """A link as its author wrote it."""

    title: Words
    url: Phrase


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its author wrote it. Exactly one of `text`, `media`, `plural`, `one_of`, `template` gives its body.

    `media` is a kind (image, video ...), `url` its address. `plural` maps CLDR categories to words, `count` picks.
    `per_channel` is keyed by channel name or platform.
    """

    text: Words | None = None
    media: str | None = None
    url: Phrase | None = None
    caption: Words | None = None
    filename: Phrase | None = None
    links: tuple[WordsLink, ...] = ()
    one_of: tuple["Message", ...] = ()
    count: Condition | None = None
    plural: Mapping[str, Words] = field(default_factory=dict)
    template: "TemplateCall | None" = None
    per_channel: Mapping[str, "Message"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TemplateCall:
    """A platform-approved message with its parameters."""

    name: str
    language: str | None = None
    params: Mapping[str, Phrase] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a message finds its person; None in a key: ask the next wider place (step, flow, bot)."""

    order: tuple[str, ...] | None = None
    template: TemplateCall | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One declared choice. `value` is what is saved, never translated; `also` further words, by locale ("" is any)."""

    title: Words
    value: Value
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    next: str | None = None
    description: Words | None = None


@dataclass(frozen=True, slots=True)
class ChoicesFrom:
    """Choices from data: `items` gives a list; `title` and `value` are asked with `item` in scope."""

    items: Condition
    title: Condition
    value: Condition


@dataclass(frozen=True, slots=True)
class Remind:
    """A nudge while a question is open."""

    after: Duration
    text: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBase:
    """What every step has. `exits` maps exit names to steps; `line` is 1-based in the flow's file."""

    name: str
    line: int = 0
    next: str | None = None
    condition: Condition | None = None
    counts: str | None = None
    exits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(StepBase):
    messages: tuple[Message, ...]
    typing: Duration | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(StepBase):
    """`min` and `max` bound the answer, as `type` has it; a Phrase there is worked out when an answer comes."""

    messages: tuple[Message, ...]
    type: str = "text"
    choices: tuple[Choice, ...] | ChoicesFrom = ()
    save: str | None = None
    min: Value = None
    max: Value = None
    pattern: str | None = None
    error: Words | None = None
    retries: int = 2
    timeout: Duration | None = None
    default: Phrase | None = None
    skip_if_known: bool = False
    remind: Remind | None = None
    burst: Duration | None = None
    change: bool = False
    interrupt: bool = True
    button: Words | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class BranchCase:
    """One line of a branch; the last has no condition (else)."""

    condition: Condition | None
    next: str | None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(StepBase):
    cases: tuple[BranchCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Set(StepBase):
    """`values` maps dotted paths (vars.x, fields.y, contact.language) to phrases or plain values."""

    values: Mapping[str, Phrase | Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(StepBase):
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Untag(StepBase):
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(StepBase):
    """Either `duration`, or `until` (a moment) moved by `offset`. `between` are minutes of the local day."""

    duration: Duration | None = None
    until: Condition | None = None
    offset: Duration | None = None
    offset_back: bool = False
    between: tuple[int, int] | None = None
    days: frozenset[int] = frozenset()
    zone: str | None = None
    late: Duration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(StepBase):
    flow: str
    inputs: Mapping[str, Phrase | Value] = field(default_factory=dict)
    save: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(StepBase):
    flow: str
    inputs: Mapping[str, Phrase | Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal(StepBase):
    goal: str
    value: Phrase | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff(StepBase):
    """The contact goes to people; the bot steps back. `after` is the silence after which the bot comes back."""

    team: str
    note: Phrase | None = None
    priority: str | None = None
    resume: Literal["next", "ask_again", "end"] = "end"
    after: Duration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchChannel(StepBase):
    """`confirm`: None is auto (ask when something personal is known)."""

    channels: tuple[str, ...]
    text: Words | None = None
    button: Words | None = None
    expires: Duration | None = None
    confirm: bool | None = None


Step = Send | Ask | Branch | Set | Tag | Untag | Wait | Call | Start | Goal | Handoff | SwitchChannel


@dataclass(frozen=True, slots=True)
class Trigger:
    """What begins a flow. `kind`: keyword, referral, message, new_contact, get_started, event.

    `words` (keyword) are by locale ("" is any); `value` is the ref or the event's name ("" any); `mode` is how keywords
    match (exact, first_word, contains, regex); `match` an expression over the event.
    """

    kind: str
    value: str = ""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mode: str = "first_word"
    match: Condition | None = None
    channels: frozenset[str] = frozenset()
    priority: int = 0
    if_busy: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class ExitWhen:
    """What ends the running sessions of a flow. `kind`: event, tag, field, opt_out, when."""

    kind: str
    value: str = ""
    match: Condition | None = None


@dataclass(frozen=True, slots=True)
class InputSpec:
    """A declared var, input or field: its type and what it is when nothing is given."""

    type: str
    default: Value = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow in one revision (a hash of what its author wrote, translations included).

    `steps` keep their order. `words` holds translations: locale -> key -> phrase. `handlers` maps exits to steps.
    """

    name: str
    revision: str
    steps: Mapping[str, Step]
    title: str = ""
    purpose: str = "service"
    triggers: tuple[Trigger, ...] = ()
    vars: Mapping[str, InputSpec] = field(default_factory=dict)
    inputs: Mapping[str, InputSpec] = field(default_factory=dict)
    returns: Mapping[str, Phrase] = field(default_factory=dict)
    handlers: Mapping[str, str] = field(default_factory=dict)
    exit_when: tuple[ExitWhen, ...] = ()
    expires: Duration | None = None
    delivery: Delivery | None = None
    locale: str = "en"
    words: Mapping[str, Mapping[str, Phrase]] = field(default_factory=dict)
    file: str = ""

    @property
    def first(self) -> str:
        """The step that a new session begins with."""
        return next(iter(self.steps))

    def after(self, name: str) -> str:
        """The step that follows in the file, or END."""
        names = list(self.steps)
        index = names.index(name) + 1
        return names[index] if index < len(names) else END

    def inputs_scope(self, given: Values) -> Values:
        """The inputs as the flow sees them: what was given over the defaults."""
        return {name: given.get(name, spec.default) for name, spec in self.inputs.items()}
