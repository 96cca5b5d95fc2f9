"""What `trinario doctor` looks at: configuration, database, clock, and whether the Graph knows our accounts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from trinario.authoring.load import load_bot, read_bot
from trinario.authoring.media_settings import media_of
from trinario.authoring.parse_bot import ChannelSettings
from trinario.authoring.printing import print_issues
from trinario.authoring.retention_settings import retention_of
from trinario.channels.graph.client import GraphClient, answered, complaint
from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.channels.http.transport import Lost, NotReached, Outcome
from trinario.errors import ConfigError
from trinario.jobs.retention import in_words
from trinario.model.bot import Bot
from trinario.model.flow import Notify
from trinario.runtime import build
from trinario.runtime.database import Database
from trinario.runtime.doctor_graph import token_of, under_examination, webhooks_of
from trinario.runtime.doctor_media import media_of_people
from trinario.runtime.doctor_segments import slow_segments
from trinario.runtime.doctor_token import kept_tokens
from trinario.runtime.finding import Finding
from trinario.runtime.mail import EXAMPLE
from trinario.runtime.secret import ADVICE, key_file
from trinario.runtime.settings import Settings, load_settings, strange_variables
from trinario.runtime.upkeep import HEAD, current_revision, on_database
from trinario.store.paces import troubles

MOST_DRIFT = 30.0
"""Seconds that our clock may differ from Meta's."""

SHORT_KEY = 32


async def examine(bot: Path, environ: Mapping[str, str]) -> list[Finding]:
    """Look at everything that can be looked at; what is wrong early does not hide what comes later."""
    strange = strange_variables(environ)
    found = [Finding("environment", "doubtful", words, "correct it or unset it") for words in strange]
    try:
        settings = load_settings()
    except ConfigError as error:
        wrong = [Finding("environment", "wrong", line, "set it as said and ask again") for line in _lines(error)]
        return [*found, *wrong]
    found.append(Finding("environment", "fine", "every TRINARIO_ variable can be read"))
    found += _keys(settings)
    found += await _database(settings)
    channels = _bot(bot, environ, settings, found)
    found += await _media(bot, environ, settings)
    found += await slow_segments(bot, settings)
    async with aiohttp.ClientSession() as session:
        found += await _clock(settings, session)
        for channel in channels:
            found += await _channel(settings, channel, channels, session)
    found += await kept_tokens(settings, channels, datetime.now(UTC))
    found += await _troubles(settings)
    return found


async def _channel(
    settings: Settings, channel: ChannelSettings, channels: tuple[ChannelSettings, ...], session: aiohttp.ClientSession
) -> list[Finding]:
    """The account, its token and its webhooks; of an account that the Graph does not show nothing more is asked."""
    one = under_examination(settings, channel, channels, session)
    if one is None:
        return await _elsewhere(settings, channel, session)
    account = await _account(settings, channel, session)
    if "cannot be reached" in account.what or "no address" in account.what:
        return [account]
    rest = [] if account.state == "wrong" else await webhooks_of(one, settings)
    return [account, await token_of(one, datetime.now(UTC)), *rest]


async def _troubles(settings: Settings) -> list[Finding]:
    """Channels that a running bot has found in trouble."""
    if settings.sqlite_path is not None and not settings.sqlite_path.exists():
        return []
    try:
        if await current_revision(settings) != HEAD:
            return []
        known = await on_database(settings, lambda conn: troubles(conn, datetime.now(UTC)))
    except (ConfigError, SQLAlchemyError):
        return []  # the database's finding has said why
    return [
        Finding(
            f"channel {one.channel}", "wrong", f"stands still since {one.since:%Y-%m-%d %H:%M} UTC: {one.code} {one.reason}".rstrip(),
            f"docs/reference/errors-of-meta.md says what {one.code} asks for; its messages wait, and go when it is over;"
            f" `trinario channels resume {one.channel}` has it try at once",
        )
        for one in known if one.code and one.since
    ]  # fmt: skip


async def _elsewhere(settings: Settings, channel: ChannelSettings, session: aiohttp.ClientSession) -> list[Finding]:
    """A channel of a platform that is not Meta's: whether the platform knows it, and whether it knows where we are."""
    known = build.PLATFORMS[channel.platform].known
    if known is None:
        return []
    about, graph = f"channel {channel.id}", build.graph_of(settings)
    well, words = await known(channel, graph, AiohttpTransport(session))
    if not well:
        mend = f"check the token of {channel.id} in bot.yaml, and that this machine may call out"
        return [Finding(about, "wrong", f"{channel.platform} does not know it: {words}", mend)]
    if not graph.public_url:
        mend = "set TRINARIO_PUBLIC_URL to what the outside calls us: the bot hands that on when it starts"
        return [Finding(about, "doubtful", f"known as {words}, but the platform will not find us", mend)]
    return [Finding(about, "fine", f"known as {words}")]


