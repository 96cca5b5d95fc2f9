"""People drawn at random, with something in every table; written to a real store, and read back whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from tests.contract.records import NOW, heard, later, outgoing
from trinario import jsons
from trinario.jobs.merging import join
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.consent import RecordConsent, consented
from trinario.model.contact import Contact
from trinario.model.effect import ChangeEnrolment, TakeTicket
from trinario.model.flow import InputSpec
from trinario.model.merge import Link
from trinario.model.session import Session, Wait
from trinario.ports import CallOrder, Inward, MediaEntry, Notice, Said, Token, Writes
from trinario.store.bulk import execute, fetch
from trinario.store.tables import METADATA
from trinario.store.unit import SqlUnit

__all__ = ["BOT", "Person", "dump", "merged", "people", "write_person"]

BOT = Bot(
    "b", "en", "UTC", {}, {},
    fields={
        "newest": InputSpec("text"), "keep": InputSpec("text", merge="keep"), "union": InputSpec("list", merge="union"),
        "max": InputSpec("number", merge="max"), "ask": InputSpec("text", merge="ask"),
    },
)  # fmt: skip

KINDS = {"wa": ("phone", "bsuid"), "fb": ("psid",), "ig": ("igsid",), "tg": ("telegram",)}
FLOWS = ("f1", "f2", "f3")
SEQUENCES = ("s1", "s2")
SMALL = st.integers(0, 3)


@dataclass(frozen=True)
class Person:
    """Somebody as drawn. `identities` are (channel, kind); `sessions` (flow, kind of wait or the status of an end)."""

    name: str
    identities: Sequence[tuple[str, str]]
    contact: Contact
    sessions: Sequence[tuple[str, str]]
    consents: Sequence[RecordConsent]
    enrolments: Sequence[tuple[str, bool]]
    timers: Sequence[tuple[str, int]]
    things: frozenset[str]

    def ids(self) -> list[Identity]:
        return [Identity(channel, kind, f"{self.name}-{channel}-{kind}") for channel, kind in self.identities]


THINGS = ("ticket", "sent", "waiting", "media", "notice", "draw", "token", "call", "event", "code", "unread", "fate")
PLACES = [(channel, kind) for channel, kinds in KINDS.items() for kind in kinds]
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "newest": st.sampled_from("xyz"), "keep": st.sampled_from("xyz"), "max": SMALL,
    "union": st.lists(st.sampled_from("xyz"), unique=True), "ask": st.sampled_from("xyz"), "free": st.sampled_from("xyz"),
}  # fmt: skip
MOMENTS = st.integers(-50, -1).map(later)
ENTRIES = st.builds(
    RecordConsent, st.just("marketing"), st.sampled_from(["granted", "refused", "withdrawn"]), st.just("flow"),
    st.sampled_from([(), ("wa",), ("fb",)]),
)  # fmt: skip


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    """What is known of somebody."""
    fields = draw(st.fixed_dictionaries({}, optional=dict(VALUES)))
    tags = draw(st.frozensets(st.sampled_from(["t1", "t2", "t3"])))
    dated = draw(st.frozensets(st.sampled_from([*fields, *(f"#{tag}" for tag in tags), "@language", "@timezone"])))
    person = draw(st.booleans())
    return Contact(
        0, draw(MOMENTS), (), draw(st.sampled_from([None, "Anna", "Bea"])), None, draw(st.sampled_from([None, "en", "it"])),
        draw(st.sampled_from([None, "UTC", "Europe/Rome"])), fields, tags, {}, {}, None,
        draw(st.sampled_from([None, "wa", "fb"])), "person" if person else "bot",
        draw(st.sampled_from([None, later(600), later(900)])) if person else None,
        marks=draw(st.dictionaries(st.sampled_from(["f1/0", "f2/0"]), MOMENTS)), changed={name: draw(MOMENTS) for name in sorted(dated)},
    )  # fmt: skip


@st.composite
def one_person(draw: st.DrawFn, name: str) -> Person:
    places = draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=4, unique=True))
    flows = draw(st.lists(st.sampled_from(FLOWS), unique=True))
    waits = ("sleep", "event", "call", "aside", "done", "stopped")
    sessions = [(flow, draw(st.sampled_from(waits if n else ("ask", *waits)))) for n, flow in enumerate(flows)]
    consents = draw(st.lists(ENTRIES, max_size=3))
    contact = draw(contacts())
    seen = {channel: draw(MOMENTS) for channel, _ in places}
    state: Mapping[str, bool] = {}
    for entry in consents:
        state = consented(state, entry)
    contact = replace(contact, consent=state, last_heard=seen, last_seen_at=max(seen.values()))
    enrolments = draw(st.lists(st.tuples(st.sampled_from(SEQUENCES), st.booleans()), unique_by=lambda one: one[0]))
    timers = draw(
        st.lists(
            st.tuples(st.sampled_from(["wake", "expiry"]), st.sampled_from([300, 600])), unique_by=lambda one: one[0]
        )
    )
    return Person(
        name, places, contact, sessions, consents, enrolments, timers, draw(st.frozensets(st.sampled_from(THINGS)))
    )


def people(count: int) -> st.SearchStrategy[list[Person]]:
    """Different people, named p0, p1 ..."""
    return st.tuples(*(one_person(f"p{n}") for n in range(count))).map(list)


# ---- into the store


def write_person(unit: SqlUnit, one: Person) -> int:
    """Somebody comes into being: she wrote on each of her identities, and has all that was drawn. Gives her number."""
    ids, at = one.ids(), one.contact.created_at
    unit.take_in([heard(ids[0], f"{one.name}-0", also=tuple(ids[1:]))], at)
    (number,) = unit.holders(ids)
    entries = [row[0] for row in fetch(unit.conn, "SELECT id FROM inbox WHERE contact_id = ?", number)]
    writes = Writes(contacts={number: replace(one.contact, id=number, created_at=at, identities=tuple(ids))})
    writes.finished = [(1, entry, None) for entry in entries]
    writes.said = [Said(number, "in", "contact", ids[0].channel, at, "text", "hello", f"{one.name}-0")]
    for n, (flow, standing) in enumerate(one.sessions, 1):
        session = _session(f"i{entries[-1]}.{n}", number, flow, standing)
        writes.sessions[session.id] = session
    writes.consents = [(number, entry, at) for entry in one.consents]
    writes.enrolments = [(number, ChangeEnrolment(name, True), at) for name, _ in one.enrolments]
    writes.enrolments += [(number, ChangeEnrolment(name, False), at) for name, live in one.enrolments if not live]
    writes.timers = [(f"{kind}:{number}", number, kind, later(due), "{}") for kind, due in one.timers]
    if one.contact.owner_until:
        writes.timers.append((f"owner:{number}", number, "owner", one.contact.owner_until, "{}"))
    _things(one, number, ids, next(iter(writes.sessions), ""), writes)
    unit.write(writes, NOW)
    execute(unit.conn, "UPDATE contacts SET created_at = ? WHERE id = ?", int(at.timestamp() * 1000), number)
    return number


def _session(id: str, contact: int, flow: str, standing: str) -> Session:
    if standing in ("done", "stopped"):
        return Session(id, contact, flow, "r", NOW, status=standing, reason="drawn" if standing == "stopped" else "")
    kind = "ask" if standing == "aside" else standing
    wait = Wait("here", kind, NOW, until=later(900) if kind in ("sleep", "call") else None)
    return Session(
        id, contact, flow, "r", NOW, status="aside" if standing == "aside" else "waiting", wait=wait, turns=1
    )


def _things(one: Person, number: int, ids: Sequence[Identity], session: str, writes: Writes) -> None:
    """A row in each of the other tables that were drawn."""
    name, first, last = one.name, ids[0], ids[-1]
    made = {
        "ticket": lambda: writes.tickets.append((number, session, "front", "", "", NOW)),
        "sent": lambda: writes.outgoing.append(outgoing(f"{name}/sent", number, first, refusal="no_window")),
        "waiting": lambda: writes.outgoing.append(outgoing(f"{name}/waiting", number, last, session=session)),
        "media": lambda: writes.media.append(MediaEntry(f"{name}-file", number, first.channel, first.value, f"{name}-0", 0, "image")),
        "notice": lambda: writes.notices.append(Notice(f"{name}-notice", number, "front", "mailto:a@b.example", "x")),
        "draw": lambda: writes.draws.append((number, TakeTicket("draw", name, session), NOW)),
        "token": lambda: writes.tokens.append(Token(f"h-{name}", name, number, session, "s", "wa", "fb", None, later(900))),
        "call": lambda: writes.calls.append(CallOrder(f"{name}/call", number, session, "", "http", {"url": "https://a.example"}, 5, 0, False, later(900))),
        "event": lambda: writes.events.append((number, "goal", NOW, jsons.dumps({"session": session}))),
        "code": lambda: writes.guesses.append((number, NOW)),
        "unread": lambda: writes.inward.append(heard(first, f"{name}-unread")),
        "fate": lambda: writes.inward.append(Inward("", f"{name}-event", "event", jsons.dumps({"name": "e", "data": {}}), contact=number)),
    }  # fmt: skip
    for thing in sorted(one.things):
        made[thing]()


# ---- out of it


MERGING = ("merges", "merged_rows", "suggestions")


def dump(unit: SqlUnit) -> dict[str, list[Any]]:
    """Every row of every table, without what tells of merges themselves."""
    found = {}
    for table in METADATA.sorted_tables:
        if table.name not in MERGING:
            names = [column.name for column in table.columns]
            rows = fetch(unit.conn, f"SELECT {', '.join(names)} FROM {table.name}")
            kept = [row for row in (_row(table.name, dict(zip(names, one, strict=True))) for one in rows) if row]
            found[table.name] = sorted(kept, key=repr)
    return found


def _row(table: str, row: dict[str, Any]) -> dict[str, Any] | None:
    if table == "events" and row["name"] in ("contacts_merged", "contacts_parted"):
        return None
    if table == "tickets" and row["note"].startswith("two contacts became one"):
        return None
    if table == "identities":
        row.pop("created_at")  # of an id that changed it is when the contact was first met
    for technical in ("parted", "updated_at", *(("id",) if table in ("events", "tickets", "timers") else ())):
        row.pop(technical, None)
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    """JSON as what it says, whatever its spaces."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return jsons.loads(value)
        except ValueError:  # words in brackets
            return value
    return value


def merged(unit: SqlUnit, kept: int, taken: int, at: datetime = NOW) -> int:
    """Join two contacts as the jobs do; gives the number of the merge."""
    cases = unit.lock_cases(sorted({kept, taken}), (), at)
    assert cases is not None
    by_id = {case.contact.id: case for case in cases}
    writes = Writes()
    join(unit, BOT, by_id[kept], by_id[taken], Link("team", {"who": "x"}, "same voice"), writes, at)
    unit.write(writes, at)
    return int(fetch(unit.conn, "SELECT MAX(id) FROM merges")[0][0])
