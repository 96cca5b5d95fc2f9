"""Contacts brought in from a sheet, some hundreds a transaction: found by what tells them apart, made, joined, changed.

What nobody waits for is written at once, under the contact's lock. Where a session of hers is live, something waits in her
inbox, or a flow begins by such a change, it becomes a row of her inbox and has its turn in her order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from trinario import jsons
from trinario.engine.changes import differences
from trinario.engine.index import index_of
from trinario.jobs import erase, joining
from trinario.jobs.beyond import carry_beyond
from trinario.jobs.cells import written
from trinario.jobs.columns import Column
from trinario.jobs.consenting import Permission, entries
from trinario.jobs.happenings import change, linked, recorded
from trinario.jobs.known import kinds_of, known_of
from trinario.jobs.rows import Row, Unfit
from trinario.jobs.world import World
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.consent import RecordConsent, consented
from trinario.model.contact import Contact
from trinario.model.effect import ChangeContact, changed
from trinario.model.value import pack
from trinario.ports import Inward, Unit, Writes
from trinario.ports.imports import Held, Overtaken

CHUNK = 500
"""Rows of a transaction at most."""


@dataclass(frozen=True, slots=True)
class Import:
    """What holds for all rows. `key` None: any id tells people apart; `join`: several who are found by one row are one."""

    world: World
    file: str
    key: Column | None = None
    permission: Permission = field(default_factory=Permission)
    join: bool = False

    @property
    def bot(self) -> Bot:
        """The bot as it is served."""
        return self.world.bot()


@dataclass(slots=True)
class Outcome:
    """What became of rows. `queued` of the `changed` have their turn when the bot runs; `kept_no`: a yes that a no of hers
    outweighs; `forgotten`: somebody who was erased."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    queued: int = 0
    unchanged: int = 0
    joined: int = 0
    granted: int = 0
    taken_back: int = 0
    kept_no: int = 0
    forgotten: int = 0
    rejected: list[tuple[Row, Unfit]] = field(default_factory=list)


