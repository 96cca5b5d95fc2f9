"""The families of people and accounts over a Connection: merges, privacy, accounts of channels."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from trinario.model.channel import Identity
from trinario.model.session import Session
from trinario.model.standing import NumberStanding
from trinario.ports import AccountToken, Erasure, Merge, Opening, Suggestion, Trouble, Uploaded
from trinario.store import (
    account_tokens,
    bounds,
    erase,
    fronts,
    known,
    merges,
    paces,
    partings,
    uploads,
)


class SqlAccounts:
    """Implements `ports.accounts.AccountUnit`."""

    __slots__ = ("_conn",)

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def grant_heavy(self, channel: str, wanted: int, pace: float, now: datetime) -> int:
        return paces.heavy(self._conn, channel, wanted, pace, now)

    def rest(self, channel: str, now: datetime, until: datetime) -> None:
        paces.rest(self._conn, channel, now, until)

    def slow(self, channel: str, share: int, until: datetime) -> None:
        paces.slow(self._conn, channel, share, until)

    def hold_bulk(self, channel: str, until: datetime) -> None:
        paces.hold_bulk(self._conn, channel, until)

    def trouble(self, channel: str, code: str, reason: str, now: datetime) -> bool:
        return paces.trouble(self._conn, channel, code, reason, now)

    def well(self, channel: str) -> bool:
        return paces.well(self._conn, channel)

    def try_again(self, channel: str, now: datetime) -> int:
        return paces.resume(self._conn, channel, now)

    def rated(self, channel: str, quality: str) -> bool:
        return bounds.rated(self._conn, channel, quality)

    def limited(self, channel: str, most: int) -> bool:
        return bounds.limited(self._conn, channel, most)

    def standings(self) -> list[NumberStanding]:
        return bounds.standings(self._conn)

    def troubles(self, now: datetime) -> list[Trouble]:
        return paces.troubles(self._conn, now)

    def token(self, channel: str) -> AccountToken | None:
        return account_tokens.find(self._conn, channel)

    def keep_token(self, token: AccountToken) -> None:
        account_tokens.keep(self._conn, token)

    def opening(self, channel: str) -> Opening:
        return fronts.find(self._conn, channel)

    def keep_opening(self, channel: str, opening: Opening, now: datetime) -> None:
        fronts.keep(self._conn, channel, opening, now)

    def keep_upload(self, upload: Uploaded, now: datetime) -> None:
        uploads.keep(self._conn, upload, now)

    def upload(self, account: str, digest: str, kind: str, now: datetime) -> Uploaded | None:
        return uploads.find(self._conn, account, digest, kind, now)

    def forget_upload(self, address: str) -> None:
        uploads.forget(self._conn, address)


class SqlMerges:
    """Implements `ports.merges.MergeUnit`."""

    __slots__ = ("_conn",)

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, merge: Merge) -> int:
        return merges.add(self._conn, merge)

    def end_doubled(self, kept: int, taken: int, now: datetime) -> list[int]:
        return merges.doubled(self._conn, kept, taken, now)

    def add_unlink(self, merge: Merge, identity: Identity) -> int:
        return merges.add_unlink(self._conn, merge, identity)

    def undo(self, merge: Merge, holder: int, by: str, reason: str, now: datetime) -> None:
        partings.undo(self._conn, merge, holder, by, reason, now)

    def heard_since(self, holder: int, mark: int) -> Iterator[tuple[int, str, str, str, str, datetime]]:
        return partings.heard_since(self._conn, holder, mark)

    def give(
        self, merge: Merge, holder: int, rows: Sequence[tuple[int, str, str]], identities: Collection[Identity]
    ) -> None:
        partings.give(self._conn, merge, holder, rows, identities)

    def withdraw_strays(
        self, strange: Mapping[int, Collection[str]], since: datetime
    ) -> list[tuple[int, str, str, bool]]:
        return partings.stray(self._conn, strange, since)

    def close_offers(self, pair: tuple[int, int], since: datetime, now: datetime) -> set[str]:
        return partings.close_offers(self._conn, pair, since, now)

    def resume(self, merge: int, sessions: Mapping[str, Session]) -> None:
        partings.resume(self._conn, merge, sessions)

    def moved_identities(self, merge: int) -> list[Identity]:
        return partings.moved_identities(self._conn, merge)

    def suggestions(self, contact: int | None, state: str, limit: int) -> list[Suggestion]:
        return known.suggestions(self._conn, contact, state, limit)

    def known_kinds(self, contacts: Collection[int]) -> Mapping[str, str]:
        return known.kinds(self._conn, contacts)

    def settle_suggestion(self, pair: tuple[int, int], state: str, by: str, now: datetime) -> None:
        known.settle(self._conn, pair, state, by, now)

    def said_by_people(
        self, contact: int, since: datetime
    ) -> tuple[set[tuple[str, str]], list[tuple[datetime, Identity]]]:
        return partings.said_by_people(self._conn, contact, since)

    def tickets_before(self, merge: int) -> set[int]:
        return partings.tickets_before(self._conn, merge)

    def former_identities(self, merge: int) -> list[Identity]:
        return partings.former_identities(self._conn, merge)

    def find(self, id: int) -> Merge | None:
        return merges.find(self._conn, id)

    def of(self, contact: int) -> list[Merge]:
        return merges.of_contact(self._conn, contact)

    def later(self, merge: Merge, people: Collection[int]) -> list[Merge]:
        return merges.later(self._conn, merge, people)

    def rewrite(self, merge: Merge) -> None:
        merges.rewrite(self._conn, merge)


class SqlPrivacy:
    """Implements `ports.privacy.PrivacyUnit`."""

    __slots__ = ("_conn",)

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def family(self, contact: int) -> list[int]:
        return erase.family(self._conn, contact)

    def erase(self, contacts: Sequence[int]) -> Mapping[str, int]:
        return erase.erase(self._conn, contacts)

    def takeout(self, contacts: Sequence[int]) -> Mapping[str, list[dict[str, Any]]]:
        return erase.takeout(self._conn, contacts)

    def bury(self, hashes: Collection[str], now: datetime) -> None:
        erase.bury(self._conn, hashes, now)

    def buried(self, hashes: Collection[str]) -> set[str]:
        return erase.buried(self._conn, hashes)

    def keep(self, erasure: Erasure) -> None:
        erase.keep(self._conn, erasure)

    def find(self, code: str) -> Erasure | None:
        return erase.find(self._conn, code)
