"""A contact who is known before anything was heard of her."""

from collections.abc import Sequence

from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.ports import Inward, Unit
from trinario.testing.worlds import Machine


def acquainted(machine: Machine, identities: Sequence[Identity]) -> Contact:
    """The contact of the first identity, made with all of them if there is none."""
    now, first = machine.clock.now(), identities[0]

    def find(unit: Unit) -> Contact:
        where = {"identity": (first.channel, first.value)}
        if not unit.contact_ids(where):
            unit.take_in([Inward(first.channel, "known", "unsupported", "{}", identities=tuple(identities))], now)
        return unit.contacts(unit.contact_ids(where), now)[0]

    return machine.store.run_now(find)
