"""What `trinario doctor` asks of Meta for one channel: the token and what it may do, the webhooks, their address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from trinario.authoring.parse_bot import ChannelSettings
from trinario.channels.graph.client import GraphClient, answered, complaint
from trinario.channels.http.over_aiohttp import AiohttpTransport
from trinario.channels.http.reading import items, mapping, mappings, text
from trinario.runtime import build
from trinario.runtime.finding import Finding
from trinario.runtime.settings import Settings

SOON = timedelta(days=7)
"""A token that ends sooner is worth a word."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a platform's channel needs: scopes, the object of its webhooks, fields without which it is deaf, and those
    without which it misses something."""

    scopes: Sequence[str]
    object: str
    fields: Sequence[str]
    better: Sequence[str] = ()


NEEDS: Mapping[str, Needs] = {
    "whatsapp": Needs(
        ("whatsapp_business_messaging", "whatsapp_business_management"), "whatsapp_business_account", ("messages",),
        ("message_template_status_update", "template_category_update", "account_update", "account_alerts", "phone_number_quality_update", "user_preferences"),
    ),
    "messenger": Needs(
        ("pages_messaging", "pages_manage_metadata"), "page", ("messages", "messaging_postbacks"),
        ("messaging_referrals", "message_echoes", "message_deliveries", "message_reads", "messaging_handovers"),
    ),
    "instagram": Needs(
        ("instagram_basic", "instagram_manage_messages"), "instagram", ("messages", "messaging_postbacks"),
        ("messaging_seen", "messaging_referral", "message_reactions", "comments"),
    ),
}  # fmt: skip

ALONE = ("instagram_business_basic", "instagram_business_manage_messages")
"""Scopes of Instagram's own login."""


@dataclass(frozen=True, slots=True)
class Examined:
    """One channel under examination: its settings, and clients with its own token and with the app's."""

    channel: ChannelSettings
    needs: Needs
    own: GraphClient
    app: GraphClient | None
    app_id: str
    alone: bool


def under_examination(
    settings: Settings, channel: ChannelSettings, all_: Sequence[ChannelSettings], session: aiohttp.ClientSession
) -> Examined | None:
    """None for a platform that is not Meta's. An app id that one channel names is that of the others with its secret."""
    needs = NEEDS.get(channel.platform)
    if needs is None:
        return None
    secret = _secret(channel)
    ids = [str(one.values["app_id"]) for one in (channel, *all_) if one.values.get("app_id") and _secret(one) == secret]
    alone = channel.platform == "instagram" and channel.values.get("login") == "instagram"
    url = settings.instagram_url if alone else settings.graph_url
    transport, token = AiohttpTransport(session), str(channel.values.get("access_token", ""))
    own = GraphClient(transport, url, settings.graph_version, token, secret)
    app_id = ids[0] if ids else ""
    app = (
        GraphClient(transport, settings.graph_url, settings.graph_version, f"{app_id}|{secret}")
        if app_id and secret
        else None
    )
    return Examined(channel, needs, own, app, app_id, alone)


def _secret(channel: ChannelSettings) -> str:
    secrets = channel.values.get("app_secret", ())
    return str(secrets[0]) if isinstance(secrets, tuple) and secrets else str(secrets or "")


async def token_of(one: Examined, now: datetime) -> Finding:
    """Whether the token is good, how long, and whether it may do what the channel needs."""
    about, name = f"token of {one.channel.id}", one.channel.id
    token = str(one.channel.values.get("access_token", ""))
    if one.app is None:
        mend = f"set app_id beside {name}'s app_secret in bot.yaml"
        return Finding(about, "doubtful", "what it may do cannot be asked without the id of the app", mend)
    outcome = await one.app.get("debug_token", {"input_token": token})
    data = mapping(answered(outcome) or {}, "data")
    if not data:
        mend = f"check app_id and app_secret of {name}: with them the app asks about its own tokens"
        return Finding(about, "wrong", f"Meta does not tell of it: {_shown(complaint(outcome, token), one)}", mend)
    if data.get("is_valid") is not True:
        why = text(mapping(data, "error"), "message") or "it is no longer valid"
        return Finding(
            about, "wrong", why, f"make a new token of a system user (or the Page) and put it where {name} reads it"
        )
    scopes = [scope for scope in items(data, "scopes") if isinstance(scope, str)]
    missing = [scope for scope in (ALONE if one.alone else one.needs.scopes) if scope not in scopes]
    if missing:
        mend = "make the token anew with these permissions granted, and have the app reviewed for them"
        return Finding(about, "wrong", f"it lacks {', '.join(missing)}", mend)
    return _lasting(about, data, now)


def _lasting(about: str, data: Mapping[str, Any], now: datetime) -> Finding:
    until = data.get("expires_at")
    if not isinstance(until, int) or until <= 0:
        return Finding(about, "fine", "valid without end, with every permission that is needed")
    end = datetime.fromtimestamp(until, UTC)
    if end - now < SOON:
        mend = "make a token that does not expire (a system user's), or renew this one in time"
        return Finding(about, "doubtful", f"it is valid until {end:%Y-%m-%d %H:%M} UTC only", mend)
    return Finding(about, "fine", f"valid until {end:%Y-%m-%d}, with every permission that is needed")


