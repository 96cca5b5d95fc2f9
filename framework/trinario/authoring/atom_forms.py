"""How scalars with a form of their own are read: times, paths, patterns, addresses of teams; each with its mend."""

import re
from collections.abc import Callable
from typing import Any

import re2

from trinario.authoring.atom_texts import Reader, read_condition
from trinario.authoring.forms import BAD
from trinario.authoring.near import mend
from trinario.authoring.nodes import Scalar
from trinario.authoring.notes import Mention, Notes, Path
from trinario.authoring.scalar_times import duration
from trinario.authoring.scalars import READERS
from trinario.authoring.unreadable import Unreadable
from trinario.campaign.schedule import parse_cron
from trinario.expressions import compile_condition
from trinario.model.duration import Duration

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_DATED = re.compile(
    r"\s*(?:[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})(?![0-9])", re.ASCII
)
_WRITABLE = re.compile(
    r"(vars|fields|answers)\.[a-z][a-z0-9_]*|contact\.(language|timezone|preferred_channel)", re.ASCII
)


def scalar_reader(kind: str) -> Reader:
    """One of the readers of single values, which know the mend."""
    return reader_of(READERS[kind])


def reader_of(function: Callable[[str], Any]) -> Reader:
    """A reader made of a function of the text that raises Unreadable."""

    def reader(scalar: Scalar, path: Path, notes: Notes) -> Any:
        try:
            return function(scalar.text)
        except Unreadable as fault:
            notes.fault(fault.code, scalar, fault.message, fault.hint)
            return BAD

    return reader


def read_duration(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """A span of time that is not less than nothing."""
    span = scalar_reader("duration")(scalar, path, notes)
    if span is not BAD and (span.days < 0 or span.seconds < 0):
        notes.fault("T021", scalar, f"{scalar.text} is less than nothing", "leave the - out")
        return BAD
    return span


def read_until(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """A date as people write it is the expression that gives it."""
    if not _DATED.match(scalar.text):
        return read_condition(scalar, path, notes)
    moment = scalar_reader("date_or_datetime")(scalar, path, notes)
    return BAD if moment is BAD else compile_condition(f"'{moment.isoformat()}'")


def read_path(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """What may be written to: `vars.x`, `fields.x`, `answers.x` and three of the contact."""
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


def read_late(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """None for `send`; the duration after which it is dropped for `skip after ...`."""
    if scalar.text == "send":
        return None
    match = re.fullmatch(r"skip after (.+)", scalar.text)
    if match is None:
        notes.fault("T021", scalar, f'"{scalar.text}" is not what `late` can be', "write send, or skip after 3h")
        return BAD
    return _after(scalar, match, notes, "would leave everybody out", "write a time, like skip after 3h, or send")


def read_again(scalar: Scalar, path: Path, notes: Notes) -> Any:
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


def read_span(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """Minutes of the day at which it begins and ends; the end may lie before the beginning (over midnight)."""
    times = scalar_reader("time_range")(scalar, path, notes)
    return BAD if times is BAD else (times[0].hour * 60 + times[0].minute, times[1].hour * 60 + times[1].minute)


def read_notified(scalar: Scalar, path: Path, notes: Notes) -> Any:
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


def read_cron(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """The line itself, once it is known to mean something."""
    try:
        parse_cron(scalar.text)
    except ValueError as fault:
        reason, _, hint = str(fault).partition(": ")
        notes.fault("T021", scalar, reason, hint)
        return BAD
    return " ".join(scalar.text.split())


def read_clock(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """Minutes of the day."""
    found = scalar_reader("time")(scalar, path, notes)
    return BAD if found is BAD else found.hour * 60 + found.minute
