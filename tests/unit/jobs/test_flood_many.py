"""Many people who write at once cost no more than few."""

from datetime import UTC, datetime

import pytest

from trinario.jobs.flood import MOST, Counter
from trinario.model.channel import Identity
from trinario.model.guard import Guard
from trinario.model.heard import Heard

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_who_is_new_beside_many_is_not_paid_for_by_a_look_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    counter, looks = Counter(), []
    real = Counter._forget
    monkeypatch.setattr(Counter, "_forget", lambda self, rules, at: (looks.append(1), real(self, rules, at)))
    heard = Heard(Identity("wa", "phone", "39"), "m", NOW, "text", text="hello")
    for contact in range(MOST + 500):
        counter.trips(Guard(), contact, heard)
    assert len(looks) == 1
