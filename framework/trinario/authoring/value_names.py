"""What the names of an expression stand for, as far as the files say: their types, flow by flow."""

from collections.abc import Iterable, Mapping

from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.parse_outside import SEALABLE
from trinario.authoring.parse_values import variable
from trinario.authoring.reader import Record
from trinario.authoring.value_outside import answer_of
from trinario.authoring.value_types import (
    ANY,
    DATE,
    DATETIME,
    MEDIA,
    NUMBER,
    TEXT,
    YES_NO,
    Type,
    answered,
    declared,
    group,
    item_of,
    joined,
    of,
    of_value,
    several,
)
from trinario.authoring.value_typing import typed_text
from trinario.campaign.segment import FACTS
from trinario.expressions import Phrase
from trinario.model.flow import (
    Ai,
    Ask,
    Call,
    Flow,
    Foreach,
    Function,
    Http,
    InputSpec,
    PrivateReply,
    Set,
    Split,
    Ticket,
    Trigger,
    WaitFor,
)

_BROUGHT: Mapping[str, Mapping[str, Type]] = {
    "comment": {**dict.fromkeys(("parent", "medium", "name", "channel"), TEXT), "reply": YES_NO, "at": DATETIME},
    "story_reply": {"story": TEXT},
    "form": {"data": ANY},
    "schedule": {"at": DATETIME},
    "inactivity": {"at": DATETIME},
    "date": {"at": DATETIME, "offset": TEXT},
    "tag": {"tag": TEXT},
    "field": {"field": TEXT, "value": ANY, "was": ANY},
    "message_status": dict.fromkeys(("status", "flow", "step", "reason"), TEXT),
    "identity_linked": {"channel": TEXT},
    "reaction": dict.fromkeys(("emoji", "message", "flow", "step"), TEXT),
    "edited": {"was": TEXT},
    "order": {"items": several(ANY), "total": NUMBER, **dict.fromkeys(("currency", "catalog"), TEXT)},
    "product": dict.fromkeys(("product", "catalog"), TEXT),
}
"""What further names a trigger has that one of these begins."""


