"""One-time codes: sent within limits, guessed within limits, used once; and the phones that they prove."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from trinario.model.channel import Identity
from trinario.model.country import country_of_identity
from trinario.ports import CodeLimits, PhoneCode
from trinario.store.bulk import execute, fetch, insert
from trinario.store.moments import moment, moment_or_none, ms
from trinario.store.tables import PhoneCodeRow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

_OPENED = insert(
    PhoneCodeRow,
    ("name", "contact_id", "session", "channel", "number", "hash", "created_at", "expires_at"),
    "ON CONFLICT DO NOTHING",
)
_COUNT = "SELECT COUNT(*) FROM phone_codes WHERE created_at > ?"


def open_code(conn: Connection, code: PhoneCode, limits: CodeLimits, now: datetime) -> str:
    """Keep a code that is to be sent; gives why it may not be, "" if it may. The same code again is the same."""
    if fetch(conn, "SELECT 1 FROM phone_codes WHERE name = ?", code.name):
        return ""
    if conn.dialect.name != "sqlite":  # of two processes that send to one number, one counts after the other
        fetch(conn, "SELECT pg_advisory_xact_lock(hashtext(?::text))", f"code {code.channel} {code.number}")
    if reason := _too_many(conn, code, limits, now):
        return reason
    row = (code.name, code.contact, code.session, code.channel, code.number, code.hash, ms(now), ms(code.expires_at))
    _OPENED.run(conn, [row])
    return ""


def _too_many(conn: Connection, code: PhoneCode, limits: CodeLimits, now: datetime) -> str:
    hour, day = ms(now - HOUR), ms(now - DAY)
    asked = (
        (
            f"{_COUNT} AND number = ? AND channel = ?",
            (hour, code.number, code.channel),
            limits.number_hour,
            "this number",
        ),
        (
            f"{_COUNT} AND number = ? AND channel = ?",
            (day, code.number, code.channel),
            limits.number_day,
            "this number",
        ),
        (f"{_COUNT} AND contact_id = ?", (hour, code.contact), limits.contact_hour, "this contact"),
        (_COUNT, (hour,), limits.all_hour, "all together"),
    )
    return next(
        (f"too many codes for {whom}" for sql, values, most, whom in asked if fetch(conn, sql, *values)[0][0] >= most),
        "",
    )


def find_code(conn: Connection, name: str) -> PhoneCode | None:
    """A code by its name, whatever became of it; on PostgreSQL its row is locked."""
    lock = "" if conn.dialect.name == "sqlite" else " FOR UPDATE"
    sql = (
        "SELECT name, contact_id, session, channel, number, hash, expires_at, tries, used_at, kind, value"
        f" FROM phone_codes WHERE name = ?{lock}"
    )
    for name_, contact, session, channel, number, hash, expires, tries, used, kind, value in fetch(conn, sql, name):
        reached = Identity(channel, kind, value) if kind and value else None
        under_way = fetch(conn, "SELECT 1 FROM outbox WHERE key = ? AND status IN (0, 1)", f"{name_}/0/0")
        return PhoneCode(name_, contact, session, channel, number, hash, moment(expires), tries, moment_or_none(used),
                         reached, bool(under_way))  # fmt: skip
    return None


def reach_code(conn: Connection, name: str, identity: Identity) -> None:
    """The platform's answer to the sending named whom it reached."""
    execute(conn, "UPDATE phone_codes SET kind = ?, value = ? WHERE name = ?", identity.kind, identity.value, name)


def try_code(conn: Connection, name: str, used_at: datetime | None) -> None:
    """It was tried once more; with the right digits it is used."""
    sql = "UPDATE phone_codes SET tries = tries + 1, used_at = COALESCE(used_at, ?) WHERE name = ?"
    execute(conn, sql, ms(used_at) if used_at else None, name)


def add_identity(conn: Connection, contact: int, identity: Identity, now: datetime) -> bool:
    """An identity that nobody has becomes the contact's; False: somebody has it by now."""
    sql = (
        "INSERT INTO identities (contact_id, channel, kind, value, created_at, country) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING"
    )
    country = country_of_identity(identity) or ""
    return execute(conn, sql, contact, identity.channel, identity.kind, identity.value, ms(now), country) > 0


def prune(conn: Connection, before: datetime) -> int:
    """Forget codes that count for no limit any more."""
    return execute(conn, "DELETE FROM phone_codes WHERE created_at < ?", ms(before))