def apart(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows in their order, cut so that no two of a stretch are about one person, as far as ids tell."""
    batch, seen = list[Row](), set[object]()
    for row in rows:
        tokens = set(row.tokens)
        if batch and (len(batch) == CHUNK or not seen.isdisjoint(tokens)):
            yield batch
            batch, seen = [], set()
        batch.append(row)
        seen |= tokens
    if batch:
        yield batch


def bring_in(unit: Unit, one: Import, rows: Sequence[Row], now: datetime) -> Outcome:
    """The rows of a stretch, in one transaction. Raises Overtaken: the same is to be done again."""
    outcome = Outcome(rows=len(rows))
    living = _living(unit, one, rows, outcome)
    holders = unit.imports.holders({i for row in living for n in row.named for i in (n.exact, n.made) if i})
    search = _Search(unit, one, holders, _keyed(unit, one, living), outcome, now)
    plans = list[Planned]()
    for row in living:
        try:
            plans.append(search.plan(row))
        except Unfit as fault:
            outcome.rejected.append((row, fault))
    plans = _readable(unit, [(row, search.now_of(contact), fresh) for row, contact, fresh in plans], outcome)
    who = unit.imports.add([(contact, fresh) for _, contact, fresh in plans], now)
    held, writes = dict(unit.imports.hold(who)), Writes()
    for (row, was, fresh), contact in zip(plans, who, strict=True):
        before = held[contact]
        held[contact] = _write(one, row, before, fresh if was is not None else (), writes, outcome, now)
        touched = held[contact] is not before or bool(fresh)
        outcome.created += was is None
        outcome.changed += was is not None and touched
        outcome.unchanged += was is not None and not touched
    unit.write(writes, now)
    return outcome


Planned = tuple[Row, int | None, Sequence[Identity]]


def _living(unit: Unit, one: Import, rows: Sequence[Row], outcome: Outcome) -> list[Row]:
    """Without those about somebody who was erased."""
    marked = [erase.marks(one.world.random, row.known_by) for row in rows]
    gone = unit.privacy.buried({mark for marks in marked for mark in marks})
    found = [row for row, marks in zip(rows, marked, strict=True) if gone.isdisjoint(marks)]
    outcome.forgotten += len(rows) - len(found)
    return found


def _keyed(unit: Unit, one: Import, rows: Sequence[Row]) -> Mapping[object, Sequence[int]]:
    """Contacts by the key of the sheet, where that is no id of a channel."""
    if one.key is None or one.key.kind == "identity":
        return {}
    values = {row.key for row in rows}
    if one.key.kind == "contact":
        return {value: unit.contact_ids({"id": value}) for value in values}
    return unit.imports.with_field(one.key.name, one.key.detail, values)


@dataclass(slots=True)
class _Search:
    """Whom the rows of a stretch are about. `moved` are those whom a row before has joined with somebody."""

    unit: Unit
    one: Import
    holders: Mapping[Identity, int]
    keyed: Mapping[object, Sequence[int]]
    outcome: Outcome
    now: datetime
    moved: dict[int, int] = field(default_factory=dict)

    def plan(self, row: Row) -> Planned:
        """Who it is, None for somebody new, and which ids are new to her. Raises Unfit."""
        found, fresh = list(self.keyed.get(row.key, ())), list[Identity]()
        if not found and self.one.key is not None and self.one.key.kind == "contact":
            raise Unfit("contact", f"there is no contact {row.key}")
        stranger = not found
        for named in row.named:
            holder = next((self.holders[i] for i in (named.exact, named.made) if i and i in self.holders), None)
            if holder is not None:
                found.append(holder)
            elif named.made is None:
                raise Unfit(
                    named.header, f"{named.exact.value} is no number that there can be: write it with its prefix"
                )
            elif named.made not in fresh:
                fresh.append(named.made)
        people = sorted({who for id in found if (who := self.now_of(id)) is not None})
        if stranger and people:
            self._same_key(row, people)
        return row, self._joined(row, people) if len(people) > 1 else next(iter(people), None), fresh

    def now_of(self, contact: int | None) -> int | None:
        """The contact that has everything of this one now."""
        while contact in self.moved:
            contact = self.moved[contact]
        return contact

    def _same_key(self, row: Row, people: Sequence[int]) -> None:
        """Who has one of the ids already must not be known by another key. Raises Unfit."""
        key = self.one.key
        if key is None or key.kind != "field":
            return
        for contact in self.unit.segments.people(people):
            if contact.fields.get(key.name) not in (None, row.key):
                other = written(contact.fields[key.name])
                raise Unfit(key.name, f"these ids are contact {contact.id}'s, whose {key.name} is {other}")

    def _joined(self, row: Row, people: list[int]) -> int:
        one = self.one
        if not one.join:
            listed = ", ".join(map(str, people))
            raise Unfit("", f"this row is about several contacts ({listed}): say --join if they are one person")
        key = (one.key.name if one.key else "ids", str(row.key) if row.key is not None else row.named[0].exact.value)
        done = joining.by_import(self.unit, one.bot, people, key, one.file, self.now)
        if done is None:
            raise Overtaken
        self.outcome.joined += len(done)
        self.moved |= {joined.taken: joined.kept for joined in done}
        return people[0]


def _readable(unit: Unit, plans: list[Planned], outcome: Outcome) -> list[Planned]:
    """Without rows in which something cannot be read; a cell that says what is known of her already can be."""
    doubted = [plan for plan in plans if any(told.fault for told in plan[0].told)]
    if not doubted:
        return plans
    people = {one.id: one for one in unit.segments.people(sorted({id for _, id, _ in doubted if id is not None}))}
    for plan in doubted:
        contact = people.get(plan[1]) if plan[1] is not None else None
        bad = next(
            (t for t in plan[0].told if t.fault and (contact is None or _present(contact, t.column) != t.cell)), None
        )
        if bad is not None:
            outcome.rejected.append((plan[0], Unfit(bad.header, bad.fault)))
            plans.remove(plan)
    return plans


def _present(contact: Contact, column: Column) -> str:
    """What is known of her, as a cell."""
    held = contact.fields.get(column.name) if column.kind == "field" else getattr(contact, column.name)
    return written(held)


def _write(
    one: Import, row: Row, held: Held, fresh: Sequence[Identity], writes: Writes, outcome: Outcome, now: datetime
) -> Held:
    """What the row changes in her, at once or through her inbox; gives how she stands then, the same if it does not."""
    contact, bot = held.contact, one.bot
    effect = _change(row, contact)
    said, kept = entries(bot, held, row.said, row.said_at, one.permission)
    outcome.kept_no += bool(kept)
    for identity in fresh:
        writes.inward += linked(bot, contact.id, identity.channel, f"import:{_digest(contact.id, identity.value)}")
    if effect is None and not said:
        return held
    outcome.granted += any(entry.state == "granted" for entry in said)
    outcome.taken_back += any(entry.state != "granted" for entry in said)
    after = _after(contact, effect, said, now)
    if held.busy or _is_watched(bot, contact, after, said):
        waiting = _inward(contact, effect, said, held.mark)
        writes.inward += waiting
        outcome.queued += 1
        return replace(held, contact=after, busy=True)
    writes.contacts[contact.id] = after
    if effect is not None and effect.fields.keys() & kinds_of(bot).keys():
        writes.known[contact.id] = known_of(kinds_of(bot), after)
    for entry in said:
        carry_beyond(one.world, after, replace(entry, origin=f"import:{row.line.number}"), now, writes)
    return replace(held, contact=after)


def _change(row: Row, contact: Contact) -> ChangeContact | None:
    """What is not as the row says; None when all is."""
    new = [told for told in row.told if not told.fault and _differs(contact, told.column, told.cell, told.value)]
    fields = {told.column.name: told.value for told in new if told.column.kind == "field"}
    attributes = {told.column.name: told.value for told in new if told.column.kind == "attribute"}
    tags = tuple(tag for tag in row.tags if tag not in contact.tags)
    return ChangeContact(fields, tags, (), attributes) if fields or attributes or tags else None


def _differs(contact: Contact, column: Column, cell: str, value: object) -> bool:
    held = contact.fields.get(column.name) if column.kind == "field" else getattr(contact, column.name)
    return written(held) != cell and (held is None or pack(held) != pack(value))


def _after(contact: Contact, effect: ChangeContact | None, said: Sequence[RecordConsent], now: datetime) -> Contact:
    """The contact as she is then, with the moments of what was set."""
    after = contact
    if effect is not None:
        names = (*effect.fields, *(f"#{tag}" for tag in effect.tags_added), *(f"@{name}" for name in effect.attributes))
        after = replace(changed(contact, effect), changed={**contact.changed, **dict.fromkeys(names, now)})
    for entry in said:
        after = replace(after, consent=consented(after.consent, entry))
    return after


def _is_watched(bot: Bot, before: Contact, after: Contact, said: Sequence[RecordConsent]) -> bool:
    """Whether any flow begins, or a moment is reckoned anew, by such a change."""
    index = index_of(bot)
    if any(index.by_kind.get("opt_in" if entry.state == "granted" else "opt_out") for entry in said):
        return True
    if index.watch is None:
        return False
    paths = differences(before, after)
    return any(reads & paths for _, reads in (*index.watch.changes, *index.watch.dates))


def _inward(contact: Contact, effect: ChangeContact | None, said: Sequence[RecordConsent], mark: int) -> list[Inward]:
    """Rows of her inbox. Their names come of what stood before, so that the same file twice makes them once."""
    found = []
    if effect is not None:
        body = [pack(dict(effect.fields)), effect.tags_added, dict(effect.attributes)]
        stamps = sorted((name, at.isoformat()) for name, at in contact.changed.items())
        id = f"import:{_digest(contact.id, jsons.dumps(body), stamps, sorted(contact.tags))}"
        found.append(change(contact.id, id, effect.fields, effect.tags_added, (), effect.attributes))
    for entry in said:
        id = f"import:{_digest(contact.id, entry.state, entry.channels, mark)}"
        found.append(recorded(contact.id, entry, id))
    return found


def _digest(*parts: object) -> str:
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]