class Names:
    """The names that the texts of a bot's flows may use. Without a bot, its fields and globals may be anything."""

    def __init__(self, bot: ParsedBot | None, flows: Mapping[str, ParsedFlow]) -> None:
        self._bot, self._flows = bot, flows
        self._made: dict[str, Mapping[str, Type]] = {}
        self._returns: dict[str, Type] = {}
        self.shared = self._shared()

    def of_flow(self, flow: Flow) -> Mapping[str, Type]:
        """Every name that all texts of this flow have."""
        if flow.name not in self._made:
            made = {
                **self.shared,
                "vars": group({name: _of_spec(spec) for name, spec in flow.vars.items()}),
                "call": group({name: _of_spec(spec) for name, spec in flow.inputs.items()}),
                "trigger": self._trigger(flow.triggers),
                "answers": group(self._answers(flow)),
            }
            self._made[flow.name] = {**made, "vars": group(_with_items(flow, made))}
        return self._made[flow.name]

    def of_names(self, parsed: ParsedFlow) -> Mapping[str, Type]:
        """The same for a flow that has errors elsewhere: by the names that stand there, of any type."""
        return {
            **self.shared,
            "answers": group(dict.fromkeys(parsed.names, ANY)),
            "vars": group(dict.fromkeys((*parsed.declared("vars"), *parsed.items()), ANY)),
            "call": group(dict.fromkeys(parsed.declared("inputs"), ANY)),
            "trigger": ANY,
        }

    def beside(self, path: tuple[str, ...], flow: Flow | None) -> Mapping[str, Type]:
        """Names that only the text at this path has: `event` in a `match`, `item` in choices from data."""
        last = path[-1] if path else ""
        if path[:1] == ("steps",) and len(path) > 2 and path[2] in SEALABLE and self._is_http(path[1], flow):
            return {"secrets": self._secrets()}
        step = flow.steps.get(path[1]) if flow and last == "match" and path[:1] == ("steps",) else None
        if isinstance(step, WaitFor):
            told = self._event(step.event)
            return {"event": ANY if told is None else group({"name": TEXT, **told})}
        if last == "match" and path[:1] == ("steps",):
            return {"event": ANY}
        if last == "match" and path[:1] in (("triggers",), ("exit_when",)):
            kind, value = _trigger_at(flow, path[0], int(path[1])) if flow else ("", "")
            data = self._event(value) if kind == "event" else None
            return {"event": ANY if data is None else group({"name": TEXT, **data})}
        from_data = last in ("title", "value") and path[-2:-1] == ("choices",)
        return {"item": ANY} if from_data or _of_each_card(path) else {}

    def _is_http(self, step: str, flow: Flow | None) -> bool:
        """Whether the step may be one that calls a service: of a flow with errors elsewhere nobody knows."""
        return flow is None or isinstance(flow.steps.get(step), Http)

    def _secrets(self) -> Type:
        return ANY if self._bot is None else group(dict.fromkeys(self._bot.get("secrets") or {}, TEXT))

    def flow(self, name: str) -> Flow | None:
        """A flow that can be called, if it could be read."""
        parsed = self._flows.get(name)
        return parsed.flow if parsed else None

    def parsed(self, name: str) -> ParsedFlow | None:
        """The file of a flow."""
        return self._flows.get(name)

    def spec(self, path: str, flow: Flow) -> InputSpec | None:
        """The declaration of `vars.x` or `fields.x`; None where there is none."""
        room, _, name = path.partition(".")
        if room == "vars":
            return flow.vars.get(name)
        record = (self._bot.get("fields") or {}).get(name) if self._bot and room == "fields" else None
        return variable(record) if isinstance(record, Record) else None

    # what every flow has

    def _shared(self) -> Mapping[str, Type]:
        names = ("first_name", "last_name", "name", "language", "timezone", "preferred_channel", "owner", "country")
        words = dict.fromkeys(names, TEXT)
        return {
            "contact": group(
                {
                    "id": NUMBER,
                    **words,
                    "created_at": DATETIME,
                    "last_seen_at": DATETIME,
                    "channels": several(TEXT),
                    "last_heard": self._heard(),
                }
            ),
            "fields": self._fields(),
            "tags": several(TEXT),
            "consent": group({"marketing": ANY}),
            "channel": group({"name": TEXT, "platform": TEXT, "window_open": YES_NO, "window_closes": DATETIME}),
            "input": group({"text": TEXT, "payload": TEXT, "media": MEDIA, "reply_to": TEXT}),
            "flow": group({"name": TEXT, "revision": TEXT}),
            "session": group({"id": TEXT}),
            "campaign": group({"name": TEXT, "variant": TEXT}),
            "globals": of_value(self._bot.get("globals") or {}) if self._bot else ANY,
            "now": DATETIME,
            "today": DATE,
            "ago": of("function"),
            "duration": of("function"),
            **dict.fromkeys(("wants", "window_open", *FACTS), of("function")),
        }

    def _heard(self) -> Type:
        """When she last wrote, by channel."""
        return ANY if self._bot is None else group({one.id: DATETIME for one in self._bot.settings})

    def _fields(self) -> Type:
        if self._bot is None:
            return ANY
        given: Mapping[str, object] = self._bot.get("fields") or {}
        return group({n: _of_spec(variable(one)) if isinstance(one, Record) else ANY for n, one in given.items()})

    # what one flow has

    def _trigger(self, triggers: Iterable[Trigger]) -> Type:
        """What every trigger has, and the data of the events that begin this flow."""
        members = dict.fromkeys(("kind", "text", "ref", "post", "comment", "ad"), TEXT)
        for trigger in triggers:
            if trigger.kind == "event":
                data = self._event(trigger.value)
                if data is None:
                    return ANY
                members |= {name: joined([kind, members.get(name, kind)]) for name, kind in data.items()}
            members |= _BROUGHT.get(trigger.kind, {})
        return group(members)

    def _event(self, name: str) -> Mapping[str, Type] | None:
        """The declared data of an event; None when it may be anything."""
        events = (self._bot.get("events") or {}) if self._bot else {}
        if name not in events:
            return None
        return {key: declared(kind) for key, kind in events[name].items()}

    def _answers(self, flow: Flow) -> Mapping[str, Type]:
        found: dict[str, list[Type]] = {}
        for name, step in flow.steps.items():
            if isinstance(step, Ask):
                found.setdefault(name, []).extend(self._of_ask(step, flow))
            elif isinstance(step, Split | Ticket):
                found.setdefault(name, []).append(TEXT)
            elif isinstance(step, WaitFor):
                told = self._event(step.event)
                found.setdefault(name, []).append(ANY if told is None else group(told))
            elif isinstance(step, Foreach):
                found.setdefault(name, []).append(NUMBER)
            elif isinstance(step, Http | Function | Ai):
                found.setdefault(name, []).append(answer_of(step))
            elif isinstance(step, Call):
                found.setdefault(name, []).append(self._of_call(step))
            elif isinstance(step, Set):
                for path, value in step.values.items():
                    if path.startswith("answers."):
                        found.setdefault(path.removeprefix("answers."), []).append(_written(value))
        return {name: joined(kinds) for name, kinds in found.items()}

    def _of_ask(self, step: Ask, flow: Flow) -> Iterable[Type]:
        yield asked(step)
        if step.default is not None:
            yield asked(step) if step.default.constant is not None and asked(step) != TEXT else _written(step.default)
        if step.skip_if_known and step.save:
            spec = self.spec(step.save, flow)
            yield _of_spec(spec) if spec else ANY

    def _of_call(self, step: Call) -> Type:
        """What the called flow gives back; a circle of calls may give anything."""
        called = self._flows.get(step.flow)
        if called is None or called.flow is None:
            return ANY
        if step.flow not in self._returns:
            self._returns[step.flow] = group(dict.fromkeys(called.flow.returns, ANY))
            if called.flow.returns:
                names = self.of_flow(called.flow)
                given = {name: typed_text(phrase, names)[0] for name, phrase in called.flow.returns.items()}
                self._returns[step.flow] = group(given)
        return self._returns[step.flow]


