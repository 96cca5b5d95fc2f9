"""Draws: the same numbers and seed give the same winners, nobody wins twice, and what is published fits."""

import hashlib
import hmac
import random

from hypothesis import given
from hypothesis import strategies as st

from trinario.campaign.drawing import Ticket, commitment, entrants, winners

TICKETS = st.lists(
    st.builds(Ticket, st.text("0123456789", min_size=1, max_size=4), st.integers(1, 9)), unique_by=lambda t: t.number
)


@given(TICKETS, st.text(max_size=8), st.integers(0, 12))
def test_winners_are_fixed_by_numbers_and_seed(tickets: list[Ticket], seed: str, count: int) -> None:
    won = winners("d", seed, tickets, count)
    shuffled = random.Random(7).sample(tickets, len(tickets))
    assert won == winners("d", seed, shuffled, count) and entrants(tickets) == entrants(shuffled)
    assert len(won) == min(count, len({one.contact for one in tickets}))
    assert len({one.contact for one in won}) == len(won) and set(won) <= set(tickets)


def test_anybody_can_check_it_with_two_lines() -> None:
    tickets = [Ticket(f"{n:04}", n) for n in range(100)]
    best = min((hmac.new(b"s", f"spring/{one.number}".encode(), "sha256").hexdigest(), one.number) for one in tickets)
    assert winners("spring", "s", tickets, 3)[0].number == best[1]
    assert commitment("s") == hashlib.sha256(b"s").hexdigest()


def test_every_number_wins_about_as_often() -> None:
    tickets = [Ticket(str(n), n) for n in range(10)]
    counts = [0] * 10
    for seed in range(5000):
        counts[winners("d", str(seed), tickets, 1)[0].contact] += 1
    assert sum((count - 500) ** 2 / 500 for count in counts) < 27.9  # chi-square of nine, one in a thousand


def test_other_seeds_give_other_winners() -> None:
    tickets = [Ticket(str(n), n) for n in range(1000)]
    assert len({winners("d", str(seed), tickets, 1)[0].number for seed in range(50)}) > 40
