"""Merging and parting is nothing at all: every table is as it was, and what came in between is as if it had never been."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.people import Person, dump, merged, people, write_person
from tests.contract.records import NOW, later, outgoing
from trinario import jsons
from trinario.jobs import parting
from trinario.jobs.received import meet
from trinario.model.channel import Identity
from trinario.model.consent import ALL, RecordConsent, consented
from trinario.model.effect import ChangeEnrolment
from trinario.model.heard import Heard
from trinario.model.session import Session, Wait
from trinario.model.wire import heard_to_json
from trinario.ports import Inward, Said, Writes
from trinario.store.bulk import execute, fetch
from trinario.store.migrate import upgrade
from trinario.store.postgres import PostgresStore
from trinario.store.sqlite import MemoryStore
from trinario.store.tables import METADATA
from trinario.store.unit import SqlUnit

Play = Callable[[Callable[[SqlUnit], None]], None]
QUICK = settings(max_examples=30, suppress_health_check=list(HealthCheck))


class _Over(Exception):
    """Ends an example: nothing of it stays."""


@pytest.fixture(scope="module")
def memory() -> Play:
    store = MemoryStore()
    store.run_now(lambda unit: upgrade(unit.conn))

    def play(work: Callable[[SqlUnit], None]) -> None:
        def do(unit: SqlUnit) -> None:
            work(unit)
            raise _Over

        with pytest.raises(_Over):
            store.run_now(do)

    return play


@pytest.fixture(scope="module")
def postgres(postgres_server: object) -> Iterator[Play]:
    with asyncio.Runner() as runner:
        store = PostgresStore(postgres_server.database("merging_property"))  # type: ignore[attr-defined]
        runner.run(store.run(lambda unit: upgrade(unit.conn)))

        def play(work: Callable[[SqlUnit], None]) -> None:
            def do(unit: SqlUnit) -> None:
                names = ", ".join(table.name for table in METADATA.sorted_tables)
                execute(unit.conn, f"TRUNCATE {names} RESTART IDENTITY")  # so that rows have the same ids each time
                work(unit)
                raise _Over

            with pytest.raises(_Over):
                runner.run(store.run(do))

        yield play
        runner.run(store.close())


def undone(unit: SqlUnit, merge: int, at: datetime = NOW) -> None:
    assert isinstance(parting.undo(unit, merge, "team", "not she", at), parting.Parted)


def same(one: dict[str, list[object]], other: dict[str, list[object]]) -> None:
    for table, rows in one.items():
        assert rows == other[table], table


# ---- nothing between


def _identity(play: Play, drawn: Sequence[Person]) -> None:
    def work(unit: SqlUnit) -> None:
        kept, taken = (write_person(unit, one) for one in drawn)
        before = dump(unit)
        for one, other in ((kept, taken), (kept, taken), (taken, kept)):
            merge = merged(unit, one, other)
            assert unit.contact_ids({"id": other}) == [one]
            undone(unit, merge)
            same(before, dump(unit))

    play(work)


@QUICK
@given(drawn=people(2))
def test_merging_and_parting_changes_nothing(memory: Play, drawn: list[Person]) -> None:
    _identity(memory, drawn)


@settings(QUICK, max_examples=4)
@given(drawn=people(2))
def test_merging_and_parting_changes_nothing_on_postgresql(postgres: Play, drawn: list[Person]) -> None:
    _identity(postgres, drawn)


# ---- things between


@dataclass(frozen=True)
class Deed:
    """Something that happens on an identity of a person (by their numbers)."""

    who: int
    where: int
    what: str
    name: str
    value: str


DEEDS = st.builds(
    Deed, st.integers(0, 1), st.integers(0, 3),
    st.sampled_from(["say", "set", "unset", "tag", "untag", "language", "stop", "grant", "begin", "move", "rekey"]),
    st.sampled_from(["a", "bb", "ccc"]), st.sampled_from("uvw"),
)  # fmt: skip
MINE = (("newest", "ask", "free"), ("keep", "max", "mine"))
ENTRY = {
    "stop": RecordConsent(ALL, "withdrawn", "stop_word"),
    "grant": RecordConsent("marketing", "granted", "message"),
}


@dataclass
class Doing:
    """Deeds done one after the other; `ids` are the identities of each person as they are by now."""

    unit: SqlUnit
    ids: list[list[Identity]]
    apart: list[int]
    count: int = 0
    stops: list[tuple[int, RecordConsent, datetime]] = field(default_factory=list)

    def do(self, deed: Deed, together: bool) -> None:
        self.count += 1
        at, ids = later(60 * self.count), self.ids[deed.who]
        identity = ids[deed.where % len(ids)]
        if deed.what == "rekey":
            self._rekey(deed.who, identity)
            return
        said = Heard(identity, f"d{self.count}", at, "text", text=deed.value)
        item = Inward(identity.channel, said.external_id, "heard", jsons.dumps(heard_to_json(said)), None, (identity,))
        self.unit.take_in([item], at)
        ((entry, holder),) = fetch(
            self.unit.conn, "SELECT id, contact_id FROM inbox WHERE external_id = ?", f"d{self.count}"
        )
        cases = self.unit.lock_cases([holder], [entry], at)
        assert cases
        contact = meet(cases[0].contact, said)
        writes = Writes(contacts={holder: contact}, finished=[(1, entry, None)])
        writes.said = [Said(holder, "in", "contact", identity.channel, at, "text", deed.value, f"d{self.count}")]
        getattr(self, f"_{deed.what}", lambda *_: None)(deed, holder, entry, at, writes)
        self.unit.write(writes, at)
        if deed.what == "stop" and not together:  # what one of them takes back is taken back for both
            self._stop_other(holder, at)

    def _change(self, writes: Writes, holder: int, at: datetime, name: str, **changes: object) -> None:
        contact = writes.contacts[holder]
        writes.contacts[holder] = replace(contact, changed={**contact.changed, name: at}, **changes)  # type: ignore[arg-type]

    def _name(self, deed: Deed) -> str:
        """Of what both change meanwhile only the last change is known: here each has fields of her own to change."""
        return MINE[deed.who][len(deed.name) % 3]

    def _set(self, deed: Deed, holder: int, entry: int, at: datetime, writes: Writes) -> None:
        fields = {**writes.contacts[holder].fields, self._name(deed): f"{deed.value}{entry}"}
        self._change(writes, holder, at, self._name(deed), fields=fields)

    def _unset(self, deed: Deed, holder: int, entry: int, at: datetime, writes: Writes) -> None:
        gone = self._name(deed)
        fields = {name: value for name, value in writes.contacts[holder].fields.items() if name != gone}
        self._change(writes, holder, at, gone, fields=fields)

    def _tag(self, deed: Deed, holder: int, entry: int, at: datetime, writes: Writes) -> None:
        self._change(writes, holder, at, f"#new{entry}", tags=writes.contacts[holder].tags | {f"new{entry}"})

    def _language(self, deed: Deed, holder: int, entry: int, at: datetime, writes: Writes) -> None:
        if deed.who == 0:
            self._change(writes, holder, at, "@language", language=f"l{entry}")

    def _stop(self, deed: Deed, holder: int, entry: int, at: datetime, writes: Writes) -> None:
        one = replace(ENTRY[deed.what], origin=f"i{entry}")
        contact = writes.contacts[holder]
        writes.contacts[holder] = replace(contact, consent=consented(contact.consent, one))
        writes.consents.append((holder, one, at))

    _grant = _stop

    def _stop_other(self, holder: int, at: datetime) -> None:
        (other,) = (id for id in self.apart if id != holder)
        cases = self.unit.lock_cases([other], (), at)
        assert cases
        one = cases[0].contact
        self.unit.write(Writes(contacts={other: replace(one, consent=consented(one.consent, ENTRY["stop"]))}), at)
        self.stops.append((other, replace(ENTRY["stop"], origin=parting.PARTED), at))

    def _begin(self, deed: Deed, holder: int, entry: int, at: datetime, writes: Writes) -> None:
        session = Session(f"i{entry}.1", holder, "g", "r", at, wait=Wait("s", "sleep", at, until=later(9000)))
        writes.sessions[session.id] = session
        writes.outgoing.append(outgoing(f"{session.id}/1", holder, self.ids[deed.who][0], session=session.id))
        writes.enrolments.append((holder, ChangeEnrolment(f"q{entry}", True, session.id), at))
        writes.tickets.append((holder, session.id, "front", "", "", at))
        writes.events.append((holder, "goal", at, f'{{"session": "{session.id}"}}'))

    def _move(self, deed: Deed, holder: int, entry: int, at: datetime, writes: Writes) -> None:
        """A session of hers that nothing stands against comes to its end."""
        rows = fetch(
            self.unit.conn, "SELECT id, state FROM sessions WHERE flow = 'alone' AND id = ?", f"alone-{deed.who}"
        )
        for id, _ in rows:
            (session,) = (one for one in self.unit.sessions(holder, 100) if one.id == id)
            writes.sessions[id] = replace(session, status="done", wait=None, turns=session.turns + 1)

    def _rekey(self, who: int, identity: Identity) -> None:
        new = replace(identity, value=f"{identity.value}*")
        (holder,) = self.unit.holders([identity])
        self.unit.rekey(holder, [identity], [new])
        self.ids[who] = [new if one == identity else one for one in self.ids[who]]


def _between(play: Play, drawn: Sequence[Person], deeds: Sequence[Deed]) -> None:
    found = []

    def run(unit: SqlUnit, together: bool) -> None:
        kept, taken = (write_person(unit, one) for one in drawn)
        for n, number in enumerate((kept, taken)):
            alone = Session(f"alone-{n}", number, f"alone{n}", "r", NOW, wait=Wait("s", "sleep", NOW))
            unit.write(Writes(sessions={alone.id: alone}), NOW)
        doing = Doing(unit, [one.ids() for one in drawn], [kept, taken])
        merge = merged(unit, kept, taken) if together else 0
        for deed in deeds:
            doing.do(deed, together)
        if together:
            undone(unit, merge, later(9000))
        unit.write(Writes(consents=doing.stops), later(9000))
        found.append(dump(unit))

    play(lambda unit: run(unit, True))
    play(lambda unit: run(unit, False))
    same(found[1], found[0])


@QUICK
@given(drawn=people(2), deeds=st.lists(DEEDS, min_size=1, max_size=6))
def test_what_happens_meanwhile_is_as_if_they_had_never_been_one(
    memory: Play, drawn: list[Person], deeds: list[Deed]
) -> None:
    _between(memory, drawn, deeds)


@settings(QUICK, max_examples=4)
@given(drawn=people(2), deeds=st.lists(DEEDS, min_size=1, max_size=6))
def test_what_happens_meanwhile_on_postgresql(postgres: Play, drawn: list[Person], deeds: list[Deed]) -> None:
    _between(postgres, drawn, deeds)


# ---- merges within merges


def _nested(play: Play, drawn: Sequence[Person], pairs: Sequence[tuple[int, int]], order: Sequence[int]) -> None:
    def work(unit: SqlUnit) -> None:
        numbers = [write_person(unit, one) for one in drawn]
        before = dump(unit)
        merges = [merged(unit, numbers[kept], numbers[taken], later(n)) for n, (kept, taken) in enumerate(pairs)]
        for n in order:
            undone(unit, merges[n], later(100))
        same(before, dump(unit))

    play(work)


CHAINS = [((0, 1), (0, 2)), ((0, 1), (2, 0)), ((0, 1), (2, 3), (0, 2)), ((0, 1), (2, 0), (3, 2))]


@QUICK
@given(drawn=people(4), pairs=st.sampled_from(CHAINS), data=st.data())
def test_merges_within_merges_are_undone_last_first(
    memory: Play, drawn: list[Person], pairs: Sequence[tuple[int, int]], data: st.DataObject
) -> None:
    _nested(memory, drawn, pairs, list(range(len(pairs)))[::-1])


def owners(found: dict[str, list[Any]]) -> dict[str, list[tuple[Any, Any]]]:
    """Whose each row is, table by table; whoever was merged into nobody is her own."""
    keys = {"link_tokens": "hash", "phone_codes": "name", "outbox": "key", "calls": "key", "tickets": "session"}
    whose = {
        table: sorted(((row.get(keys.get(table, "id")), row["contact_id"]) for row in rows), key=repr)
        for table, rows in found.items()
        if table not in ("timers", "link_guesses") and any("contact_id" in row for row in rows)
    }
    return {**whose, "contacts": [(row["id"], row["merged_into"]) for row in found["contacts"]]}


@QUICK
@given(drawn=people(4), pairs=st.sampled_from(CHAINS), data=st.data())
def test_in_whatever_order_merges_are_undone_everybody_has_what_is_hers(
    memory: Play, drawn: list[Person], pairs: Sequence[tuple[int, int]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(pairs))))

    def work(unit: SqlUnit) -> None:
        numbers = [write_person(unit, one) for one in drawn]
        before = dump(unit)
        merges = [merged(unit, numbers[kept], numbers[taken], later(n)) for n, (kept, taken) in enumerate(pairs)]
        for n in order:
            undone(unit, merges[n], later(100))
        after = dump(unit)
        assert owners(after) == owners(before)
        for one, other in zip(before["contacts"], after["contacts"], strict=True):
            loosened = [
                name for name, given in one["consent"].items() if not given and other["consent"].get(name) is not False
            ]
            assert not loosened

    memory(work)
