"""A segment's tree as one SQL condition over `contacts c`, with the same answers as the expression that it came from.

A fault of the expression is NULL. Where nobody tells NULL from FALSE (`strict` false) the shortest spelling is taken, which
an index can serve; under a `not`, and left of an `or`, faults are kept apart.
"""

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import assert_never

from sqlalchemy import Connection

from trinario.campaign.segment import (
    FAULT,
    Absent,
    All,
    AmongGiven,
    Any_,
    Begins,
    Compared,
    Depends,
    Field,
    Fixed,
    HasChannel,
    Holding,
    Lowered,
    No,
    OneOf,
    Other,
    Part,
    Question,
    Side,
    Standing,
    Sure,
    Tagged,
    Test,
    Trait,
    Truth,
)
from trinario.model.value import Value
from trinario.ports.campaigns import BEGUN
from trinario.store.moments import ms
from trinario.store.segment_dialects import Spelling
from trinario.store.segment_postgres import Postgres
from trinario.store.segment_probe import (
    BROKEN,
    FALSE,
    NOTHING,
    NULL,
    TRUE,
    Piece,
    Probe,
    Sql,
    both,
    either,
    held,
    judged,
    kind_of,
    put,
    sure,
)
from trinario.store.segment_sqlite import Sqlite
from trinario.store.segment_traits import probe_of

_PLACES = {"year": (1, 4), "month": (6, 2), "day": (9, 2), "hour": (12, 2), "minute": (15, 2)}
_CLOCK = {"hour": (1, 2), "minute": (4, 2)}

_STANDING = {
    "in_flow": "SELECT 1 FROM sessions s WHERE s.contact_id = c.id AND s.status IN ('waiting', 'aside') AND s.flow = {}",
    "received": "SELECT 1 FROM recipients r JOIN campaign_slots l ON l.id = r.slot WHERE r.contact_id = c.id AND r.state ="
    f" {BEGUN} AND l.campaign = {{}}",
    "enrolled": "SELECT 1 FROM enrolments e WHERE e.contact_id = c.id AND e.state = 'live' AND e.sequence = {}",
    "reachable": "SELECT 1 FROM identities i WHERE i.contact_id = c.id AND i.channel = {} AND (COALESCE(i.unreachable, '')"
    " = '' OR i.unreachable_until <= {})",
}

_SINCE = {"received": " AND r.at > {}"}
"""What is asked besides where it must have come about of late."""


def spelled_for(conn: Connection) -> Spelling:
    """The spelling of the database behind a connection."""
    return Sqlite() if conn.dialect.name == "sqlite" else Postgres()


