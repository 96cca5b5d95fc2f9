"""Folding of words, and what one typing error is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trinario.engine.fold import fold, one_slip


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Café", "cafe"), ("CAFE\u0301", "cafe"), ("  Yes,  please! ", "yes please"), ("stop.", "stop"),
        ("STOP 🛑", "stop"), ("❤️ Red", "red"), ("Straße", "strasse"), ("ＩＮＦＯ", "info"), ("2️⃣", "2"),
        ("👍", "👍"), ("!!!", "!!!"), ("", ""), ("ЁЖ", "еж"), ("हिन्दी", "हिन्दी"), ("だ", "だ"),
        ("rock'n'roll", "rock n roll"), ("C++", "c++"), ("a\tb\nc", "a b c"), ("İstanbul", "istanbul"),
    ],
)  # fmt: skip
def test_folding(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("other", ["plant", "plantss", "plnats", "plents", "lants", "pplants"])
def test_one_slip(other: str) -> None:
    assert one_slip("plants", other)
    assert one_slip(other, "plants")


@pytest.mark.parametrize("other", ["plants", "plan", "planets1", "snalpt", "", "tools"])
def test_not_one_slip(other: str) -> None:
    assert not one_slip("plants", other)
