"""Short links of ours: kept with the message that has them, counted when they are opened."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from trinario import jsons
from trinario.ports.clicks import ShortLink
from trinario.store.bulk import execute, fetch, insert
from trinario.store.moments import ms
from trinario.store.tables import ShortLinkRow

_LINKS = insert(
    ShortLinkRow, ("token", "url", "contact_id", "key", "channel", "campaign", "made_at"), "ON CONFLICT DO NOTHING"
)


class SqlClicks:
    """Implements `ports.ClickUnit` on a Connection inside its transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def keep(self, links: Sequence[ShortLink], now: datetime) -> None:
        """Keep links; those that are there stay."""
        _LINKS.run(self._conn, [
            (one.token, one.url, one.contact, one.key, one.channel, one.campaign or None, ms(now)) for one in links
        ])  # fmt: skip

    def click(self, token: str, now: datetime) -> ShortLink | None:
        """Somebody opened a link: it is counted. None: there is no such one."""
        sql = "UPDATE short_links SET clicks = clicks + 1, clicked_at = COALESCE(clicked_at, ?) WHERE token = ?"
        if not execute(self._conn, sql, ms(now), token):
            return None
        found = self.find(token)
        if found is not None:
            told = {"url": found.url, "message": found.key, "channel": found.channel, "campaign": found.campaign}
            data = "" if self._conn.dialect.name == "sqlite" else "::jsonb"
            event = f"INSERT INTO events (contact_id, name, at, data) VALUES (?, 'click', ?, ?{data})"
            execute(self._conn, event, found.contact, ms(now), jsons.dumps(told))
        return found

    def find(self, token: str) -> ShortLink | None:
        """A link, without counting."""
        sql = "SELECT token, url, contact_id, key, channel, campaign FROM short_links WHERE token = ?"
        for name, url, contact, key, channel, campaign in fetch(self._conn, sql, token):
            return ShortLink(name, url, contact, key, channel, campaign or 0)
        return None