class Asked:
    """A question in one database's words: `holds` where it is certain, `doubtful` are to be looked at one by one."""

    def __init__(self, question: Question, spelling: Spelling) -> None:
        self._question, self._in = question, spelling
        self._odd: dict[Sql, None] = {}
        self.holds = self._test(question.segment.test, strict=False)[0]
        self.doubtful = either(*self._odd)

    # ---- and, or, not: gives the SQL, and whether it may be NULL by a fault

    def _test(self, test: Test, *, strict: bool) -> tuple[Sql, bool]:
        match test:
            case Sure(holds=holds):
                return sure(holds), False
            case All(tests=tests):
                return self._all(tests, strict=strict)
            case Any_(tests=tests):
                return self._any(tests, strict=strict)
            case No(test=inner):
                found, fault = self._test(inner, strict=True)
                return put("(NOT {})", found), fault
            case Tagged(tag=tag):
                return self._tagged(tag), False
            case HasChannel(channel=channel):
                return self._has_channel(channel), False
            case Standing(fact=fact, name=name, within=within):
                return self._standing(fact, name, within), False
            case Depends(on=given):
                value = self._values(given)[0]
                return sure(None if value is FAULT else bool(value)), value is FAULT
            case Compared() | OneOf() | AmongGiven() | Holding() | Begins() | Absent() | Truth():
                return self._leaf(test, strict=strict)
            case _:
                assert_never(test)

    def _all(self, tests: Sequence[Test], *, strict: bool) -> tuple[Sql, bool]:
        if not strict:
            parts = [self._test(one, strict=False) for one in tests]
            return both(*(sql for sql, _ in parts)), any(fault for _, fault in parts)
        found, faulty = self._test(tests[-1], strict=True)
        for one in reversed(tests[:-1]):
            sql, fault = self._test(one, strict=True)
            found = (
                put("CASE {} WHEN TRUE THEN {} WHEN FALSE THEN FALSE END", sql, found) if fault else both(sql, found)
            )
            faulty = faulty or fault
        return found, faulty

    def _any(self, tests: Sequence[Test], *, strict: bool) -> tuple[Sql, bool]:
        found, faulty = self._test(tests[-1], strict=strict)
        for one in reversed(tests[:-1]):
            sql, fault = self._test(one, strict=True)
            if fault:
                found = put("CASE {} WHEN TRUE THEN TRUE WHEN FALSE THEN {} END", sql, found)
            else:
                found = either(sql if strict else self._test(one, strict=False)[0], found)
            faulty = faulty or fault
        return found, faulty

    # ---- tests of one thing

    def _leaf(
        self, test: Compared | OneOf | AmongGiven | Holding | Begins | Absent | Truth, *, strict: bool
    ) -> tuple[Sql, bool]:
        probe = self._probe(test.whole if isinstance(test, Holding) else test.left)
        if probe.odd and probe.odd != FALSE:
            self._odd[probe.odd] = None
        match test:
            case Compared(sign=sign, right=right):
                return self._compared(probe, sign, self._values(right), strict=strict)
            case OneOf(among=among):
                return self._one_of(probe, [self._values(one) for one in among], strict=strict)
            case AmongGiven(among=given):
                return self._among(probe, self._values(given)[0], strict=strict)
            case Holding(part=part):
                return self._holding(probe, self._values(part)[0], strict=strict)
            case Begins(part=text, ends=ends):
                return self._begins(probe, text, ends, strict=strict)
            case Absent(empty=empty):
                return self._absent(probe, empty), probe.void is BROKEN
            case Truth():
                return probe.truth, False

    def _values(self, other: Other) -> tuple[Value, ...]:
        return (other.value,) if isinstance(other, Fixed) else self._question.values[other.number]

    def _compared(self, probe: Probe, sign: str, values: tuple[Value, ...], *, strict: bool) -> tuple[Sql, bool]:
        if FAULT in values:
            return NULL, True
        if len(values) > 1:
            self._doubt(probe, values)
        return _against(probe, sign, values[:1], strict=strict)

    def _doubt(self, probe: Probe, values: tuple[Value, ...]) -> None:
        """Where the clock of each contact decides, who lies between the least and the greatest moment is looked at."""
        low, high = min(values), max(values)
        above, _ = _against(probe, "gteq", (low,), strict=False)
        below, _ = _against(probe, "lteq", (high,), strict=False)
        self._odd[both(above, below)] = None

    def _one_of(self, probe: Probe, among: Sequence[tuple[Value, ...]], *, strict: bool) -> tuple[Sql, bool]:
        if any(FAULT in values for values in among):
            return NULL, True
        for values in among:
            if len(values) > 1:
                self._doubt(probe, values)
        return _against(probe, "eq", tuple(values[0] for values in among), strict=strict)

    def _among(self, probe: Probe, whole: Value, *, strict: bool) -> tuple[Sql, bool]:
        if isinstance(whole, list | tuple):
            return _against(probe, "eq", tuple(whole), strict=strict)
        return (FALSE, False) if whole is None else (NULL, True)

    def _holding(self, probe: Probe, part: Value, *, strict: bool) -> tuple[Sql, bool]:
        if part is FAULT:
            return NULL, True
        if part is None:
            return FALSE, False
        cases: list[tuple[Sql, Sql]] = []
        for piece in probe.kinds.get("text", ()):
            cases.append((piece.guard, self._in.within(piece.text, part) if isinstance(part, str) else NULL))
        if probe.items is not None:
            found = probe.items(part)
            cases.append((probe.array, FALSE if found is None else found))
            if found is None:
                self._odd[probe.array] = None
        if probe.groups:
            self._odd[probe.groups] = None
        return _cases(probe, cases, held(probe.default, part), FALSE, NULL, strict=strict), True

    def _begins(self, probe: Probe, text: str, ends: bool, *, strict: bool) -> tuple[Sql, bool]:
        def says(value: Value) -> bool | None:
            return (value.endswith(text) if ends else value.startswith(text)) if isinstance(value, str) else None

        cases = [(piece.guard, self._in.begins(piece.text, text, ends)) for piece in probe.kinds.get("text", ())]
        return _cases(probe, cases, says(probe.default), sure(says(probe.void)), NULL, strict=strict), True

    def _absent(self, probe: Probe, empty: bool) -> Sql:
        missing = probe.default is None or (empty and probe.default in ("", [], {}))
        found = either(probe.none, probe.missing if missing else NOTHING, probe.empty if empty else NOTHING)
        return (
            found
            if not probe.missing or missing
            else both(put("NOT {}", probe.missing), put("COALESCE({}, FALSE)", found))
        )

    def _tagged(self, tag: Other | None) -> Sql:
        if tag is None:
            return Sql("c.tags <> '[]'")
        value = self._values(tag)[0]
        return self._in.tagged(value) if isinstance(value, str) else FALSE

    def _has_channel(self, channel: Other) -> Sql:
        value = self._values(channel)[0]
        if not isinstance(value, str):
            return FALSE
        asked = "EXISTS (SELECT 1 FROM identities i WHERE i.contact_id = c.id AND i.channel = {})"
        return put(asked, self._in.value(value, "text"))

    def _standing(self, fact: str, name: str, within: int) -> Sql:
        given, asked = [self._in.value(name, "text")], _STANDING[fact]
        if fact == "reachable":
            given.append(self._in.value(ms(self._question.now), "whole"))
        if within:
            asked += _SINCE[fact]
            given.append(self._in.value(ms(self._question.now) - within * 1000, "whole"))
        return put("EXISTS (" + asked + ")", *given)

    # ---- sides

    def _probe(self, side: Side) -> Probe:
        match side:
            case Field(name=name, default=default):
                return self._field(name, default)
            case Trait():
                return probe_of(side, self._in, self._question)
            case Lowered(side=inner, method=method):
                return self._lowered(self._probe(inner), method)
            case Part(side=inner, name=name):
                return self._part(self._probe(inner), name)
            case _:
                assert_never(side)

    def _field(self, name: str, default: Value) -> Probe:
        this = self._in
        missing = this.field_missing(name)
        truth = this.field_truth(name)
        return Probe(
            kinds=this.field_kinds(name),
            none=this.field_none(name),
            missing=missing,
            default=default,
            truth=either(both(missing, sure(bool(default))), truth) if default else truth,
            empty=this.field_empty(name),
            items=lambda item: this.field_items(name, item),
            array=this.field_list(name),
            groups=this.field_group(name),
        )

    def _lowered(self, probe: Probe, method: bool) -> Probe:
        """In small letters; whoever has some that the database does not know is looked at by herself."""
        this = self._in

        def small(piece: Piece) -> Piece:
            text = this.lower(piece.text)

            def against(sign: str, value: Value) -> Sql:
                like = this.like_lower(piece.text, value) if sign == "eq" else TRUE
                return both(like, put(f"{{}} {_SIGNS[sign]} {{}}", text, this.value(value, "text")))

            return Piece(piece.guard, against, text)

        texts = probe.kinds.get("text", ())
        guard = either(*(piece.guard for piece in texts))
        strange = [(piece.guard, this.beyond_lower(piece.text)) for piece in texts]
        beyond = [both(sure_text, sql) for sure_text, sql in strange if sql != FALSE]
        others = NOTHING
        if probe.missing:  # a field may hold what is no text, which the filter prints
            others = both(
                put("NOT COALESCE({}, FALSE)", guard),
                put("NOT COALESCE({}, FALSE)", probe.none),
                put("NOT {}", probe.missing),
            )
        default = probe.default
        void: Value = BROKEN if method else ""
        lowered = default.lower() if isinstance(default, str) else void if default is None else BROKEN
        return Probe(
            kinds={"text": tuple(map(small, texts))}, none=probe.none, missing=probe.missing, default=lowered, void=void,
            strict=method, odd=either(*beyond, *([] if method else [others])),
        )  # fmt: skip

    def _part(self, probe: Probe, name: str) -> Probe:
        """Digits of a day or an hour, as they were written."""
        pieces = []
        for kind, places in (("datetime", _PLACES), ("date", _PLACES), ("time", _CLOCK)):
            if name in places and not (kind == "date" and name in _CLOCK):
                pieces += [self._digits(piece, *places[name]) for piece in probe.kinds.get(kind, ())]
        default = getattr(probe.default, name, None) if isinstance(probe.default, date | time) else None
        known = Decimal(default) if isinstance(default, int) else BROKEN
        return Probe({"number": tuple(pieces)}, probe.none, probe.missing, known, void=BROKEN, strict=True)

    def _digits(self, piece: Piece, start: int, length: int) -> Piece:
        digits = self._in.part(piece.text, start, length)

        def against(sign: str, value: Value) -> Sql:
            number = Decimal(value)
            whole = number.to_integral_value("ROUND_FLOOR")
            if abs(whole) > 10**9:
                return sure(judged(Decimal(0), sign, number))
            if whole != number:  # 5.5: less is 5 and less, more is 6 and more
                if sign == "eq":
                    return FALSE
                whole, sign = (whole, "lteq") if sign in ("lt", "lteq") else (whole + 1, "gteq")
            return put(f"{{}} {_SIGNS[sign]} {int(whole)}", digits)

        return Piece(piece.guard, against)


