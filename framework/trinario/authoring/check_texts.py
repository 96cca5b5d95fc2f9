"""Names used inside texts and conditions: whether anything is called so, with the place inside the text."""

from collections.abc import Iterable, Iterator, Mapping

from trinario.authoring.finding import Findings
from trinario.authoring.notes import Written
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.reader import Record
from trinario.expressions import Known, check_names
from trinario.model.flow import Ask, Call, ChoicesFrom, Flow, Set

ANY = Known()
PLAIN = Known({})
"""A text, number or date: nothing follows it."""

_OPEN_TYPES = frozenset({
    "any", "list", "mapping", "media", "image", "video", "audio", "document", "location", "contact", "order", "choice",
    "multi_choice", "date", "time", "datetime", "duration",
})  # fmt: skip


def check_texts(parsed: ParsedFlow, bot: ParsedBot | None, found: Findings) -> None:
    """T031 for every name that nothing is called. Without a bot, its fields and globals may be anything."""
    if parsed.notes is None:
        return
    known = {**_known(bot), **(_of_flow(parsed.flow, bot) if parsed.flow else _of_names(parsed))}
    for written in parsed.notes.written:
        scope = {**known, **_beside(written, parsed.flow, bot)}
        for fault in check_names(written.text.uses, scope):
            place = parsed.notes.document.within(written.scalar, fault.offset - written.shift, fault.length)
            found.issues.append(
                parsed.notes.document.issue(
                    place, "T031", fault.reason, hint=_hint(fault.path, fault.index, fault.hint)
                )
            )


def _hint(path: tuple[str, ...], index: int, hint: str) -> str:
    if hint.startswith("did you mean") or index != 1:
        return hint
    name = path[1]
    where = {
        "fields": f"declare it in bot.yaml: fields: {{{name}: {{type: text}}}}",
        "globals": f"declare it in bot.yaml: globals: {{{name}: ...}}",
        "vars": f"declare it at the top of the flow: vars: {{{name}: ...}}",
        "call": f"declare it at the top of the flow: inputs: {{{name}: {{type: text}}}}",
        "answers": "an answer is called as the step that asks",
    }
    return where.get(path[0], hint)


def _known(bot: ParsedBot | None) -> dict[str, Known]:
    """What every text may name, whichever flow it is in."""
    contact = ("id", "first_name", "last_name", "name", "language", "timezone", "created_at", "last_seen_at")
    media = {"text": PLAIN, "payload": PLAIN, "media": ANY, "reply_to": PLAIN}
    return {
        "contact": Known({**_plain(contact), "created_at": ANY, "last_seen_at": ANY}),
        "fields": _declared(bot, "fields"),
        "tags": PLAIN,
        "consent": Known(_plain(("marketing",))),
        "channel": Known({**_plain(("name", "platform", "window_open")), "window_closes": ANY}),
        "input": Known(media),
        "flow": Known(_plain(("name", "revision"))),
        "session": Known(_plain(("id",))),
        "campaign": Known(_plain(("name", "variant"))),
        "globals": _declared(bot, "globals"),
        "now": ANY,
        "today": ANY,
        "ago": PLAIN,
    }  # fmt: skip


def _of_flow(flow: Flow, bot: ParsedBot | None) -> dict[str, Known]:
    """What only the texts of this flow may name."""
    return {
        "answers": Known(dict(_answers(flow))),
        "vars": Known({name: _typed(spec.type) for name, spec in flow.vars.items()}),
        "call": Known({name: _typed(spec.type) for name, spec in flow.inputs.items()}),
        "trigger": _trigger(flow, bot),
    }


def _of_names(parsed: ParsedFlow) -> dict[str, Known]:
    """The same for a flow that has errors elsewhere: by the names that stand there, of any type."""
    return {
        "answers": Known(dict.fromkeys(parsed.names, ANY)),
        "vars": Known(dict.fromkeys(parsed.declared("vars"), ANY)),
        "call": Known(dict.fromkeys(parsed.declared("inputs"), ANY)),
        "trigger": ANY,
    }


def _declared(bot: ParsedBot | None, key: str) -> Known:
    """What bot.yaml declares under `fields` or `globals`; anything without a bot."""
    if bot is None:
        return ANY
    given: Mapping[str, object] = bot.get(key) or {}
    return Known({name: _typed(one.get("type")) if isinstance(one, Record) else ANY for name, one in given.items()})


def _plain(names: Iterable[str]) -> dict[str, Known]:
    return dict.fromkeys(names, PLAIN)


def _typed(kind: str | None) -> Known:
    return ANY if kind is None or kind in _OPEN_TYPES else Known({}, kind)


def _answers(flow: Flow) -> Iterator[tuple[str, Known]]:
    for name, step in flow.steps.items():
        if isinstance(step, Ask):
            yield name, ANY if isinstance(step.choices, ChoicesFrom) or step.type in _OPEN_TYPES else _typed(step.type)
        elif isinstance(step, Call):
            yield name, ANY
        elif isinstance(step, Set):
            yield from ((path.removeprefix("answers."), ANY) for path in step.values if path.startswith("answers."))


def _trigger(flow: Flow, bot: ParsedBot | None) -> Known:
    """`trigger` has what every trigger has, and the data of the events that begin this flow."""
    members = _plain(("kind", "text", "ref", "post", "ad"))
    for trigger in flow.triggers:
        if trigger.kind == "event":
            data = _event_data(trigger.value, bot)
            if data is None:
                return ANY
            members.update(data)
    return Known(members)


def _event_data(name: str, bot: ParsedBot | None) -> Mapping[str, Known] | None:
    """The declared data of an event; None when it may be anything."""
    declared = (bot.get("events") or {}) if bot else {}
    if name not in declared:
        return None
    return {key: _typed(kind) for key, kind in declared[name].items()}


def _beside(written: Written, flow: Flow | None, bot: ParsedBot | None) -> dict[str, Known]:
    """Names that only this text has: `event` in a `match`, `item` in choices from data."""
    last = written.path[-1] if written.path else ""
    if last == "match" and written.path[:1] in (("triggers",), ("exit_when",)):
        kind, value = _trigger_at(flow, written.path[0], int(written.path[1])) if flow else ("", "")
        data = _event_data(value, bot) if kind == "event" else None
        return {"event": ANY if data is None else Known({"name": PLAIN, **data})}
    if last in ("title", "value") and written.path[-2:-1] == ("choices",):
        return {"item": ANY}
    return {}


def _trigger_at(flow: Flow, place: str, number: int) -> tuple[str, str]:
    several = flow.triggers if place == "triggers" else flow.exit_when
    return (several[number].kind, several[number].value) if number < len(several) else ("", "")
