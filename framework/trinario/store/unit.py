"""One transaction over one Connection: the families of statements, gathered under the port's names."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.failure import Failure
from trinario.model.heard import Receipt
from trinario.model.session import Session
from trinario.policy.facts import Push
from trinario.policy.why import Sending
from trinario.ports import (
    Case,
    Cases,
    Claimed,
    CopyRow,
    InboxEntry,
    Inward,
    Landed,
    Lane,
    Notice,
    OpenPlan,
    Recipient,
    Settled,
    Token,
    Writes,
)
from trinario.store import (
    beyond,
    bounds,
    cases,
    codes,
    find,
    ids,
    intake,
    links,
    merges,
    outbox,
    plans,
    pushes,
    receipts,
    records,
    redact,
    thread,
    turns,
)
from trinario.store.accounts import SqlAccounts, SqlMerges, SqlPrivacy
from trinario.store.campaigns import SqlCampaigns
from trinario.store.clicks import SqlClicks
from trinario.store.costs import SqlCosts
from trinario.store.draws import SqlDraws
from trinario.store.drips import SqlDrips
from trinario.store.families import SqlCalls, SqlCodes, SqlMedia, SqlSchedules, SqlTemplates, SqlVersions
from trinario.store.hooks import SqlHooks
from trinario.store.imports import SqlImports
from trinario.store.passages import SqlPassages
from trinario.store.receipts import caused
from trinario.store.retention import SqlRetention
from trinario.store.segments import SqlSegments
from trinario.store.strays import SqlStrays
from trinario.store.tickets import SqlTickets, team_of


class SqlUnit:
    """Implements `ports.Unit` (and the read questions of `find`) on a SQLAlchemy Connection inside its transaction."""

    __slots__ = ("conn",)

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def take_in(self, items: Sequence[Inward], now: datetime) -> int:
        return intake.take_in(self.conn, items, now)

    def apply_receipts(self, items: Sequence[Receipt], now: datetime) -> Sequence[tuple[int, str, str, Failure]]:
        return receipts.apply(self.conn, items, now)

    def awaited(self, keys: Sequence[str]) -> list[tuple[int, str, str]]:
        return receipts.awaited(self.conn, keys)

    def claim_cases(self, limit: int, now: datetime, pressed: bool = False, lane: Lane = Lane.BOTH) -> Cases:
        return cases.claim_cases(self.conn, limit, now, pressed, lane)

    def claim_due(self, limit: int, now: datetime) -> list[Case]:
        return cases.claim_due(self.conn, limit, now)

    def put_off(self, now: datetime) -> int:
        return cases.put_off(self.conn, now)

    def claim_timers(self, limit: int, now: datetime) -> list[tuple[str, int, str, str]]:
        return cases.claim_timers(self.conn, limit, now)

    def lock_cases(self, contacts: Sequence[int], entries: Sequence[int], now: datetime) -> list[Case] | None:
        return cases.lock_cases(self.conn, contacts, entries, now)

    def write(self, writes: Writes, now: datetime) -> None:
        turns.write(self.conn, writes, now)

    def find_tokens(self, hashes: Sequence[str]) -> Mapping[str, Token]:
        return links.find_tokens(self.conn, hashes)

    def use_token(self, hash: str, contact: int, now: datetime) -> bool:
        return links.use_token(self.conn, hash, contact, now)

    def void_tokens(self, contact: int, now: datetime) -> set[str]:
        return links.void_tokens(self.conn, contact, now)

    def count_guesses(self, sender: int, since: datetime) -> tuple[int, int]:
        return links.count_guesses(self.conn, sender, since)

    def add_identity(self, contact: int, identity: Identity, now: datetime) -> bool:
        return codes.add_identity(self.conn, contact, identity, now)

    def is_stranger(self, contact: int, but: Sequence[int]) -> bool:
        return links.is_stranger(self.conn, contact, but)

    def holders(self, identities: Sequence[Identity]) -> list[int]:
        return ids.holders(self.conn, identities)

    def rekey(self, contact: int, former: Sequence[Identity], present: Sequence[Identity]) -> None:
        ids.rekey(self.conn, contact, former, present)

    def own_messages(self, channel: str, external_ids: Sequence[str]) -> set[str]:
        return outbox.own_messages(self.conn, channel, external_ids)

    def claim_outbox(self, channel: str, limit: int, pace: float, run: int, now: datetime) -> list[Claimed]:
        return outbox.claim(self.conn, channel, limit, pace, run, now)

    def settle(self, results: Sequence[Settled], now: datetime, run: int | None = None) -> None:
        outbox.settle(self.conn, results, now, run)

    def sent_lately(self, channel: str, value: str, since: datetime, limit: int) -> list[datetime]:
        return outbox.sent_lately(self.conn, channel, value, since, limit)

    def meant_for(self, rows: Sequence[int]) -> Mapping[int, datetime]:
        return outbox.meant_for(self.conn, rows)

    def open_plans(self, contacts: Sequence[int]) -> list[OpenPlan]:
        return plans.open_plans(self.conn, contacts)

    def copies(self, keys: Sequence[str]) -> Mapping[str, CopyRow]:
        return plans.copies(self.conn, keys)

    def take_back(self, keys: Sequence[str], refusal: str) -> int:
        return plans.take_back(self.conn, keys, refusal)

    def content_of(self, channel: str, external_id: str) -> str:
        return find.content_of(self.conn, channel, external_id)

    def plan_news(self, receipts: Sequence[Receipt]) -> list[tuple[str, str]]:
        return plans.news(self.conn, receipts)

    def take_plans(self, keys: Sequence[str]) -> list[OpenPlan]:
        return plans.take(self.conn, keys)

    def copied(self, contact: int, session: str, prompt: str) -> Session | None:
        return plans.copied(self.conn, contact, session, prompt)

    def session_status(self, session: str) -> str:
        return plans.session_status(self.conn, session)

    def landed(self, receipt: Receipt) -> Landed | None:
        return receipts.landed(self.conn, receipt)

    def put_back(
        self, id: int, external_id: str, refusal: str, detail: str, not_before: datetime, attempts: int
    ) -> None:
        receipts.put_back(self.conn, id, external_id, refusal, detail, not_before, attempts)

    def mark_unreachable(self, channel: str, value: str, reason: str | None, until: datetime | None = None) -> None:
        outbox.mark_unreachable(self.conn, channel, value, reason, until)

    def pushes(self, contact: int, since: datetime) -> list[Push]:
        return [push for _, push in pushes.of(self.conn, [contact], since, reserved=True).get(contact, ())]

    def recipients(self, contacts: Sequence[int], since: datetime, now: datetime) -> Mapping[int, Recipient]:
        return pushes.recipients(self.conn, contacts, since, now)

    def orphan(self, run: int, until: datetime) -> int:
        return outbox.orphan(self.conn, run, until)

    def unclaim(self, run: int, in_hand: Collection[int]) -> set[int]:
        return outbox.unclaim(self.conn, run, in_hand)

    def search_anew(self, until: datetime, since: datetime) -> int:
        return outbox.search_anew(self.conn, until, since)

    def abandon(self, channels: Sequence[str]) -> list[tuple[int, str, str | None]]:
        return outbox.abandon(self.conn, channels)

    def prune(self, before: datetime) -> int:
        outbox.apply_strays(self.conn)
        bounds.forget(self.conn, before)
        return links.prune(self.conn, before) + codes.prune(self.conn, before)

    def overdue_unknown(self, limit: int, now: datetime) -> list[tuple[int, str, str, int, str | None, int, str]]:
        return outbox.overdue_unknown(self.conn, limit, now)

    def open_rows(self, contact: int, channel: str) -> list[tuple[int, int, str, str, str | None]]:
        return outbox.open_rows(self.conn, contact, channel)

    def team_of(self, contact: int) -> str | None:
        return team_of(self.conn, contact)

    def unsent(self, contact: int) -> list[Session]:
        return cases.unsent(self.conn, contact)

    def sent_again(self, channel: str, value: str) -> list[str]:
        return outbox.sent_again(self.conn, channel, value)

    def refusal_of(self, key: str) -> tuple[str, str] | None:
        return find.refusal_of(self.conn, key)

    @property
    def tickets(self) -> SqlTickets:
        return SqlTickets(self.conn)

    def hold_back(self, contact: int, why: str) -> list[tuple[str, str, bool]]:
        return outbox.hold_back(self.conn, contact, why)

    def message_named(self, contact: int, channel: str, name: str) -> Mapping[str, str]:
        return find.message_named(self.conn, contact, channel, name)

    def last_message(self, contact: int, channel: str) -> str:
        return find.last_message(self.conn, contact, channel)

    def caused(self, receipts: Sequence[Receipt]) -> Sequence[tuple[Receipt, int, str, str, str, int]]:
        return caused(self.conn, receipts)

    @property
    def merges(self) -> SqlMerges:
        return SqlMerges(self.conn)

    @property
    def privacy(self) -> SqlPrivacy:
        return SqlPrivacy(self.conn)

    @property
    def accounts(self) -> SqlAccounts:
        return SqlAccounts(self.conn)

    @property
    def media(self) -> SqlMedia:
        return SqlMedia(self.conn)

    @property
    def calls(self) -> SqlCalls:
        return SqlCalls(self.conn)

    @property
    def codes(self) -> SqlCodes:
        return SqlCodes(self.conn)

    @property
    def versions(self) -> SqlVersions:
        return SqlVersions(self.conn)

    @property
    def templates(self) -> SqlTemplates:
        return SqlTemplates(self.conn)

    @property
    def schedules(self) -> SqlSchedules:
        return SqlSchedules(self.conn)

    @property
    def retention(self) -> SqlRetention:
        return SqlRetention(self.conn)

    @property
    def strays(self) -> SqlStrays:
        return SqlStrays(self.conn)

    @property
    def costs(self) -> SqlCosts:
        return SqlCosts(self.conn)

    @property
    def passages(self) -> SqlPassages:
        return SqlPassages(self.conn)

    @property
    def imports(self) -> SqlImports:
        return SqlImports(self.conn)

    @property
    def segments(self) -> SqlSegments:
        return SqlSegments(self.conn)

    @property
    def campaigns(self) -> SqlCampaigns:
        return SqlCampaigns(self.conn)

    @property
    def clicks(self) -> SqlClicks:
        return SqlClicks(self.conn)

    @property
    def draws(self) -> SqlDraws:
        return SqlDraws(self.conn)

    @property
    def hooks(self) -> SqlHooks:
        return SqlHooks(self.conn)

    @property
    def drips(self) -> SqlDrips:
        return SqlDrips(self.conn)

    def latest_sessions(self, flow: str | None, limit: int) -> list[Session]:
        return records.latest_sessions(self.conn, flow, limit)

    def worked_off(self, contact: int, limit: int) -> list[InboxEntry]:
        return records.worked_off(self.conn, contact, limit)

    def foreign(self, contact: int) -> str:
        return records.foreign(self.conn, contact)

    def contact_ids(self, where: Mapping[str, Any]) -> list[int]:
        return find.contact_ids(self.conn, where)

    def contacts(self, ids: Sequence[int], now: datetime) -> list[Contact]:
        return find.contacts(self.conn, ids, now)

    def sending(self, message: str) -> Sending | None:
        return find.sending(self.conn, message)

    def thread(self, contact: int, before: int, limit: int, after: int | None = None) -> list[dict[str, Any]]:
        return thread.thread(self.conn, contact, before, limit, after)

    def people_waiting(
        self, offset: int, limit: int, contact: int | None = None
    ) -> list[tuple[int, datetime | None, int]]:
        return thread.waiting(self.conn, offset, limit, contact)

    def look(self, contact: int, message: int) -> None:
        thread.look(self.conn, contact, message)

    def sessions(self, contact: int, limit: int) -> list[Session]:
        return find.sessions(self.conn, contact, limit)

    def events(self, contact: int, limit: int) -> list[dict[str, Any]]:
        return find.events(self.conn, contact, limit)

    def claim_notices(self, limit: int, until: datetime, now: datetime) -> list[Notice]:
        return beyond.claim_notices(self.conn, limit, until, now)

    def settle_notices(self, results: Sequence[tuple[int, str]], now: datetime) -> None:
        beyond.settle_notices(self.conn, results, now)

    def postpone_notices(self, results: Sequence[tuple[int, datetime, str]], now: datetime) -> None:
        beyond.postpone_notices(self.conn, results)

    def new_contact(self, now: datetime) -> int:
        return merges.new_contact(self.conn, now)

    def unreachable(self, contact: int, now: datetime) -> Mapping[Identity, str]:
        return ids.unreachable(self.conn, contact, now)

    def team_edited(self, contact: int, channel: str, message: str) -> bool:
        return redact.team_edited(self.conn, contact, channel, message)

    def team_deleted(self, contact: int, channel: str, message: str, now: datetime) -> bool:
        return redact.team_deleted(self.conn, contact, channel, message, now)

    def ledger(self, contact: int, limit: int) -> list[dict[str, Any]]:
        return beyond.ledger(self.conn, contact, limit)

    def counts(self) -> dict[str, int]:
        return find.counts(self.conn)