def _lines(error: ConfigError) -> list[str]:
    return str(error).splitlines()


def _keys(settings: Settings) -> list[Finding]:
    """The secret key and the API's token."""
    found = []
    given = settings.given_secret_key
    if given is not None and len(given.get_secret_value()) < SHORT_KEY:
        what = f"TRINARIO_SECRET_KEY is shorter than {SHORT_KEY} characters"
        found.append(Finding("secret key", "doubtful", what, f"set it to the outcome of {ADVICE}"))
    elif given is not None:
        found.append(Finding("secret key", "fine", "TRINARIO_SECRET_KEY is set"))
    elif settings.sqlite_path is None:
        what = "TRINARIO_SECRET_KEY is not set, and PostgreSQL needs it"
        found.append(Finding("secret key", "wrong", what, f"set it to the outcome of {ADVICE}"))
    else:
        found.append(_key_file(settings.database))
    if settings.api_token is None:
        found.append(Finding("API", "fine", "off; it is on when TRINARIO_API_TOKEN is set"))
    elif len(settings.api_token) < SHORT_KEY:
        what = f"TRINARIO_API_TOKEN is shorter than {SHORT_KEY} characters and could be guessed"
        found.append(Finding("API", "doubtful", what, f"set it to the outcome of {ADVICE}"))
    else:
        found.append(Finding("API", "fine", "on"))
    return found


def _key_file(database: Database) -> Finding:
    file = key_file(database)
    if not file.exists():
        return Finding("secret key", "fine", f"none yet; the first start makes one in {file}")
    if file.stat().st_mode & 0o077:
        return Finding("secret key", "doubtful", f"{file} can be read by others", f"chmod 600 {file}")
    return Finding("secret key", "fine", f"kept in {file}")


def _mail(settings: Settings, bot: Bot) -> Finding:
    """Whether notices to mail addresses can go out, if there are any."""
    if (smtp := settings.smtp) is not None:
        return Finding("mail", "fine", f"by {smtp.shown}, from {smtp.sender}")
    told = [address for team in bot.teams.values() for address in team.notify]
    for flow in bot.flows.values():
        told += [address for step in flow.steps.values() if isinstance(step, Notify) for address in step.to]
    if not any(address.startswith("mailto:") for address in told):
        return Finding("mail", "fine", "off, and nobody is to be told anything by mail")
    what = "people are to be told things by mail, and TRINARIO_SMTP_URL is not set: such notices fail"
    return Finding("mail", "doubtful", what, f"set it like {EXAMPLE}")


async def _database(settings: Settings) -> list[Finding]:
    """Whether it answers, at which revision it is, and whether a lost server would lose messages."""
    shown = settings.database.shown
    path = settings.sqlite_path
    if path is not None and not path.exists():
        folder = path.absolute().parent
        if not folder.is_dir():
            return [Finding("database", "wrong", f"{shown}: there is no folder {folder}", f"mkdir -p {folder}")]
        return [Finding("database", "fine", f"{shown}: not there yet; the first start makes it")]
    try:
        revision = await current_revision(settings)
        standby = None if path is not None else await on_database(settings, _standby)
    except ConfigError as error:
        return [Finding("database", "wrong", str(error), "see that it runs and that the address is right")]
    found = [_revision(shown, revision)]
    if standby == "":
        what = "no synchronous standby: a lost server may lose the last messages"
        mend = "set up replication and synchronous_standby_names, if that matters here"
        found.append(Finding("database", "doubtful", what, mend))
    return found


def _revision(shown: str, revision: str | None) -> Finding:
    if revision is None:
        return Finding("database", "fine", f"{shown}: empty; the first start makes its tables")
    if revision == HEAD:
        return Finding("database", "fine", f"{shown}: at revision {revision}")
    what = f"{shown}: at revision {revision}, this version needs {HEAD}"
    return Finding("database", "doubtful", what, "trinario db upgrade (run does it by itself)")


def _standby(conn: Connection) -> str:
    return str(conn.exec_driver_sql("SHOW synchronous_standby_names").scalar() or "")


def _bot(
    bot: Path, environ: Mapping[str, str], settings: Settings, found: list[Finding]
) -> tuple[ChannelSettings, ...]:
    """The channels of the bot, if it can start."""
    try:
        loaded = load_bot(bot, build.LIMITS, environ, build.WINDOWS)
    except ConfigError as error:
        found.append(Finding("bot", "wrong", str(error), "mend it and ask again"))
        return ()
    count = f"{len(loaded.bot.flows)} flows, {len(loaded.settings)} channels"
    found.append(Finding("bot", "fine", f"{bot}: {count}"))
    found.append(_mail(settings, loaded.bot))
    if loaded.issues:
        found.append(Finding("bot", "doubtful", print_issues(loaded.issues).rstrip(), "trinario check"))
    return loaded.settings


