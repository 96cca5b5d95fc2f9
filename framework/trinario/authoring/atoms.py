"""How each kind of scalar is read: the text of the file to a typed value, or BAD with an issue; never raises."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import re2

from trinario.authoring.amounts import amount, pace, wall_time
from trinario.authoring.forms import BAD, read_text
from trinario.authoring.near import mend
from trinario.authoring.nodes import Mapping, Node, Scalar
from trinario.authoring.notes import Mention, Notes, Path, Written, words_key
from trinario.authoring.scalars import READERS, Unreadable, duration
from trinario.authoring.spec.kinds import Atom
from trinario.campaign.schedule import parse_cron
from trinario.errors import PhraseError
from trinario.expressions import compile_condition, compile_phrase
from trinario.model.duration import Duration
from trinario.model.flow import Words

Reader = Callable[[Scalar, Path, Notes], Any]

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_DATED = re.compile(
    r"\s*(?:[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})(?![0-9])", re.ASCII
)
_WRITABLE = re.compile(
    r"(vars|fields|answers)\.[a-z][a-z0-9_]*|contact\.(language|timezone|preferred_channel)", re.ASCII
)


def read_atom(kind: Atom, node: Node, path: Path, notes: Notes) -> Any:
    """The typed value of a scalar of this kind (an `Atom`), or BAD. What it refers to is noted as a Mention."""
    if kind.name == "live_tree":
        return read_live(node, path, notes)
    if kind.json == "scalar" and not isinstance(node, Scalar):
        return read_value(node, path, notes)
    if read_text(node, notes, kind.about, empty=kind.json == "scalar") is BAD or not isinstance(node, Scalar):
        return BAD
    value = _READERS[kind.name](node, path, notes) if kind.name in _READERS else _matching(kind, node, notes)
    if value is not BAD and not _within(kind, value):
        notes.fault("T021", node, f'"{node.text}" is not {kind.about}', f"write {kind.about}")
        return BAD
    if value is not BAD and kind.refers:
        notes.mentions.append(Mention(kind.refers, node.text, node, path))
    return value


def _within(kind: Atom, value: Any) -> bool:
    return (kind.least is None or value >= kind.least) and (kind.most is None or value <= kind.most)


def _matching(kind: Atom, scalar: Scalar, notes: Notes) -> Any:
    if kind.pattern and not kind.refers and not re.search(kind.pattern, scalar.text, re.ASCII):
        notes.fault("T021", scalar, f'"{scalar.text}" is not {kind.about}', f"write {kind.about}")
        return BAD
    return scalar.text


def _scalar(kind: str) -> Reader:
    """One of the readers of single values, which know the mend."""
    return _read_by(READERS[kind])


def _read_by(function: Callable[[str], Any]) -> Reader:
    def reader(scalar: Scalar, path: Path, notes: Notes) -> Any:
        try:
            return function(scalar.text)
        except Unreadable as fault:
            notes.fault(fault.code, scalar, fault.message, fault.hint)
            return BAD

    return reader


def _phrase(kind: str) -> Reader:
    def reader(scalar: Scalar, path: Path, notes: Notes) -> Any:
        text = compiled(compile_phrase, scalar, scalar.text, notes)
        if text is not BAD:
            notes.written.append(Written(text, scalar, path, kind))
        return text

    return reader


def _condition(scalar: Scalar, path: Path, notes: Notes) -> Any:
    text = compiled(compile_condition, scalar, scalar.text, notes)
    if text is not BAD:
        notes.written.append(Written(text, scalar, path, "condition"))
    return text


def _result(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """What a flow gives back is written without braces, and kept as the phrase that keeps its type."""
    if "{{" in scalar.text:
        return _READERS["phrase"](scalar, path, notes)
    text = compiled(compile_phrase, scalar, "{{ " + scalar.text + " }}", notes, shift=3)
    if text is not BAD:
        notes.written.append(Written(text, scalar, path, "phrase", shift=3))
    return text


def compiled(compiler: Callable[[str], Any], scalar: Scalar, source: str, notes: Notes, shift: int = 0) -> Any:
    """The phrase or condition, or BAD with an issue at the very character."""
    try:
        return compiler(source)
    except PhraseError as error:
        notes.fault_within("T030", scalar, error.offset - shift, error.length, error.reason, error.hint)
        return BAD


def _words(scalar: Scalar, path: Path, notes: Notes) -> Any:
    text = _phrase("words")(scalar, path, notes)
    return BAD if text is BAD else Words(words_key(path), text)


def _title(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """The bare title of a choice has the key that it would have if it were written out."""
    text = _phrase("title")(scalar, (*path, "title"), notes)
    return BAD if text is BAD else Words(words_key((*path, "title")), text)


def read_value(node: Node, path: Path, notes: Notes) -> Any:
    """A plain value: a number, true or false, nothing, or a text; a list or mapping of such."""
    if isinstance(node, Scalar):
        return plain_value(node)
    if isinstance(node, Mapping):
        return {key.text: read_value(item, (*path, key.text), notes) for key, item in node.pairs}
    return [read_value(item, (*path, str(number)), notes) for number, item in enumerate(node.items)]


def _live_value(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """A text with expressions is a phrase; anything else a plain value."""
    if "{{" in scalar.text or "{%" in scalar.text:
        return _READERS["phrase"](scalar, path, notes)
    return plain_value(scalar)


def read_live(node: Node, path: Path, notes: Notes) -> Any:
    """As `read_value`, with phrases where texts hold expressions; BAD when one of them cannot be read."""
    if isinstance(node, Scalar):
        return _live_value(node, path, notes)
    made: Any
    if isinstance(node, Mapping):
        made = {key.text: read_live(item, (*path, key.text), notes) for key, item in node.pairs}
        return BAD if any(item is BAD for item in made.values()) else made
    made = [read_live(item, (*path, str(number)), notes) for number, item in enumerate(node.items)]
    return BAD if any(item is BAD for item in made) else made


def _request(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """(method, address as a phrase) of `POST https://...`."""
    match = re.match(r"(GET|POST|PUT|PATCH|DELETE|HEAD) +(?=\S)", scalar.text)
    if match is None:
        word = scalar.text.split(maxsplit=1)[0]
        hint = "write the method first: GET https://..., or POST https://..."
        if word.upper() in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"):
            hint = f"write {word.upper()}, a space, and the address: {word.upper()} https://cal.example/holds"
        notes.fault("T050", scalar, f'"{scalar.text[:60]}" does not say with which method what is called', hint)
        return BAD
    text = compiled(compile_phrase, scalar, scalar.text[match.end() :].rstrip(), notes, shift=-match.end())
    if text is not BAD:
        notes.written.append(Written(text, scalar, path, "phrase", shift=-match.end()))
    return BAD if text is BAD else (match[1], text)


def _fixed(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """The text as it stands: braces would be taken literally, which nobody wants."""
    for braces in ("{{", "{%"):
        if braces in scalar.text:
            at = scalar.text.index(braces)
            notes.fault_within("T021", scalar, at, len(scalar.text) - at, f"nothing is worked out here, so {braces} would stay as it is",
                               "write plain words; what is worked out goes into a field or a variable, with `set`")  # fmt: skip
            return BAD
    return scalar.text


def _fixed_value(scalar: Scalar, path: Path, notes: Notes) -> Any:
    return BAD if _fixed(scalar, path, notes) is BAD else plain_value(scalar)


def _duration(scalar: Scalar, path: Path, notes: Notes) -> Any:
    span = _scalar("duration")(scalar, path, notes)
    if span is not BAD and (span.days < 0 or span.seconds < 0):
        notes.fault("T021", scalar, f"{scalar.text} is less than nothing", "leave the - out")
        return BAD
    return span


def _until(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """A date as people write it is the expression that gives it."""
    if not _DATED.match(scalar.text):
        return _condition(scalar, path, notes)
    moment = _scalar("date_or_datetime")(scalar, path, notes)
    return BAD if moment is BAD else compile_condition(f"'{moment.isoformat()}'")


def _path(scalar: Scalar, path: Path, notes: Notes) -> Any:
    if _WRITABLE.fullmatch(scalar.text):
        notes.mentions.append(Mention("path", scalar.text, scalar, path))
        return scalar.text
    root, _, rest = scalar.text.partition(".")
    if not rest and _NAME.fullmatch(root):
        hint = f"say where it belongs: vars.{root} or fields.{root}"
    else:
        hint = mend(
            scalar.text,
            ("contact.language", "contact.timezone", "contact.preferred_channel"),
            "writable are vars.x, fields.x, answers.x,",
        )
    notes.fault("T021", scalar, f'"{scalar.text}" cannot be written to', hint)
    return BAD


def read_regex(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """The pattern itself, or BAD when the engine that runs it does not take it."""
    try:
        options = re2.Options()
        options.log_errors = False
        re2.compile(scalar.text, options)
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error.args[0])
        hint = "put a \\ before a sign that stands for itself; (?=...) and \\1 are not available"
        notes.fault("T021", scalar, f"this is no regular expression: {reason}", hint)
        return BAD
    return scalar.text


def _late(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """None for `send`; the duration after which it is dropped for `skip after ...`."""
    if scalar.text == "send":
        return None
    match = re.fullmatch(r"skip after (.+)", scalar.text)
    if match is None:
        notes.fault("T021", scalar, f'"{scalar.text}" is not what `late` can be', "write send, or skip after 3h")
        return BAD
    return _after(scalar, match, notes, "would leave everybody out", "write a time, like skip after 3h, or send")


def _again(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """None for `never`, a duration of nothing for `always`; else how long after the end of her last time."""
    if scalar.text in ("never", "always"):
        return None if scalar.text == "never" else Duration()
    match = re.fullmatch(r"after (.+)", scalar.text)
    if match is None:
        hint = "write never, always, or after 30d"
        notes.fault("T021", scalar, f'"{scalar.text}" is not what `again` can be', hint)
        return BAD
    return _after(scalar, match, notes, "is at once", "write again: always, or a time, like after 30d")


def _after(scalar: Scalar, match: re.Match[str], notes: Notes, none: str, hint: str) -> Any:
    """The duration that ends the text; `none` and `hint` say why it may not be nothing."""
    try:
        after = duration(match[1])
    except Unreadable as fault:
        notes.fault_within(fault.code, scalar, match.start(1), len(match[1]), fault.message, fault.hint)
        return BAD
    if after == Duration():
        notes.fault("T021", scalar, f'"{scalar.text}" {none}', hint)
        return BAD
    return after


def _span(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """Minutes of the day at which it begins and ends; the end may lie before the beginning (over midnight)."""
    times = _scalar("time_range")(scalar, path, notes)
    return BAD if times is BAD else (times[0].hour * 60 + times[0].minute, times[1].hour * 60 + times[1].minute)


def _address(scalar: Scalar, path: Path, notes: Notes) -> Any:
    text = scalar.text
    if text.startswith("http://"):
        notes.fault("T021", scalar, "an address has to begin with https://", f"write https://{text[7:]}")
        return BAD
    if " " in text.strip() and "{{" not in text:
        notes.fault("T021", scalar, "there is a space in this address", "write it without, or as %20")
        return BAD
    return _READERS["phrase"](scalar, path, notes)


def _notified(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """An address as it stands; anything without a colon is the name of a team."""
    text = scalar.text.strip()
    if ":" not in text and "@" not in text:
        notes.mentions.append(Mention("notified", text, scalar, path))
        return text
    if re.fullmatch(r"mailto:[^@\s,]+@[^@\s,]+\.[^@\s,]+|https://[^\s/]+\S*", text):
        return text
    hint = (
        f"write mailto:{text}"
        if re.fullmatch(r"[^@\s:]+@[^@\s:]+", text)
        else "write a team, mailto:... or https://..."
    )
    notes.fault("T021", scalar, f'"{text}" is no address', hint)
    return BAD


def _cron(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """The line itself, once it is known to mean something."""
    try:
        parse_cron(scalar.text)
    except ValueError as fault:
        reason, _, hint = str(fault).partition(": ")
        notes.fault("T021", scalar, reason, hint)
        return BAD
    return " ".join(scalar.text.split())


def _clock(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """Minutes of the day."""
    found = _scalar("time")(scalar, path, notes)
    return BAD if found is BAD else found.hour * 60 + found.minute


def _per(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """`contact`, `post`, or a condition that gives the value."""
    return scalar.text if scalar.text in ("contact", "post") else _condition(scalar, path, notes)


_READERS: dict[str, Reader] = {
    "phrase": _phrase("phrase"),
    "words": _words,
    "title": _title,
    "condition": _condition,
    "result": _result,
    "live_value": _live_value,
    "request": _request,
    "bound": _live_value,
    "value": lambda scalar, path, notes: plain_value(scalar),
    "nothing": lambda scalar, path, notes: plain_value(scalar),
    "number": _scalar("number"),
    "whole": _scalar("integer"),
    "true_false": _scalar("boolean"),
    "duration": _duration,
    "kept": lambda scalar, path, notes: "always" if scalar.text == "always" else _duration(scalar, path, notes),
    "offset": _scalar("duration"),
    "until": _until,
    "word": _fixed,
    "tag": _fixed,
    "fixed": _fixed_value,
    "moment": _scalar("datetime"),
    "date": _scalar("date"),
    "name": _scalar("name"),
    "zone": _scalar("zone"),
    "her_zone": lambda scalar, path, notes: None if scalar.text == "contact" else _scalar("zone")(scalar, path, notes),
    "locale": _scalar("locale"),
    "by_locale": _scalar("locale"),
    "path": _path,
    "regex": read_regex,
    "cron": _cron,
    "notified": _notified,
    "clock": _clock,
    "per": _per,
    "span": _span,
    "late": _late,
    "again": _again,
    "address": _address,
    "pace": _read_by(pace),
    "amount": _read_by(amount),
    "wall_time": _read_by(wall_time),
}


_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]+)?|\.[0-9]+)", re.ASCII)


def plain_value(scalar: Scalar) -> Any:
    """What a value means that may be anything: an unquoted number, true, false or nothing, else the text itself."""
    text = scalar.text
    if scalar.quoted:
        return text
    if scalar.is_empty:
        return None
    if text in ("true", "false"):
        return text == "true"
    # 0123 and +39... are a postcode and a phone number
    return Decimal(text) if _NUMBER.fullmatch(text) and not re.match(r"\+|-?0[0-9]", text) else text
