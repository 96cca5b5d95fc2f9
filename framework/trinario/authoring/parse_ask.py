"""The step `ask`: its type, its choices, and which of its keys go together."""

from typing import Any

from trinario.authoring.near import listed
from trinario.authoring.notes import Notes
from trinario.authoring.parse_messages import delivery, messages, remind
from trinario.authoring.reader import Record
from trinario.authoring.spec.answers import ANSWERS
from trinario.expressions import Condition
from trinario.model.flow import Ask, Choice, ChoicesFrom, Words


def ask(common: dict[str, Any], value: Any, record: Record, notes: Notes) -> Ask | None:
    """One question. Every pair of keys that does not go together is an issue."""
    kind = _type(record, notes)
    _check_bounds(kind, record, notes)
    _check_times(record, notes)
    _check_exits(kind, record, notes)
    if record.get("skip_if_known") and not record.has("save"):
        notes.fault("T014", record.nodes["skip_if_known"], "`skip_if_known` has to know where to look",
                    "write save: fields.<name>")  # fmt: skip
    return Ask(
        **common,
        messages=messages(value, notes),
        type=kind,
        choices=choices(record.get("choices"), notes),
        save=record.get("save"),
        min=record.get("min"),
        max=record.get("max"),
        pattern=record.get("pattern"),
        error=record.get("error"),
        retries=record.get("retries"),
        timeout=record.get("timeout"),
        default=record.get("default"),
        skip_if_known=record.get("skip_if_known"),
        remind=remind(record.get("remind")),
        burst=record.get("burst") or None,
        change=record.get("change"),
        interrupt=record.get("interrupt") == "allow",
        button=record.get("button"),
        delivery=delivery(record.get("delivery")),
    )


def _type(record: Record, notes: Notes) -> str:
    if not record.has("choices"):
        if record.get("type") == "choice":
            notes.fault("T014", record.nodes["type"], "a question of the type choice needs `choices`",
                        "write choices: [Plants, Tools]")  # fmt: skip
        return str(record.get("type"))
    if record.has("type") and record.get("type") != "choice":
        hint = "leave `type` out: choices make it `choice`"
        notes.fault("T015", record.nodes["type"], f"`choices` do not go with the type {record.get('type')}", hint)
    return "choice"


def _check_bounds(kind: str, record: Record, notes: Notes) -> None:
    known = ANSWERS[kind].keys if kind in ANSWERS else frozenset()
    for name in ("min", "max", "pattern"):
        if record.has(name) and name not in known:
            able = [f"{other.name}" for other in ANSWERS.values() if name in other.keys]
            notes.fault("T015", record.nodes[name], f"`{name}` does not go with the type {kind}",
                        f"it goes with {listed(able)}")  # fmt: skip
    least, most = record.get("min"), record.get("max")
    if least is not None and most is not None and least > most:
        notes.fault("T015", record.nodes["min"], f"no answer is at least {least} and at most {most}", "swap the two")
    if record.has("retries") and not 0 <= (record.get("retries") or 0) <= 20:
        notes.fault("T021", record.nodes["retries"], "a question is asked again 0 to 20 times", "write retries: 2")


def _check_times(record: Record, notes: Notes) -> None:
    for name in ("timeout", "burst"):
        given = record.values.get(name)
        if given is not None and (given.days < 0 or given.seconds < 0):
            notes.fault("T021", record.nodes[name], f"`{name}` cannot be less than nothing", "leave the - out")
    if record.has("default") and not record.has("timeout"):
        notes.warn("T015", record.nodes["default"], "`default` is saved on a time-out, and there is no `timeout`",
                   "write timeout: 2h beside it")  # fmt: skip
    nudge = remind(record.get("remind"))
    timeout = record.get("timeout")
    if nudge and timeout and nudge.after.elapsed >= timeout.elapsed:
        notes.fault("T015", record.nodes["remind"], f"the reminder after {nudge.after} comes too late: "
                    f"the question is over after {timeout}", "remind earlier")  # fmt: skip


def _check_exits(kind: str, record: Record, notes: Notes) -> None:
    for name in ("on_yes", "on_no"):
        if record.has(name) and kind != "yes_no":
            notes.fault("T015", record.nodes[name], f"`{name}` goes with the type yes_no only", "write type: yes_no")
    if record.has("on_empty") and not isinstance(record.get("choices"), Record):
        notes.fault("T015", record.nodes["on_empty"], "`on_empty` goes with choices from data only", "leave it out")
    if record.has("on_timeout") and not record.has("timeout"):
        notes.fault("T014", record.nodes["on_timeout"], "`on_timeout` needs a `timeout`", "write timeout: 2h")
    if record.has("button") and not record.has("choices"):
        notes.fault("T015", record.nodes["button"], "`button` opens a list of choices, and there are none",
                    "leave it out")  # fmt: skip


def choices(value: Any, notes: Notes) -> tuple[Choice, ...] | ChoicesFrom:
    """Declared choices, or those from data. Two of one title or value are an issue."""
    if isinstance(value, Record):
        return _from_data(value)
    made = [made for item in value or () if (made := _choice(item))]
    _check_twins(made, value or (), notes)
    return tuple(made)


def _choice(item: Words | Record) -> Choice | None:
    if isinstance(item, Words):
        return Choice(item, item.phrase.source)
    title = item.get("title")
    if not isinstance(title, Words):
        return None
    value = item.get("value") if item.has("value") else title.phrase.source
    return Choice(title, value, by_locale(item.get("also")), item.get("next"), item.get("description"))


def by_locale(value: Any) -> dict[str, tuple[str, ...]]:
    """Words by language; "" stands for every language."""
    if value is None:
        return {}
    if isinstance(value, str):
        return {"": (value,)}
    return dict(value) if isinstance(value, dict) else {"": tuple(value)}


def _from_data(record: Record) -> tuple[()] | ChoicesFrom:
    items, title = record.get("from"), record.get("title")
    if not isinstance(items, Condition) or not isinstance(title, Condition):
        return ()
    return ChoicesFrom(items, title, record.get("value") or title)


def _check_twins(made: list[Choice], items: tuple[Any, ...], notes: Notes) -> None:
    for kind, key in (("title", _title_of), ("value", _value_of)):
        seen: set[str] = set()
        for choice in made:
            word = key(choice)
            if word in seen:
                _twin(kind, choice, notes)
                break
            seen.add(word)
        else:
            continue
        return


def _title_of(choice: Choice) -> str:
    return choice.title.phrase.source.strip().casefold()


def _value_of(choice: Choice) -> str:
    return repr(choice.value)


def _twin(kind: str, choice: Choice, notes: Notes) -> None:
    written = next(item for item in notes.written if item.translated and item.key == choice.title.key)
    shown = choice.title.phrase.source if kind == "title" else choice.value
    notes.fault("T113", written.scalar, f'two choices have the {kind} "{shown}"', f"give each a {kind} of its own")
