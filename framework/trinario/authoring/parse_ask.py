"""The step `ask`: its type, its choices, and which of its keys go together."""

from decimal import Decimal
from typing import Any

from trinario.authoring.notes import Notes
from trinario.authoring.parse_bounds import bounds
from trinario.authoring.parse_code import code_keys, patience
from trinario.authoring.parse_doing import check_form
from trinario.authoring.parse_messages import delivery, feedback, messages, remind
from trinario.authoring.reader import Record
from trinario.authoring.spec.answers import OWN_EXITS
from trinario.engine.answer.scale import RATING
from trinario.engine.fold import fold
from trinario.expressions import Condition
from trinario.model.flow import Ask, Choice, ChoicesFrom, Words

_CHOOSING = ("choice", "multi_choice")


def ask(common: dict[str, Any], value: Any, record: Record, notes: Notes) -> Ask | None:
    """One question. Every pair of keys that does not go together is an issue."""
    kind = _type(record, notes)
    least, most = bounds(kind, record, notes)
    _check_retries(record, notes)
    _check_times(record, notes)
    _check_exits(kind, record, notes)
    if record.get("skip_if_known") and not record.has("save"):
        notes.fault("T014", record.nodes["skip_if_known"], "`skip_if_known` has to know where to look",
                    "write save: fields.<name>")  # fmt: skip
    step = Ask(
        **common,
        messages=messages(value, notes),
        type=kind,
        choices=choices(record.get("choices"), notes),
        save=record.get("save"),
        min=least,
        max=most,
        pattern=record.get("pattern"),
        error=record.get("error"),
        retries=record.get("retries"),
        timeout=record.get("timeout") or patience(kind, record),
        default=record.get("default"),
        skip_if_known=record.get("skip_if_known"),
        remind=remind(record.get("remind")),
        burst=record.get("burst") or None,
        change=record.get("change"),
        interrupt=record.get("interrupt") == "allow",
        button=record.get("button"),
        reply=bool(record.get("reply")),
        delivery=delivery(record.get("delivery")),
        feedback=feedback(record.get("feedback")),
        **code_keys(kind, record, notes),
    )
    _check_several(kind, step, record, notes)
    _check_feedback(kind, (least, most), record, notes)
    check_form(kind, step.messages, record, notes)
    return step


def _check_feedback(kind: str, scale: tuple[Any, Any], record: Record, notes: Notes) -> None:
    """The card has five marks, or those from 0 to 10."""
    if record.has("feedback") and kind != "nps" and (kind != "rating" or scale not in ((None, None), RATING)):
        notes.fault("T014", record.nodes["feedback"], "the card of a question has marks from 1 to 5, or from 0 to 10",
                    "write type: rating without min and max, or type: nps")  # fmt: skip


def _type(record: Record, notes: Notes) -> str:
    kind = str(record.get("type"))
    if not record.has("choices"):
        if kind in _CHOOSING:
            notes.fault("T014", record.nodes["type"], f"a question of the type {kind} needs `choices`",
                        "write choices: [Plants, Tools]")  # fmt: skip
        return kind
    if record.has("type") and kind not in _CHOOSING:
        hint = "leave `type` out: choices make it `choice`; several at once are type: multi_choice"
        notes.fault("T015", record.nodes["type"], f"`choices` do not go with the type {kind}", hint)
    return kind if kind in _CHOOSING else "choice"


def _check_several(kind: str, step: Ask, record: Record, notes: Notes) -> None:
    """What does not go with an answer of several choices."""
    if kind != "multi_choice" or not isinstance(step.choices, tuple):
        return
    if any(choice.next for choice in step.choices):
        notes.fault("T015", record.nodes["choices"], "a choice cannot lead anywhere by itself where several may be named",
                    "leave its `next` out, and branch on the answer below")  # fmt: skip
    for name, bound in (("min", step.min), ("max", step.max)):
        if isinstance(bound, Decimal) and not 1 <= bound <= len(step.choices):
            notes.fault("T021", record.nodes[name], f"of {len(step.choices)} choices nobody can name {bound}",
                        f"write a number from 1 to {len(step.choices)}")  # fmt: skip


def _check_retries(record: Record, notes: Notes) -> None:
    if record.has("retries") and not 0 <= (record.get("retries") or 0) <= 20:
        notes.fault("T021", record.nodes["retries"], "a question is asked again 0 to 20 times", "write retries: 2")


def _check_times(record: Record, notes: Notes) -> None:
    if record.has("default") and not record.has("timeout"):
        notes.warn("T015", record.nodes["default"], "`default` is saved on a time-out, and there is no `timeout`",
                   "write timeout: 2h beside it")  # fmt: skip
    nudge = remind(record.get("remind"))
    timeout = record.get("timeout")
    if nudge and timeout and nudge.after.elapsed >= timeout.elapsed:
        notes.fault("T015", record.nodes["remind"], f"the reminder after {nudge.after} comes too late: "
                    f"the question is over after {timeout}", "remind earlier")  # fmt: skip


def _check_exits(kind: str, record: Record, notes: Notes) -> None:
    for name, owner in OWN_EXITS.items():
        if record.has(f"on_{name}") and kind != owner:
            notes.fault("T015", record.nodes[f"on_{name}"], f"`on_{name}` goes with the type {owner} only",
                        f"write type: {owner}")  # fmt: skip
    if record.has("on_empty") and not isinstance(record.get("choices"), Record):
        notes.fault("T015", record.nodes["on_empty"], "`on_empty` goes with choices from data only", "leave it out")
    if record.has("on_timeout") and not record.has("timeout") and kind != "otp":
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
    return fold(choice.title.phrase.source)


def _value_of(choice: Choice) -> str:
    return repr(choice.value)


def _twin(kind: str, choice: Choice, notes: Notes) -> None:
    written = next(item for item in notes.written if item.translated and item.key == choice.title.key)
    shown = choice.title.phrase.source if kind == "title" else choice.value
    notes.fault("T113", written.scalar, f'two choices have the {kind} "{shown}"', f"give each a {kind} of its own")