async def _media(bot: Path, environ: Mapping[str, str], settings: Settings) -> list[Finding]:
    """Where copies of people's files are kept, as the bot says it; of a bot that cannot be read nothing is asked."""
    try:
        parsed = read_bot(bot, environ)
        kept = ", ".join(f"{name} {long}" for name, long in in_words(retention_of(parsed)).items())
        return [*await media_of_people(media_of(parsed), settings), Finding("retention", "fine", f"kept: {kept}")]
    except ConfigError:
        return []


async def _clock(settings: Settings, session: aiohttp.ClientSession) -> list[Finding]:
    """Our clock against that of the Graph: windows and signatures go by it."""
    if settings.clock_url:
        return [Finding("clock", "doubtful", f"follows the emulator at {settings.clock_url}", "fine for a demo only")]
    try:
        timeout = aiohttp.ClientTimeout(total=10.0)
        async with session.get(settings.graph_url, timeout=timeout, allow_redirects=False) as response:
            theirs = parsedate_to_datetime(response.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, OSError) as fault:
        return [_unreached(settings.graph_url, fault)]
    except (KeyError, ValueError, TypeError):
        return [Finding("clock", "doubtful", f"{settings.graph_url} does not say what time it is")]
    drift = (datetime.now(UTC) - theirs.replace(tzinfo=theirs.tzinfo or UTC)).total_seconds()
    if abs(drift) > MOST_DRIFT:
        what = f"this machine is {abs(drift):.0f} seconds {'ahead of' if drift > 0 else 'behind'} Meta"
        return [Finding("clock", "wrong", what, "have the machine's time set by NTP")]
    return [Finding("clock", "fine", f"within {MOST_DRIFT:.0f} seconds of Meta's")]


def _unreached(url: str, fault: Exception) -> Finding:
    """Why the Graph was not reached, and what to look at: a name, a port, or silence."""
    host = urlsplit(url).hostname or url
    if isinstance(fault, aiohttp.ClientConnectorDNSError):
        mend = (
            f"see that this machine can look names up (try `getent hosts {host}`), and that TRINARIO_GRAPH_URL is right"
        )
        return Finding("Graph", "wrong", f"no address is known for the host {host}", mend)
    if isinstance(fault, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        mend = "see that this machine's clock and its certificates are right, and that no proxy opens the connection"
        return Finding("Graph", "wrong", f"{host} does not prove who it is", mend)
    if isinstance(fault, TimeoutError):
        mend = f"see that a firewall lets this machine call out to {host}"
        return Finding("Graph", "wrong", f"{host} does not answer within ten seconds", mend)
    mend = f"see that this machine may call out to {host}, and that TRINARIO_GRAPH_URL is right"
    return Finding("Graph", "wrong", f"{url} cannot be reached", mend)


async def _account(settings: Settings, channel: ChannelSettings, session: aiohttp.ClientSession) -> Finding:
    """Whether the Graph shows our account to whoever has this token."""
    token = str(channel.values.get("access_token", ""))
    secrets = channel.values.get("app_secret", ())
    secret = secrets[0] if isinstance(secrets, tuple) and secrets else ""
    alone = channel.platform == "instagram" and channel.values.get("login") == "instagram"
    url = settings.instagram_url if alone else settings.graph_url
    client = GraphClient(AiohttpTransport(session), url, settings.graph_version, token, secret)
    account, fields = _question(channel)
    outcome: Outcome = await client.get(account, {"fields": fields})
    about = f"channel {channel.id}"
    answer = answered(outcome)
    if isinstance(outcome, NotReached | Lost):
        host = urlsplit(url).hostname or url
        what = f"no address is known for the host {host}" if "DNS" in outcome.reason else f"{host} cannot be reached"
        return Finding(about, "wrong", what, f"see that this machine can look up and call {host}; then ask again")
    if answer is None:
        mend = f"check {channel.id}'s access_token, app_secret and account id in bot.yaml"
        return Finding(about, "wrong", f"the Graph refuses {account}: {complaint(outcome, token)}", mend)
    name = next((str(answer[field]) for field in fields.split(",") if field in answer), account)
    return Finding(about, "fine", f"the Graph knows {name}")


def _question(channel: ChannelSettings) -> tuple[str, str]:
    """Which object is ours on this platform, and by which field people know it."""
    if channel.platform == "whatsapp":
        return str(channel.values.get("phone_number_id", "")), "display_phone_number,verified_name"
    if channel.platform == "messenger":
        return str(channel.values.get("page_id", "")), "name"
    return str(channel.values.get("account_id", "")), "username"
