"""Values as sessions keep them, and what a declared type takes."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.worlds import Person, ask, bot, c, d, flow, send
from trinario.engine.values import kept, typed
from trinario.errors import EvaluationError
from trinario.model.flow import ExitWhen, Trigger, Wait
from trinario.model.value import pack, unpack

MOMENT = datetime(2026, 3, 2, 10, tzinfo=UTC)


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**20), max_value=10**20)
    | st.floats(-1e9, 1e9)
)
def test_numbers_stay_what_they_are(number: Any) -> None:
    assert str(kept(number)) == str(kept(unpack(pack(kept(number)))))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"x", 1j])
def test_what_no_session_can_keep(value: object) -> None:
    with pytest.raises(EvaluationError):
        kept(value)


def test_lists_and_mappings() -> None:
    deep: list[Any] = []
    for _ in range(20):
        deep = [deep]
    with pytest.raises(EvaluationError):
        kept(deep)
    assert kept({1: (1, 2.50), "s": {"b", "a"}}) == {"1": [Decimal(1), Decimal("2.5")], "s": ["a", "b"]}
    assert kept([None, True, MOMENT, time(9)]) == [None, True, MOMENT, time(9)]


@pytest.mark.parametrize(
    ("value", "kind", "made"),
    [
        ("12.50", "number", Decimal("12.5")), (Decimal(3), "text", "3"), (date(2026, 3, 2), "text", "2026-03-02"),
        ("yes", "yes_no", True), ("0", "yes_no", False), (True, "yes_no", True), ("2026-03-02", "date", date(2026, 3, 2)),
        (MOMENT, "date", date(2026, 3, 2)), (MOMENT, "datetime", MOMENT), ("09:30", "time", time(9, 30)),
        ("2026-03-02T10:00+00:00", "datetime", MOMENT), (None, "number", None), ("x", "list", "x"),
    ],
)  # fmt: skip
def test_declared_types(value: Any, kind: str, made: Any) -> None:
    assert typed(value, kind, "fields.x") == made


@pytest.mark.parametrize(
    ("value", "kind"),
    [("many", "number"), (True, "number"), ([], "number"), ("maybe", "yes_no"), ("soon", "date"), (7, "time"),
     ("2026-03-02T10:00", "datetime"), (5, "date")],
)  # fmt: skip
def test_values_of_another_type(value: Any, kind: str) -> None:
    with pytest.raises(EvaluationError, match=f"fields.x takes a {kind}"):
        typed(value, kind, "fields.x")


def test_exits_that_cannot_be_judged_are_told() -> None:
    exits = (ExitWhen("event", "go", c("event.nope == 1")), ExitWhen("when", match=c("nope")))
    f = flow("f", Wait(name="w", duration=d("1h")), send("s", "S"), exit_when=exits)
    g = flow("g", send("s", "G"), triggers=(Trigger("event", "go", match=c("event.nope")),))
    ana = Person(bot(f, g))
    ana.start("f")
    assert ana.event("go") == []
    assert len(ana.reports) == 4
    assert ana.after("1h") == ["S"]


def test_taps_and_messages_meet_a_broken_question() -> None:
    ana = Person(bot(flow("f", ask("q", "?", type="email", pattern="("))))
    ana.start("f")
    assert ana.write("ana@x.it") == ["Something went wrong."]
