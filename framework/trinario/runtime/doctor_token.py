"""What `trinario doctor` says of the tokens that a running bot renews and keeps sealed: how old, and until when."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from trinario.authoring.parse_bot import ChannelSettings
from trinario.errors import ConfigError
from trinario.ports import AccountToken
from trinario.runtime.finding import Finding
from trinario.runtime.renewal import digest_of
from trinario.runtime.settings import Settings
from trinario.runtime.upkeep import HEAD, current_revision, on_database
from trinario.store.account_tokens import find

SOON = timedelta(days=7)
"""A token that ends sooner should have been renewed long ago."""


async def kept_tokens(settings: Settings, channels: Sequence[ChannelSettings], now: datetime) -> list[Finding]:
    """A finding for each channel with a login of Instagram's own; none where there is no database to ask."""
    renewed = [one for one in channels if one.platform == "instagram" and one.values.get("login") == "instagram"]
    if not renewed or (settings.sqlite_path is not None and not settings.sqlite_path.exists()):
        return []
    try:
        if await current_revision(settings) != HEAD:
            return []
        kept = await on_database(settings, lambda conn: {one.id: find(conn, one.id) for one in renewed})
    except (ConfigError, SQLAlchemyError):
        return []  # the database's finding has said why
    return [of_kept(one.id, str(one.values.get("access_token", "")), kept[one.id], now) for one in renewed]


def of_kept(channel: str, configured: str, kept: AccountToken | None, now: datetime) -> Finding:
    """What is to be said of the token that is kept of one channel; `configured` is that of bot.yaml."""
    about = f"kept token of {channel}"
    if kept is None:
        mend = "start the bot: it takes over the token of bot.yaml, and renews it"
        return Finding(about, "doubtful", "none yet, so nobody renews the one of bot.yaml", mend)
    if kept.origin != digest_of(configured):
        return Finding(about, "fine", "bot.yaml has a new token; the bot takes it over when it starts next")
    age, left = (now - kept.renewed_at).days, kept.expires_at - now
    told = f"{age} days old, good until {kept.expires_at:%Y-%m-%d}; it is used instead of the one of bot.yaml"
    if left <= timedelta(0):
        mend = f"make a new token in the App Dashboard and put it where {channel} reads it"
        return Finding(about, "wrong", f"it ended on {kept.expires_at:%Y-%m-%d}, {age} days after it was renewed", mend)
    if left < SOON:
        mend = "see in the log why it could not be renewed, and that a process of the bot with a scheduler runs"
        return Finding(about, "doubtful", told, mend)
    return Finding(about, "fine", told)
