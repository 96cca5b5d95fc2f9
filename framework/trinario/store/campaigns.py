"""Campaigns: how each stands, its slots, and its recipients, written in chunks and claimed in the order of their time."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from trinario.campaign.fates import Fate
from trinario.campaign.report import Report
from trinario.model.campaign import HOLDOUT
from trinario.model.contact import Contact
from trinario.ports.campaigns import (
    BEGUN,
    CANCELLED,
    LEFT_OUT,
    NEW,
    ON_THE_WAY,
    STOPPED,
    WAITING,
    WITHDRAWN,
    Addressee,
    Allotment,
    Bill,
    CampaignRun,
    CampaignSlot,
    KeptPlan,
    NewRecipient,
    OpenSlot,
    RecipientFate,
    Waiting,
)
from trinario.store import campaign_bills, campaign_plans, campaign_refusals, campaign_reports, paces
from trinario.store.bulk import among, execute, fetch, insert, update
from trinario.store.moments import moment, moment_or_none, ms
from trinario.store.tables import CampaignRow, CampaignSlotRow, RecipientRow

FILLING, FILLED, SLOT_CANCELLED, OVER = 0, 1, 3, 4

COUNTED = 5000
"""Messages and turns that are counted at most: more than that is more than enough."""

_RUNS = insert(
    CampaignRow,
    ("name", "state", "plan", "revision", "since", "reached", "started_by", "changed_at", "changed_by", "why"),
    "ON CONFLICT (name) DO UPDATE SET state = excluded.state, plan = excluded.plan, revision = excluded.revision, since ="
    " excluded.since, reached = excluded.reached, started_by = excluded.started_by, changed_at = excluded.changed_at,"
    " changed_by = excluded.changed_by, why = excluded.why",
)
_NEW = insert(CampaignRow, ("name", "state", "since", "reached", "changed_at"), "ON CONFLICT DO NOTHING")
_SLOTS = insert(CampaignSlotRow, ("campaign", "slot", "due_at", "state", "opened_at"), "ON CONFLICT DO NOTHING")
_RECIPIENTS = insert(
    RecipientRow,
    ("slot", "contact_id", "planned_for", "occasion", "state", "due_at", "next_at", "variant", "reason", "at"),
    "ON CONFLICT DO NOTHING",
)
_RELEASED = update(RecipientRow, "id", ("state", "reason", "tries", "variant", "at"))
_FATED = update(RecipientRow, "id", ("state", "session", "reason", "at"))
_LATER = update(RecipientRow, "id", ("state", "next_at", "reason", "at"))

_RUN = "SELECT name, state, plan, revision, since, reached, started_by, changed_at, changed_by, why"
_SLOT = "SELECT id, campaign, slot, due_at, cursor, state, recipients, left_out, released FROM campaign_slots"


class SqlCampaigns:
    """Implements `ports.CampaignUnit` on a Connection inside its transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._skip = "" if conn.dialect.name == "sqlite" else " FOR UPDATE SKIP LOCKED"

    # how campaigns stand

    def runs(self, *states: str) -> list[CampaignRun]:
        """Campaigns that were ever started, by name; with `states` those that stand so."""
        where, values = among(self._conn, "state", states, "text") if states else ("TRUE", ())
        return [_run(row) for row in fetch(self._conn, f"{_RUN} FROM campaigns WHERE {where} ORDER BY name", *values)]

    def run_of(self, name: str, lock: bool = False) -> CampaignRun | None:
        """How one stands; with `lock` nobody else changes it meanwhile."""
        tail = " FOR UPDATE" if lock and self._skip else ""
        return next((_run(row) for row in fetch(self._conn, f"{_RUN} FROM campaigns WHERE name = ?{tail}", name)), None)

    def run_of_slot(self, slot: int) -> CampaignRun | None:
        """How the campaign of a slot stands; a slot that was cancelled stays so when the campaign is started again."""
        off = f"EXISTS (SELECT 1 FROM campaign_slots WHERE id = ? AND state = {SLOT_CANCELLED})"
        sql = f"{_RUN}, {off} FROM campaigns WHERE name = (SELECT campaign FROM campaign_slots WHERE id = ?)"
        for *row, called_off in fetch(self._conn, sql, slot, slot):
            return replace(_run(row), state=CANCELLED) if called_off else _run(row)
        return None

    def make_run(self, name: str, now: datetime) -> None:
        """There is a row of it from now on."""
        _NEW.run(self._conn, [(name, NEW, ms(now), ms(now), ms(now))])

    def keep_run(self, run: CampaignRun) -> None:
        """Write how a campaign stands."""
        changed = ms(run.changed_at or run.since)
        _RUNS.run(self._conn, [(run.name, run.state, run.plan, run.revision, ms(run.since), ms(run.reached), run.started_by,
                                changed, run.changed_by, run.why)])  # fmt: skip

    def standing_of(self, slots: Collection[int]) -> Mapping[int, str]:
        """The states of the campaigns of these slots; of a slot that was cancelled, that."""
        where, values = among(self._conn, "s.id", sorted(slots))
        state = f"CASE WHEN s.state = {SLOT_CANCELLED} THEN '{CANCELLED}' ELSE c.state END"
        sql = f"SELECT s.id, {state} FROM campaign_slots s JOIN campaigns c ON c.name = s.campaign WHERE {where}"
        return {row[0]: row[1] for row in fetch(self._conn, sql, *values)}

    # slots

    def open_slots(self, rows: Iterable[tuple[str, str, datetime, int]], now: datetime) -> int:
        """Slots that have come: (campaign, slot, due, state); those that are there stay. How many were new."""
        return _SLOTS.run(self._conn, [(name, slot, ms(due), state, ms(now)) for name, slot, due, state in rows])

    def claim_filling(self, names: Collection[str]) -> CampaignSlot | None:
        """The oldest slot of these campaigns whose recipients are being written down and that nobody else is at, locked."""
        if not names:
            return None
        where, values = among(self._conn, "campaign", sorted(names), "text")
        sql = f"{_SLOT} WHERE state = {FILLING} AND {where} ORDER BY due_at, id LIMIT 1{self._skip}"
        return next((_slot(row) for row in fetch(self._conn, sql, *values)), None)

    def fill(self, slot: CampaignSlot, found: Sequence[NewRecipient], cursor: int, done: bool, now: datetime) -> int:
        """Write recipients of a slot, each once, and how far it has come. Gives how many were new."""
        fresh = _RECIPIENTS.run(self._conn, [
            (slot.id, one.contact, one.contact, one.occasion, LEFT_OUT if one.reason else WAITING, ms(one.due),
             ms(one.due), one.variant, one.reason, ms(now))
            for one in found
        ])  # fmt: skip
        out = sum(1 for one in found if one.reason)
        sql = (
            "UPDATE campaign_slots SET cursor = ?, state = CASE WHEN state = 0 THEN ? ELSE state END,"
            " recipients = recipients + ?, left_out = left_out + ? WHERE id = ?"
        )
        execute(self._conn, sql, cursor, FILLED if done else FILLING, fresh, out, slot.id)
        return fresh

    def open_ones(self, names: Collection[str], now: datetime) -> list[OpenSlot]:
        """The slots of these campaigns that are not over, oldest first."""
        where, values = among(self._conn, "s.campaign", sorted(names), "text")
        due = f"SELECT 1 FROM recipients r WHERE r.slot = s.id AND r.state = {WAITING} AND r.next_at <= ?"
        sql = (
            f"SELECT s.id, s.campaign, s.state, EXISTS ({due}) FROM campaign_slots s WHERE s.state IN (0, 1) AND {where}"
            " ORDER BY s.due_at, s.id"
        )
        found = fetch(self._conn, sql, ms(now), *values)
        return [OpenSlot(id, name, state == FILLING, bool(waits)) for id, name, state, waits in found]

    def close_slots(self, but: str) -> int:
        """Slots of which nobody waits any more are over, those named `but` never; how many were closed."""
        some = "EXISTS (SELECT 1 FROM recipients r WHERE r.slot = campaign_slots.id AND r.state = {})"
        sql = (
            f"UPDATE campaign_slots SET state = {OVER} WHERE state IN (0, 1) AND state = {FILLED} AND slot <> ?"
            f" AND NOT {some.format(WAITING)} AND NOT {some.format(ON_THE_WAY)}"
        )
        return execute(self._conn, sql, but)

    def strays(self, before: datetime, now: datetime) -> int:
        """Recipients on their way since then, of whom nothing is in the inbox any more, are left out; how many were."""
        row = "SELECT 1 FROM inbox i WHERE i.external_id = 'campaign:' || recipients.id || ':' || (recipients.tries - 1) AND i.status = 0"
        sql = (
            f"UPDATE recipients SET state = {LEFT_OUT}, reason = 'failed', at = ? WHERE state = {ON_THE_WAY} AND at < ?"
            f" AND slot IN (SELECT id FROM campaign_slots WHERE state IN (0, 1, 3)) AND NOT EXISTS ({row})"
        )
        return execute(self._conn, sql, ms(now), ms(before))

    def to_withdraw(self) -> list[str]:
        """Campaigns of which somebody still waits for a slot that was cancelled."""
        waits = f"EXISTS (SELECT 1 FROM recipients r WHERE r.slot = s.id AND r.state = {WAITING})"
        off = f"(s.state = {SLOT_CANCELLED} OR (s.state IN (0, 1) AND c.state = '{CANCELLED}'))"
        sql = (
            "SELECT DISTINCT s.campaign FROM campaign_slots s JOIN campaigns c ON c.name = s.campaign"
            f" WHERE {off} AND {waits} ORDER BY s.campaign"
        )
        return [row[0] for row in fetch(self._conn, sql)]

    def put_aside(self, name: str, slot: str) -> None:
        """A slot that was cancelled gives its name up for a new one; who waited for it stays with it, and is withdrawn."""
        sql = f"UPDATE campaign_slots SET slot = slot || ' ' || id WHERE campaign = ? AND slot = ? AND state = {SLOT_CANCELLED}"
        execute(self._conn, sql, name, slot)

    def slots_of(self, name: str) -> list[CampaignSlot]:
        """The slots of a campaign, oldest first."""
        return [_slot(row) for row in fetch(self._conn, f"{_SLOT} WHERE campaign = ? ORDER BY due_at, id", name)]

    def slot(self, id: int) -> CampaignSlot | None:
        """A slot by its number."""
        return next((_slot(row) for row in fetch(self._conn, f"{_SLOT} WHERE id = ?", id)), None)

    # recipients

    def under_way(self, slots: Collection[int]) -> int:
        """Recipients on their way into a turn, and messages of theirs that may go and are not out; some thousands are counted."""
        where, values = among(self._conn, "slot", sorted(slots))
        mine, same = among(self._conn, "campaign", sorted(slots))
        turns = f"SELECT 1 FROM recipients WHERE state = {ON_THE_WAY} AND {where} LIMIT {COUNTED}"
        sends = f"SELECT 1 FROM outbox WHERE status = 0 AND not_before = 0 AND campaign IS NOT NULL AND {mine} LIMIT {COUNTED}"
        sql = f"SELECT (SELECT COUNT(*) FROM ({turns}) t) + (SELECT COUNT(*) FROM ({sends}) s)"
        return int(fetch(self._conn, sql, *values, *same)[0][0])

    def claim_waiting(self, slots: Sequence[int], limit: int, now: datetime) -> list[Waiting]:
        """Recipients whose time has come, locked; at most so many. One slot after another, the first due in front."""
        found: list[Waiting] = []
        for slot in slots:
            if len(found) >= limit:
                break
            sql = (
                "SELECT r.id, r.slot, r.contact_id, r.due_at, r.variant, r.tries FROM recipients r"
                f" WHERE r.slot = ? AND r.state = {WAITING} AND r.next_at <= ? ORDER BY r.next_at, r.id LIMIT ?"
                + (" FOR UPDATE OF r SKIP LOCKED" if self._skip else "")
            )
            rows = fetch(self._conn, sql, slot, ms(now), limit - len(found))
            found += self._once([Waiting(r[0], r[1], r[2], moment(r[3]), r[4], r[5]) for r in rows], slot)
        return found

    def _once(self, rows: list[Waiting], slot: int) -> list[Waiting]:
        """Of two rows for one person (contacts that became one) the second is marked as such, and the one beside a held out."""
        if not rows:
            return rows
        where, values = among(self._conn, "contact_id", sorted({row.contact for row in rows}))
        sql = (
            "SELECT contact_id, occasion, id, state FROM recipients"
            f" WHERE slot = ? AND {where} AND (state IN ({WAITING}, {ON_THE_WAY}, {BEGUN})"
            f" OR (state = {LEFT_OUT} AND reason = '{HOLDOUT}')) ORDER BY id"
        )
        first: dict[tuple[int, str], int] = {}
        occasion: dict[int, tuple[int, str]] = {}
        for contact, said, id, state in fetch(self._conn, sql, slot, *values):
            occasion[id] = (contact, said)
            if state != WAITING:
                first[contact, said] = 0
            first.setdefault((contact, said), id)
        return [
            Waiting(row.id, row.slot, row.contact, row.due, row.variant, row.tries, first[occasion[row.id]] != row.id)
            for row in rows
        ]

    def released(self, rows: Sequence[Waiting], now: datetime) -> None:
        """These are on their way into a turn, with the variants that they have now."""
        _RELEASED.run(self._conn, [(ON_THE_WAY, "", row.tries + 1, row.variant, ms(now), row.id) for row in rows])
        counts: dict[int, int] = {}
        for row in rows:
            if not row.tries:
                counts[row.slot] = counts.get(row.slot, 0) + 1
        for slot, count in counts.items():
            execute(self._conn, "UPDATE campaign_slots SET released = released + ? WHERE id = ?", count, slot)

    def fated(self, fates: Sequence[RecipientFate], now: datetime) -> None:
        """What became of recipients."""
        ended = [one for one in fates if one.due is None]
        _FATED.run(self._conn, [(one.state, one.session, one.reason, ms(now), one.id) for one in ended])
        later = [(one.state, ms(one.due), one.reason, ms(now), one.id) for one in fates if one.due is not None]
        _LATER.run(self._conn, later)

    def withdraw(self, name: str, limit: int, now: datetime) -> int:
        """Recipients who wait for a slot that was cancelled are withdrawn, at most so many; how many were."""
        over = f"EXISTS (SELECT 1 FROM campaigns c WHERE c.name = campaign AND c.state = '{CANCELLED}')"
        sql = f"UPDATE campaign_slots SET state = {SLOT_CANCELLED} WHERE campaign = ? AND state IN (0, 1) AND {over}"
        execute(self._conn, sql, name)
        chosen = (
            "SELECT r.id FROM recipients r JOIN campaign_slots s ON s.id = r.slot"
            f" WHERE s.campaign = ? AND s.state = {SLOT_CANCELLED} AND r.state = {WAITING} LIMIT ?"
        )
        still = f"state = {WAITING}"  # asked of the row itself: another process may be letting her in at this moment
        sql = f"UPDATE recipients SET state = {WITHDRAWN}, reason = 'cancelled', at = ? WHERE id IN ({chosen}) AND {still}"
        return execute(self._conn, sql, ms(now), name, limit)

    # pace

    def allowance(self, name: str, pace: float, now: datetime) -> int:
        """How many of a campaign may begin now at this pace a second."""
        return paces.allowance(self._conn, paced(name), pace, now).count

    def take(self, name: str, pace: float, count: int, now: datetime) -> None:
        """So many have begun."""
        paces.take(self._conn, paced(name), count, paces.allowance(self._conn, paced(name), pace, now))

    def let_go(self, name: str) -> int:
        """Messages of a campaign that wait because it was paused or held may go; how many."""
        mine = "campaign IN (SELECT id FROM campaign_slots WHERE campaign = ?)"
        sql = f"UPDATE outbox SET not_before = 0, refusal = NULL WHERE status = 0 AND refusal = '{STOPPED}' AND {mine}"
        return execute(self._conn, sql, name)

    # what was refused, what it costs, plans

    def refused(self, name: str, since: datetime) -> tuple[int, str]:
        """How many people's messages made since then we refused for their template's sake, and the words of one."""
        return campaign_refusals.refused(self._conn, name, since)

    def unsaid(self, name: str, codes: Collection[str]) -> set[int]:
        """Contacts to whom everything that it said was refused for one of these reasons."""
        return campaign_refusals.unsaid(self._conn, name, codes)

    def again(self, name: str, codes: Collection[str], waiting: bool, now: datetime) -> list[tuple[int, str, str]]:
        """Recipients who got nothing for one of these reasons wait once more; gives (contact, key, session) of what was said."""
        return campaign_refusals.again(self._conn, name, codes, waiting, now)

    def allotment(self, name: str, lock: bool = False) -> Allotment:
        """How many were let in, and how many may be; with `lock` nobody else lets any in meanwhile."""
        return campaign_bills.allotment(self._conn, name, lock)

    def allot(self, name: str, most: int) -> None:
        """With so many let in it stops."""
        campaign_bills.allot(self._conn, name, most)

    def count_in(self, name: str, count: int) -> None:
        """So many more were let in."""
        campaign_bills.count_in(self._conn, name, count)

    def on_the_way(self, name: str) -> int:
        """How many recipients of a campaign are on their way into a turn."""
        return campaign_bills.on_the_way(self._conn, name)

    def bill(self, name: str) -> list[Bill]:
        """The messages of a campaign that went, or are to go, counted by what they cost."""
        return campaign_bills.bill(self._conn, name)

    def had_turn(self, name: str, contacts: Collection[int]) -> set[int]:
        """Who of these a slot of the campaign was for, and does not wait for her turn any more."""
        return campaign_plans.had_turn(self._conn, name, contacts)

    def addressees(self, people: Sequence[Contact], since: datetime, now: datetime) -> list[Addressee]:
        """These contacts as a plan looks at them; `pushes` since then."""
        return campaign_plans.addressees(self._conn, people, since, now)

    def keep_plan(self, plan: KeptPlan) -> None:
        """Keep a plan."""
        campaign_plans.keep(self._conn, plan)

    def plan_of(self, id: str) -> KeptPlan | None:
        """A plan by its id."""
        return campaign_plans.find(self._conn, id)

    # how far

    def counts(self, slots: Collection[int]) -> Mapping[tuple[int, int, str], int]:
        """How many recipients: (slot, state, reason) -> number."""
        where, values = among(self._conn, "slot", sorted(slots))
        sql = f"SELECT slot, state, reason, COUNT(*) FROM recipients WHERE {where} GROUP BY slot, state, reason"
        return {(row[0], row[1], row[2]): row[3] for row in fetch(self._conn, sql, *values)}

    def report(self, slots: Collection[int], goal: str, within: timedelta) -> Report:
        """What became of these slots; `goal` is the goal or event that counts, within that time of the message ("" none)."""
        return campaign_reports.report(self._conn, slots, goal, within)

    def times(self, slots: Collection[int]) -> Counter[Fate]:
        """What became of every place of these slots: of an event's campaign, of each time that the event came."""
        return campaign_reports.times(self._conn, slots)

    def undone(self, slots: Collection[int]) -> bool:
        """Whether anybody of these slots still waits or is on her way."""
        if not slots:
            return False
        where, values = among(self._conn, "slot", sorted(slots))
        return any(
            fetch(self._conn, f"SELECT 1 FROM recipients WHERE state = {state} AND {where} LIMIT 1", *values)
            for state in (WAITING, ON_THE_WAY)
        )

    def next_waiting(self, slots: Collection[int]) -> datetime | None:
        """When the next recipient of these slots is due."""
        if not slots:
            return None
        where, values = among(self._conn, "slot", sorted(slots))
        sql = f"SELECT MIN(next_at) FROM recipients WHERE state = {WAITING} AND {where}"
        return moment_or_none(fetch(self._conn, sql, *values)[0][0])


def paced(name: str) -> str:
    """The name under which the pace of a campaign is kept beside those of channels."""
    return f"campaign/{name}"


def _run(row: Sequence[Any]) -> CampaignRun:
    name, state, plan, revision, since, reached, started_by, changed, changed_by, why = row
    return CampaignRun(
        name, state, plan, revision, moment(since), moment(reached), started_by, moment(changed), changed_by, why
    )


def _slot(row: Sequence[Any]) -> CampaignSlot:
    id, campaign, slot, due, cursor, state, recipients, left_out, released = row
    return CampaignSlot(id, campaign, slot, moment(due), cursor, state, recipients, left_out, released)