_WITHOUT_ORDER = frozenset({"yes_no", "list", ""})
_SIGNS = {"eq": "=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}


def _against(probe: Probe, sign: str, values: tuple[Value, ...], *, strict: bool) -> tuple[Sql, bool]:
    """`probe sign value`; of several values, whether one of them is equal."""
    cases, kinds = [], dict.fromkeys(kind_of(value) for value in values if value is not None)
    for kind in kinds if sign == "eq" else kinds.keys() - _WITHOUT_ORDER:
        mine = [value for value in values if value is not None and kind_of(value) == kind]
        for piece in probe.kinds.get(kind, ()):
            cases.append((piece.guard, either(*(piece.against(sign, value) for value in mine))))
    if probe.strict and sign == "eq":  # it is there, and equal to nothing of another kind
        cases += [(piece.guard, FALSE) for kind in probe.kinds.keys() - kinds.keys() for piece in probe.kinds[kind]]
    verdicts = [judged(probe.default, sign, value) for value in values]
    missing = _one(verdicts, probe.default)
    void = _one([judged(probe.void, sign, value) for value in values], probe.void)
    others = NULL if probe.strict or (sign != "eq" and values != (None,)) else FALSE
    sql = _cases(probe, cases, missing, sure(void), others, strict=strict)
    return sql, others == NULL or missing is None or void is None


def _one(verdicts: Sequence[bool | None], value: Value) -> bool | None:
    """Whether one holds; of what cannot be worked out nothing can be said, not even that it is equal to none of none."""
    if True in verdicts:
        return True
    return None if None in verdicts or value is BROKEN else False


def _cases(
    probe: Probe, cases: Sequence[tuple[Sql, Sql]], missing: bool | None, void: Sql, others: Sql, *, strict: bool
) -> Sql:
    """One test over what she may have: nothing saved, an empty value, a value of a kind that fits, or another."""
    if not strict:
        found = [both(guard, sql) for guard, sql in cases]
        found.append(both(probe.missing, sure(missing)) if probe.missing and missing else NOTHING)
        found.append(probe.none if void == TRUE else NOTHING)
        return either(*found)
    whens = [(probe.missing, sure(missing))] if probe.missing else []
    whens += [(probe.none, void), *cases]
    text = "CASE " + "WHEN {} THEN {} " * len(whens) + "ELSE {} END"
    return put(text, *(piece for when in whens for piece in when), others)
