"""Codes and refs: found in whatever people make of them, and in nothing else."""

import string
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trinario.jobs.token import ALPHABET, candidates, make_code, make_ref, plain_code
from trinario.model.channel import Identity
from trinario.model.heard import Heard, Referral
from trinario.runtime.chance import SecretChance

CHANCE = SecretChance(b"k" * 32)
WHO = Identity("whatsapp", "phone", "39")
AT = datetime(2026, 1, 1, tzinfo=UTC)


def heard(text: str = "", ref: str = "") -> Heard:
    return Heard(WHO, "m1", AT, "text", text=text, referral=Referral(ref) if ref else None)


@given(st.text(max_size=40))
def test_a_code_is_found_as_it_is_shown(context: str) -> None:
    code = make_code(CHANCE, context)
    assert plain_code(code) in candidates(heard(f"Hello, let us go on! My code: {code}"))


@given(st.text(max_size=20), st.data())
def test_a_code_is_found_in_what_people_make_of_it(context: str, data: st.DataObject) -> None:
    code = plain_code(make_code(CHANCE, context))
    drawn = [data.draw(st.sampled_from(["", "", " ", "-", " - ", "."])) for _ in code]
    swapped = {"0": "0oO", "1": "1iIlL"}
    letters = [data.draw(st.sampled_from(swapped.get(s, s + s.lower()))) for s in code]
    text = "".join(letter + gap for letter, gap in zip(letters, drawn, strict=True))
    assert code in candidates(heard(f"code: {text}!"))


@example("BGTGDIMIGFV")
@given(st.text(alphabet=string.ascii_letters + " ,.!?'äöüñ", max_size=300))
def test_words_are_no_codes(text: str) -> None:
    assert candidates(heard(text)) == []


def test_every_single_wrong_symbol_is_seen() -> None:
    code = plain_code(make_code(CHANCE, "one"))
    for place, right in enumerate(code):
        for wrong in ALPHABET:
            if wrong != right:
                assert candidates(heard(code[:place] + wrong + code[place + 1 :])) == []


def test_a_ref_is_taken_from_the_referral_only() -> None:
    ref = make_ref(CHANCE, "s1/messenger")
    assert candidates(heard(ref=ref)) == [ref]
    assert candidates(heard("spring", ref="spring")) == []
    assert candidates(heard(f"look: {ref}")) == []


def test_refs_fit_every_platform() -> None:
    ref = make_ref(CHANCE, "s1/messenger")
    assert len(ref) <= 64 and set(ref) <= set(string.ascii_letters + string.digits + "-_")


def test_the_same_offer_gives_the_same_link_and_another_key_another() -> None:
    assert make_ref(CHANCE, "a") == make_ref(SecretChance(b"k" * 32), "a") != make_ref(CHANCE, "b")
    assert make_ref(CHANCE, "a") != make_ref(SecretChance(b"l" * 32), "a")
    assert make_code(CHANCE, "a") != make_code(SecretChance(b"l" * 32), "a")


@pytest.mark.parametrize(
    "text", ["", "12345678901", "0000000000 0", "call me: 0039 333 12 34 567", "\x00" * 50, "1" * 5000]
)
def test_numbers_are_rarely_codes_and_never_an_error(text: str) -> None:
    for found in candidates(heard(text)):
        assert len(found) == 11
