"""What is asked of a contact besides her fields: names, language, times, permission, windows, where she is."""

from dataclasses import replace
from datetime import datetime

from trinario.campaign.segment import Question, Trait
from trinario.model.contact import PREFERS, WISHES
from trinario.store.segment_dialects import Spelling
from trinario.store.segment_probe import (
    FALSE,
    SIGNS,
    Against,
    Piece,
    Probe,
    Sql,
    against_ms,
    both,
    either,
    micros,
    put,
)

_TEXTS = {
    "first_name": "c.first_name", "last_name": "c.last_name", "timezone": "c.timezone", "owner": "c.owner",
    "channel_name": "c.channel",
}  # fmt: skip
_MOMENTS = {"created_at": "c.created_at", "last_seen_at": "c.last_seen_at"}


def probe_of(trait: Trait, spelling: Spelling, question: Question) -> Probe:
    """Where a trait lies."""
    name = trait.name
    if name in _TEXTS:
        return _text(Sql(_TEXTS[name]), spelling)
    if name in _MOMENTS:
        return _moment(Sql(_MOMENTS[name]))
    if name == "last_heard":
        return _moment(spelling.count("c.last_heard", trait.of))
    if name == "id":
        return Probe({"number": (Piece(Sql("TRUE"), _whole(Sql("c.id"))),)}, FALSE, truth=Sql("TRUE"))
    if name in ("consent", "wants", "window_open", "channel_window_open"):
        return replace(_flag(_flag_of(trait, spelling, question)), odd=moved(trait, spelling, question))
    column = _worked_out(name, spelling, question)
    if name == "country":  # it is looked up for each person: once is enough
        return _text(column, spelling, Sql("TRUE"))
    return _text(column, spelling)


def _worked_out(name: str, spelling: Spelling, question: Question) -> Sql:
    match name:
        case "language":
            return put("COALESCE(NULLIF(c.language, ''), {})", spelling.value(question.locale, "text"))
        case "name":
            return Sql("(COALESCE(c.first_name, '') || CASE WHEN c.first_name <> '' AND c.last_name <> '' THEN ' ' ELSE ''"
                       " END || COALESCE(c.last_name, ''))")  # fmt: skip
        case "country":
            return Sql(
                "(SELECT i.country FROM identities i WHERE i.contact_id = c.id AND i.country <> '' ORDER BY i.id LIMIT 1)"
            )
        case "preferred_channel":
            return put("COALESCE(NULLIF({}, ''), {})", spelling.latest(WISHES), spelling.latest(PREFERS))
        case "channel_platform":
            return _by_channel(
                {name: spelling.value(one, "text") for name, one in question.platforms.items()}, spelling
            )
    raise AssertionError(f"no column is known for {name}")


def _flag_of(trait: Trait, spelling: Spelling, question: Question) -> Sql:
    match trait.name:
        case "consent":
            return spelling.flag("c.consent", trait.of)
        case "wants":
            own, whole = (spelling.flag("c.consent", key) for key in (f"{trait.of}@{trait.on}", trait.of))
            return put("COALESCE({}, {})", own, whole)
        case "window_open":
            return _open(trait.of, spelling, question)
    cases = {name: _open(name, spelling, question) for name in question.windows}
    return put("COALESCE({}, FALSE)", _by_channel(cases, spelling))


def _open(channel: str, spelling: Spelling, question: Question) -> Sql:
    """Whether the window of a channel is open: what she wrote there lies less than so many seconds back."""
    if channel not in question.windows:
        return FALSE
    return put(
        "COALESCE({} > {}, FALSE)",
        spelling.count("c.last_heard", channel),
        spelling.value(_opened(question.now, channel, question), "whole"),
    )


def _opened(moment: datetime, channel: str, question: Question) -> int:
    """Since when (ms) one must have written for the window to be open at a moment."""
    return micros(moment) // 1000 - question.windows[channel] * 1000


def moved(trait: Trait, spelling: Spelling, question: Question) -> Sql:
    """Those whose window has shut since the question's `since`."""
    names = [trait.of] if trait.name == "window_open" else list(question.windows)
    if question.since is None or trait.name not in ("window_open", "channel_window_open"):
        return FALSE
    found = []
    for name in names:
        heard = spelling.count("c.last_heard", name)
        bounds = [spelling.value(_opened(at, name, question), "whole") for at in (question.since, question.now)]
        found.append(put("({} > {} AND {} <= {})", heard, bounds[0], heard, bounds[1]))
    return either(*found)


def _by_channel(cases: dict[str, Sql], spelling: Spelling) -> Sql:
    """One value for each channel on which she may have written last; NULL elsewhere."""
    if not cases:
        return Sql("NULL")
    whens = [piece for name, value in cases.items() for piece in (spelling.value(name, "text"), value)]
    return put("CASE c.channel " + "WHEN {} THEN {} " * len(cases) + "END", *whens)


def _text(column: Sql, spelling: Spelling, guard: Sql | None = None) -> Probe:
    shown = Sql(spelling.text(column.text).text, column.values)
    there = guard or put("{} IS NOT NULL", column)

    def against(sign: str, value: object) -> Sql:
        return put(f"{{}} {SIGNS[sign]} {{}}", shown, spelling.value(value, "text"))

    filled = put("{} <> ''", column)
    return Probe(
        {"text": (Piece(there, against, shown),)},
        put("{} IS NULL", column),
        truth=put("COALESCE({}, FALSE)", filled),
        empty=put("{} = ''", column),
    )


def _moment(column: Sql) -> Probe:
    there = put("{} IS NOT NULL", column)
    return Probe({"datetime": (Piece(there, against_ms(column)),)}, put("{} IS NULL", column), truth=there)


def _flag(value: Sql) -> Probe:
    there = put("({}) IS NOT NULL", value)

    def against(sign: str, given: object) -> Sql:
        return put("({}) IS " + ("TRUE" if given else "FALSE"), value)

    return Probe({"yes_no": (Piece(there, against),)}, put("({}) IS NULL", value), truth=put("({}) IS TRUE", value))


def _whole(column: Sql) -> Against:
    def against(sign: str, value: object) -> Sql:
        number = int(value)  # type: ignore[call-overload]
        if number != value:
            if sign == "eq":
                return FALSE
            number, sign = (number, "lteq") if sign in ("lt", "lteq") else (number, "gt")
        if abs(number) >= 2**63:
            return both(Sql("TRUE" if (number > 0) == (sign in ("lt", "lteq")) and sign != "eq" else "FALSE"))
        return put(f"{{}} {SIGNS[sign]} {number}", column)

    return against
