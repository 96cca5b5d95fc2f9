"""Tokens of our accounts that the platform renewed: sealed, one a channel."""

from sqlalchemy import Connection

from trinario.ports import AccountToken
from trinario.store.bulk import fetch, insert
from trinario.store.moments import moment, ms
from trinario.store.tables import AccountTokenRow

_KEEP = insert(
    AccountTokenRow,
    ("channel", "sealed", "origin", "renewed_at", "expires_at"),
    "ON CONFLICT (channel) DO UPDATE SET sealed = EXCLUDED.sealed, origin = EXCLUDED.origin,"
    " renewed_at = EXCLUDED.renewed_at, expires_at = EXCLUDED.expires_at",
)


def keep(conn: Connection, token: AccountToken) -> None:
    """The newest token of a channel counts."""
    _KEEP.run(conn, [(token.channel, token.sealed, token.origin, ms(token.renewed_at), ms(token.expires_at))])


def find(conn: Connection, channel: str) -> AccountToken | None:
    """What is kept of a channel's token."""
    sql = "SELECT sealed, origin, renewed_at, expires_at FROM account_tokens WHERE channel = ?"
    rows = fetch(conn, sql, channel)
    if not rows:
        return None
    sealed, origin, renewed, expires = rows[0]
    return AccountToken(channel, sealed, origin, moment(renewed), moment(expires))
