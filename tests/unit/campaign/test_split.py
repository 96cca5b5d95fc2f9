"""Variants: sticky, in the shares that were asked for, and independent of other experiments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trinario.campaign.split import LOTS, drawn, lot, side_of, variant_of
from trinario.model.campaign import Side, Variants

SPRING = Variants("campaign/spring", (Side("a", 45), Side("b", 45)), 10)
MANY = 20_000


@given(st.integers(0, 2**53), st.text(max_size=20))
def test_the_lot_is_a_function_of_experiment_and_contact(contact: int, key: str) -> None:
    assert 0 <= lot(key, contact) < LOTS
    assert lot(key, contact) == lot(key, contact)


def test_a_lot_that_was_drawn_stays_what_it_was() -> None:
    """Who got `a` yesterday gets it after every update of the program as well."""
    assert [variant_of(SPRING, contact) for contact in range(1, 9)] == ["b", "holdout", *"aaaa", *"bb"]


def test_shares_are_as_the_weights_say() -> None:
    found = [variant_of(SPRING, contact) for contact in range(MANY)]
    for name, share in (("a", 0.45), ("b", 0.45), ("holdout", 0.10)):
        assert abs(found.count(name) / MANY - share) < 0.015


def test_experiments_do_not_know_each_other() -> None:
    both = [(variant_of(SPRING, one), drawn("campaign/summer", SPRING.weights, one)) for one in range(MANY)]
    alike = sum(1 for one, other in both if one == other) / MANY
    assert abs(alike - (0.45**2 * 2 + 0.1**2)) < 0.015


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6), st.integers(0, 2**53))
def test_what_has_no_weight_falls_to_nobody(weights: list[int], contact: int) -> None:
    named = [(f"v{number}", weight) for number, weight in enumerate(weights)]
    if not sum(weights):
        with pytest.raises(ValueError, match="all weights are 0"):
            drawn("x", named, contact)
        return
    assert dict(named)[drawn("x", named, contact)] > 0


def test_without_variants_there_is_none() -> None:
    assert variant_of(None, 1) == ""
    assert side_of(None, "") is None
    assert side_of(SPRING, "holdout") is None
    assert side_of(SPRING, "b") == Side("b", 45)
    assert Variants("k", (Side("a", 1),)).weights == (("a", 1),)
