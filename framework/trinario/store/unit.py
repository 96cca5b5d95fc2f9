"""One transaction over one Connection: the families of statements, gathered under the port's names."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.message import Failure, Receipt
from trinario.model.session import Session
from trinario.model.standing import NumberStanding
from trinario.policy.facts import Push
from trinario.policy.why import Sending
from trinario.ports import (
    AccountToken,
    Case,
    Claimed,
    CopyRow,
    Erasure,
    InboxEntry,
    Inward,
    Landed,
    Merge,
    Notice,
    Opening,
    OpenPlan,
    Recipient,
    Settled,
    Suggestion,
    Token,
    Trouble,
    Uploaded,
    Writes,
)
from trinario.store import (
    account_tokens,
    beyond,
    bounds,
    cases,
    codes,
    erase,
    find,
    fronts,
    ids,
    intake,
    known,
    links,
    merges,
    outbox,
    paces,
    partings,
    plans,
    pushes,
    receipts,
    records,
    redact,
    thread,
    turns,
    uploads,
)
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

    def claim_cases(self, limit: int, now: datetime) -> list[Case]:
        return cases.claim_cases(self.conn, limit, now)

    def claim_due(self, limit: int, now: datetime) -> list[Case]:
        return cases.claim_due(self.conn, limit, now)

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

    def grant_heavy(self, channel: str, wanted: int, pace: float, now: datetime) -> int:
        return paces.heavy(self.conn, channel, wanted, pace, now)

    def sent_lately(self, channel: str, value: str, since: datetime, limit: int) -> list[datetime]:
        return outbox.sent_lately(self.conn, channel, value, since, limit)

    def rest(self, channel: str, now: datetime, until: datetime) -> None:
        paces.rest(self.conn, channel, now, until)

    def slow(self, channel: str, share: int, until: datetime) -> None:
        paces.slow(self.conn, channel, share, until)

    def hold_bulk(self, channel: str, until: datetime) -> None:
        paces.hold_bulk(self.conn, channel, until)

    def trouble(self, channel: str, code: str, reason: str, now: datetime) -> bool:
        return paces.trouble(self.conn, channel, code, reason, now)

    def well(self, channel: str) -> bool:
        return paces.well(self.conn, channel)

    def try_again(self, channel: str, now: datetime) -> int:
        return paces.resume(self.conn, channel, now)

    def rated(self, channel: str, quality: str) -> bool:
        return bounds.rated(self.conn, channel, quality)

    def limited(self, channel: str, most: int) -> bool:
        return bounds.limited(self.conn, channel, most)

    def standings(self) -> list[NumberStanding]:
        return bounds.standings(self.conn)

    def troubles(self, now: datetime) -> list[Trouble]:
        return paces.troubles(self.conn, now)

    def account_token(self, channel: str) -> AccountToken | None:
        return account_tokens.find(self.conn, channel)

    def keep_account_token(self, token: AccountToken) -> None:
        account_tokens.keep(self.conn, token)

    def opening(self, channel: str) -> Opening:
        return fronts.find(self.conn, channel)

    def keep_opening(self, channel: str, opening: Opening, now: datetime) -> None:
        fronts.keep(self.conn, channel, opening, now)

    def keep_upload(self, upload: Uploaded, now: datetime) -> None:
        uploads.keep(self.conn, upload, now)

    def upload(self, account: str, digest: str, kind: str, now: datetime) -> Uploaded | None:
        return uploads.find(self.conn, account, digest, kind, now)

    def forget_upload(self, address: str) -> None:
        uploads.forget(self.conn, address)

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

    def add_merge(self, merge: Merge) -> int:
        return merges.add(self.conn, merge)

    def end_doubled(self, kept: int, taken: int, now: datetime) -> list[int]:
        return merges.doubled(self.conn, kept, taken, now)

    def add_unlink(self, merge: Merge, identity: Identity) -> int:
        return merges.add_unlink(self.conn, merge, identity)

    def new_contact(self, now: datetime) -> int:
        return merges.new_contact(self.conn, now)

    def undo_merge(self, merge: Merge, holder: int, by: str, reason: str, now: datetime) -> None:
        partings.undo(self.conn, merge, holder, by, reason, now)

    def heard_since(self, holder: int, mark: int) -> Iterator[tuple[int, str, str, str, str, datetime]]:
        return partings.heard_since(self.conn, holder, mark)

    def give(
        self, merge: Merge, holder: int, rows: Sequence[tuple[int, str, str]], identities: Collection[Identity]
    ) -> None:
        partings.give(self.conn, merge, holder, rows, identities)

    def withdraw_strays(self, strange: Mapping[int, Collection[str]]) -> list[tuple[int, str, str, bool]]:
        return partings.stray(self.conn, strange)

    def resume(self, merge: int, sessions: Mapping[str, Session]) -> None:
        partings.resume(self.conn, merge, sessions)

    def moved_identities(self, merge: int) -> list[Identity]:
        return partings.moved_identities(self.conn, merge)

    def unreachable(self, contact: int, now: datetime) -> Mapping[Identity, str]:
        return ids.unreachable(self.conn, contact, now)

    def suggestions(self, contact: int | None, state: str, limit: int) -> list[Suggestion]:
        return known.suggestions(self.conn, contact, state, limit)

    def known_kinds(self, contacts: Collection[int]) -> Mapping[str, str]:
        return known.kinds(self.conn, contacts)

    def settle_suggestion(self, pair: tuple[int, int], state: str, by: str, now: datetime) -> None:
        known.settle(self.conn, pair, state, by, now)

    def team_edited(self, contact: int, channel: str, message: str) -> bool:
        return redact.team_edited(self.conn, contact, channel, message)

    def team_deleted(self, contact: int, channel: str, message: str, now: datetime) -> bool:
        return redact.team_deleted(self.conn, contact, channel, message, now)

    def said_by_people(
        self, contact: int, since: datetime
    ) -> tuple[set[tuple[str, str]], list[tuple[datetime, Identity]]]:
        return partings.said_by_people(self.conn, contact, since)

    def former_identities(self, merge: int) -> list[Identity]:
        return partings.former_identities(self.conn, merge)

    def merge(self, id: int) -> Merge | None:
        return merges.find(self.conn, id)

    def merges_of(self, contact: int) -> list[Merge]:
        return merges.of_contact(self.conn, contact)

    def later_merges(self, merge: Merge, people: Collection[int]) -> list[Merge]:
        return merges.later(self.conn, merge, people)

    def rewrite_merge(self, merge: Merge) -> None:
        merges.rewrite(self.conn, merge)

    def ledger(self, contact: int, limit: int) -> list[dict[str, Any]]:
        return beyond.ledger(self.conn, contact, limit)

    def family(self, contact: int) -> list[int]:
        return erase.family(self.conn, contact)

    def erase(self, contacts: Sequence[int]) -> Mapping[str, int]:
        return erase.erase(self.conn, contacts)

    def takeout(self, contacts: Sequence[int]) -> Mapping[str, list[dict[str, Any]]]:
        return erase.takeout(self.conn, contacts)

    def bury(self, hashes: Collection[str], now: datetime) -> None:
        erase.bury(self.conn, hashes, now)

    def buried(self, hashes: Collection[str]) -> set[str]:
        return erase.buried(self.conn, hashes)

    def keep_erasure(self, erasure: Erasure) -> None:
        erase.keep(self.conn, erasure)

    def find_erasure(self, code: str) -> Erasure | None:
        return erase.find(self.conn, code)

    def counts(self) -> dict[str, int]:
        return find.counts(self.conn)