async def webhooks_of(one: Examined, settings: Settings) -> list[Finding]:
    """Whether events come to us: the app's callback and fields, and whether our account is subscribed to the app."""
    return [*await _callback(one, settings), await _subscribed(one)]


async def _callback(one: Examined, settings: Settings) -> list[Finding]:
    about, path = f"webhooks of {one.channel.id}", build.path_of(one.channel)
    if one.app is None:
        return []
    outcome = await one.app.get(f"{one.app_id}/subscriptions", {})
    body = answered(outcome)
    if body is None:
        return []  # the token's finding has said why
    place = f"App Dashboard, Webhooks, {one.needs.object}"
    known = next((each for each in mappings(body, "data") if text(each, "object") == one.needs.object), None)
    if known is None:
        return [Finding(about, "wrong", "the app has no callback address for them", f"{place}: enter ...{path}")]
    url = text(known, "callback_url")
    found = []
    wanted = (settings.public_url or "").rstrip("/") + path
    if settings.public_url and url != wanted:
        found.append(
            Finding(
                about, "doubtful", f"they go to {url}, not to {wanted}", f"{place}: change the address, if it is ours"
            )
        )
    fields = [text(each, "name") for each in mappings(known, "fields")]
    return [*found, _fields(about, fields, one.needs, place), await _reachable(one, url)]


def _fields(about: str, fields: Sequence[str], needs: Needs, place: str) -> Finding:
    if missing := [name for name in needs.fields if name not in fields]:
        return Finding(about, "wrong", f"not subscribed: {', '.join(missing)}", f"{place}: subscribe to these fields")
    if missing := [name for name in needs.better if name not in fields]:
        return Finding(
            about,
            "doubtful",
            f"not subscribed: {', '.join(missing)}",
            f"{place}: subscribe, so that none of it is missed",
        )
    return Finding(about, "fine", f"{len(fields)} fields are subscribed")


async def _reachable(one: Examined, url: str) -> Finding:
    """The address, asked as Meta asks it."""
    about, challenge = f"callback of {one.channel.id}", "1158201444"
    query = {
        "hub.mode": "subscribe",
        "hub.challenge": challenge,
        "hub.verify_token": str(one.channel.values.get("verify_token", "")),
    }
    mend = "see that the bot runs, and that its address leads to it with a certificate that the world knows"
    try:
        timeout = aiohttp.ClientTimeout(total=10.0)
        async with aiohttp.ClientSession() as session, session.get(url, params=query, timeout=timeout) as response:
            body = (await response.content.read(200)).decode(errors="replace")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
        return Finding(about, "doubtful", f"{url} cannot be reached from here ({type(fault).__name__})", mend)
    if response.status == 200 and body == challenge:
        return Finding(about, "fine", f"{url} answers with our verify token")
    mend = "see that the bot which answers there has the same verify_token"
    return Finding(about, "doubtful", f"{url} answers HTTP {response.status}, and not with the challenge", mend)


async def _subscribed(one: Examined) -> Finding:
    """Whether our account hands its events to the app at all."""
    about, values = f"subscription of {one.channel.id}", one.channel.values
    node = {"whatsapp": "waba_id", "messenger": "page_id"}.get(
        one.channel.platform, "account_id" if one.alone else "page_id"
    )
    account = str(values.get(node) or "")
    if not account:
        return Finding(about, "doubtful", f"{node} is not in bot.yaml, and cannot be asked", f"set {node}")
    outcome = await one.own.get(f"{account}/subscribed_apps", {})
    body = answered(outcome)
    call = f"POST /{account}/subscribed_apps"
    if body is None:
        why = complaint(outcome, str(values.get("access_token", "")))
        return Finding(about, "wrong", f"Meta does not tell of it: {why}", "check the token and the account's id")
    apps = mappings(body, "data")
    if not apps:
        return Finding(about, "wrong", f"{account} is subscribed to no app: nothing comes in", call)
    if one.channel.platform == "whatsapp":
        return Finding(about, "fine", f"{account} is subscribed to {len(apps)} app{'s' if len(apps) > 1 else ''}")
    fields = {name for app in apps for name in items(app, "subscribed_fields")}
    missing = [name for name in one.needs.fields if name not in fields]
    if missing:
        mend = f"{call} with subscribed_fields={','.join((*one.needs.fields, *one.needs.better))}"
        return Finding(about, "wrong", f"not subscribed: {', '.join(missing)}", mend)
    return Finding(about, "fine", f"{account} hands {len(fields)} fields to the app")


def _shown(words: str, one: Examined) -> str:
    """The secret of the app is in the token that asks."""
    secret = _secret(one.channel)
    return words.replace(secret, "***") if secret else words
