"""Permission by purpose: what entries come to, and what two contacts that become one are left with."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trinario.model.consent import RecordConsent, consented, has_granted, stricter, wants

CHANNELS = ("whatsapp", "messenger")


def entry(state: Any, *channels: str, purpose: str = "marketing") -> RecordConsent:
    return RecordConsent(purpose, state, "message", channels)


@pytest.mark.parametrize(
    ("entries", "whatsapp", "messenger"),
    [
        ([], None, None),
        ([entry("granted")], True, True),
        ([entry("granted", "whatsapp")], True, None),
        ([entry("granted"), entry("withdrawn", "whatsapp")], False, True),
        ([entry("granted", "whatsapp"), entry("withdrawn")], False, False),
        ([entry("withdrawn", "whatsapp"), entry("granted")], True, True),
        ([entry("granted"), entry("withdrawn", purpose="all")], False, False),
        ([entry("refused")], False, False),
        ([entry("withdrawn"), entry("granted", "messenger")], False, True),
    ],
)
def test_entries_come_to_a_state(entries: list[RecordConsent], whatsapp: bool | None, messenger: bool | None) -> None:
    state: Any = {}
    for one in entries:
        state = consented(state, one)
    assert [wants(state, "marketing", channel) for channel in CHANNELS] == [whatsapp, messenger]


def test_nothing_is_left_to_ask_when_all_was_granted() -> None:
    assert not has_granted({}, "marketing", ())
    assert has_granted({"marketing": True}, "marketing", ())
    assert has_granted({"marketing": True}, "marketing", ["whatsapp"])
    assert not has_granted({"marketing": True, "marketing@whatsapp": False}, "marketing", ())
    assert has_granted({"marketing": True, "marketing@whatsapp": False}, "marketing", ["messenger"])
    assert has_granted({"marketing@whatsapp": True}, "marketing", ["whatsapp"])
    assert not has_granted({"marketing@whatsapp": True}, "marketing", ())


STATES = st.dictionaries(st.sampled_from(["marketing", "marketing@whatsapp", "marketing@messenger"]), st.booleans())


@given(STATES, STATES)
def test_a_no_of_either_is_a_no(one: dict[str, bool], other: dict[str, bool]) -> None:
    both = stricter(one, other)
    for channel in CHANNELS:
        said = {wants(one, "marketing", channel), wants(other, "marketing", channel)}
        if wants(both, "marketing", channel) is True:
            assert True in said
            assert False not in said
    assert stricter(other, one) == both
