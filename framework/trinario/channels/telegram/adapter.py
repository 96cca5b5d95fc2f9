"""The Telegram adapter: one bot of ours over the Bot API (ports.Adapter)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from trinario.channels.fit import fit
from trinario.channels.http.loopback import loopback_of
from trinario.channels.http.reading import text
from trinario.channels.http.transport import Transport
from trinario.channels.split import length, split
from trinario.channels.telegram.client import BotClient
from trinario.channels.telegram.commands import command_of, commands
from trinario.channels.telegram.decode import UPDATES
from trinario.channels.telegram.encode import Request, encode, is_sendable, typing_action
from trinario.channels.telegram.limits import LARGEST_FILE, LIMITS, LONGEST_START, PACE, UPLOADS_KEPT, WINDOW
from trinario.channels.telegram.names import CALLBACK
from trinario.model.channel import Identity, Limits, Window
from trinario.model.failure import Action, Failure
from trinario.model.message import ContactCard, Content, Media, Text
from trinario.model.outbox import NotSent, OutboxEntry, SendResult
from trinario.ports import Located, Tongues

_START = re.compile(f"[A-Za-z0-9_-]{{1,{LONGEST_START}}}")
CONNECTIONS = 40
LANGUAGES = ("de", "en", "es", "fr", "it", "pt")
"""Languages in which a menu of ours is looked for that no flow has any more."""
FORGOTTEN = "wrong file identifier"
"""What is said of the id of a file that is not known any more."""


@dataclass(frozen=True, slots=True)
class TelegramAccount:
    """One bot as bot.yaml names it. `webhook` is our address for its updates; "" if the outside cannot reach us."""

    channel: str
    bot_username: str
    token: str = field(repr=False)
    secret_token: str = field(default="", repr=False)
    url: str = "https://api.telegram.org"
    webhook: str = ""
    pace: float = PACE


class Telegram:
    """Speaks for one `TelegramAccount`."""

    platform = "telegram"
    limits: Limits = LIMITS
    window: Window = WINDOW
    correlated = False
    largest = LARGEST_FILE
    carries = True
    kept = UPLOADS_KEPT

    def __init__(self, account: TelegramAccount, transport: Transport) -> None:
        self.channel = account.channel
        self.pace = account.pace
        self._account = account
        self.account = account.bot_username
        self.media_hosts = hosts_of(account.url)
        self._client = BotClient(transport, account.url, account.token)

    def fit(self, content: Content) -> tuple[Content, ...]:
        """The content in parts that one call can carry."""
        return tuple(part for fitted in fit(content, LIMITS) for part in _counted(fitted))

    def deep_link(self, ref: str, code: str, sentence: str) -> str | None:
        """A t.me address that brings `ref`, hidden; None for a ref that a start parameter cannot hold."""
        return f"https://t.me/{self._account.bot_username}?start={ref}" if _START.fullmatch(ref) else None

    async def send(self, entry: OutboxEntry) -> SendResult:
        """Make one call. Never raises for anything the outside does."""
        try:
            request = encode(entry)
        except ValueError as reason:
            return NotSent(Failure(Action.FIX, reason=str(reason)))
        result = await self._client.send(request, entry.attempts)
        known = isinstance(entry.content, Media) and entry.content.uploaded
        if known and isinstance(result, NotSent) and FORGOTTEN in result.failure.reason.lower():
            return replace(result, failure=replace(result.failure, holds="file"))  # next time it goes along again
        return result

    async def locate(self, source: str, url: str) -> Located | Failure:
        """The address of a file that she sent."""
        return await self._client.locate(source)

    async def attend(self, identity: Identity, message_id: str, typing: bool) -> None:
        """Let go of the button that she tapped, and show that an answer is being written; there are no read marks."""
        if message_id.startswith(CALLBACK):
            query = message_id.removeprefix(CALLBACK)
            await self._client.call(Request("answerCallbackQuery", {"callback_query_id": query}))
        if typing:
            await self._client.call(typing_action(identity.value))

    async def known(self) -> tuple[bool, str]:
        """Whether Telegram knows this token, and as whom; else why not."""
        request = Request("getMe", {})
        if trouble := await self._client.trouble(request):
            return False, trouble
        return True, f"@{self._account.bot_username}"

    async def set_up(
        self, default_ref: Mapping[str, str], menu: Mapping[str, str] | None = None, tongues: Tongues | None = None
    ) -> list[str]:
        """Tell Telegram which commands the menu has, where our webhook is, and which updates we read."""
        told = await self._set_webhook()
        return [*await self._set_menu(menu or {}, tongues or {}), *told]

    async def _set_menu(self, menu: Mapping[str, str], tongues: Tongues) -> list[str]:
        """The items of the menu as commands, for everybody and in other languages; those of ours in a language that no flow
        has any more are deleted, and so are all of ours when no flow has a menu. What was given to it elsewhere it keeps.
        """
        if not menu and not (self._account.webhook and await self._has_ours("")):
            return []
        by_language = {name.partition("_")[0]: items for name, (_, items) in tongues.items()}
        others = {name: items for name, items in by_language.items() if len(name) == 2}
        wanted = {"": menu, **others} if menu else {}
        told = [line for language, items in wanted.items() for line in await self._set_commands(items, language)]
        for language in (*LANGUAGES, ""):  # the one for everybody last: while it stands the others are looked for
            if language not in wanted:
                told += await self._clear(language)
        return told

    async def _set_commands(self, menu: Mapping[str, str], language: str) -> list[str]:
        """One menu; of an item that no command can be made of, it is told, and it counts when it is typed."""
        made, left = commands(menu)
        told = [f'the menu\'s "{title}" can be no command of Telegram: it counts when it is typed' for title in left]
        spoken = {"language_code": language} if language else {}
        trouble = await self._client.trouble(Request("setMyCommands", {"commands": made, **spoken}))
        return [*told, *([f"the commands could not be set: {trouble}"] if trouble else [])]

    async def _has_ours(self, language: str) -> bool:
        """Whether a menu stands in this language, "" for everybody, that was made of titles."""
        spoken = {"language_code": language} if language else {}
        standing = await self._client.told(Request("getMyCommands", spoken))
        return bool(standing) and all(command_of(text(one, "description")) == one.get("command") for one in standing)

    async def _clear(self, language: str) -> list[str]:
        """Delete a menu in one language, if it is one that was made of titles: people would be shown nothing else."""
        if not await self._has_ours(language):
            return []
        spoken = {"language_code": language} if language else {}
        trouble = await self._client.trouble(Request("deleteMyCommands", spoken))
        which = f"the commands in {language}" if language else "the commands"
        return [f"{which} could not be deleted: {trouble}"] if trouble else []

    async def _set_webhook(self) -> list[str]:
        if not self._account.webhook:
            return ["the webhook is not set: TRINARIO_PUBLIC_URL is missing, and Telegram has to know where we are"]
        body = {
            "url": self._account.webhook,
            "secret_token": self._account.secret_token,
            "allowed_updates": list(UPDATES),
            "max_connections": CONNECTIONS,
        }
        trouble = await self._client.trouble(Request("setWebhook", body))
        return [f"the webhook could not be set: {trouble}"] if trouble else []


def hosts_of(url: str) -> tuple[str, ...]:
    """Where files are: at the host of the Bot API, with its port; on this machine by each of its names."""
    return loopback_of(url) or (urlsplit(url).netloc.rpartition("@")[2].lower(),)


def _counted(content: Content) -> Iterable[Content]:
    """A caption above links is fitted by code points; the few that have too many units stand below their file.

    Cards without a number, or with too much beside it, are said.
    """
    if isinstance(content, ContactCard) and not is_sendable(content):
        yield from fit(content, replace(LIMITS, contacts=False))
        return
    if not isinstance(content, Media) or length(content.caption, LIMITS.text_unit) <= LIMITS.caption:
        yield content
        return
    yield replace(content, caption="", links=())
    *before, last = split(content.caption, LIMITS.text, LIMITS.text_unit)
    yield from map(Text, before)
    yield Text(last, content.links)