def _with_items(flow: Flow, names: Mapping[str, Type]) -> Mapping[str, Type]:
    """The variables of a flow with those of its loops: an item is of the kind that its list holds."""
    known = dict(names["vars"].members or {})
    for step in flow.steps.values():
        if isinstance(step, Foreach):
            item = item_of(typed_text(step.items, {**names, "vars": group(known)})[0])
            values = zip(step.variables, (item, NUMBER), strict=True)
            known |= {name: joined([known[name], kind]) if name in known and name not in flow.vars else known.get(name, kind)
                      for name, kind in values}  # fmt: skip
    return known


def _of_each_card(path: tuple[str, ...]) -> bool:
    """Whether the text belongs to the card that is made for every item of a list."""
    below = path[path.index("cards") + 1 :] if "cards" in path[2:] else ()
    return bool(below) and not below[0].isdigit() and below != ("from",)


def asked(step: Ask) -> Type:
    """The type of what she answers."""
    if isinstance(step, PrivateReply):
        return ANY  # whatever she did
    if not step.choices:
        return answered(step.type)
    chosen = joined(of_value(one.value) for one in step.choices) if isinstance(step.choices, tuple) else ANY
    return several(chosen) if step.type == "multi_choice" else chosen


def _written(value: object) -> Type:
    if not isinstance(value, Phrase):
        return of_value(value)
    return ANY if value.whole is not None else TEXT


def _of_spec(spec: InputSpec) -> Type:
    """As declared; a default that is of another kind is not made to fit."""
    return joined([declared(spec.type), of_value(spec.default)])


def _trigger_at(flow: Flow, place: str, number: int) -> tuple[str, str]:
    several_ones = flow.triggers if place == "triggers" else flow.exit_when
    return (several_ones[number].kind, several_ones[number].value) if number < len(several_ones) else ("", "")
