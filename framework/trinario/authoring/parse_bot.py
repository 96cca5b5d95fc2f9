"""bot.yaml to frozen values: a bot without its flows, the settings of its channels, or every issue it has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

from trinario.authoring.conversions_settings import check_conversions
from trinario.authoring.environment import Missing, hidden, names_in, odd_ones, substituted
from trinario.authoring.forms import BAD
from trinario.authoring.functions import Signature
from trinario.authoring.guard_settings import check_guard
from trinario.authoring.housekeeping_settings import check_housekeeping
from trinario.authoring.issue import Issue
from trinario.authoring.notes import Notes
from trinario.authoring.parse_campaign import ParsedCampaign
from trinario.authoring.parse_prices import ParsedPrices
from trinario.authoring.parse_templates import ParsedTemplates
from trinario.authoring.parse_values import check_defaults
from trinario.authoring.reader import Deed, Record, read_shape
from trinario.authoring.source import read_source
from trinario.authoring.spec import SHAPES
from trinario.authoring.webhook_settings import check_webhooks
from trinario.model.duration import Duration
from trinario.model.media import MediaFile
from trinario.model.retention import A_DAY, SHORTEST

Setting = str | tuple[str, ...] | Decimal | bool | Duration | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What an adapter needs of bot.yaml: `values` by key, `app_secret` always a tuple, `pace` a Decimal."""

    id: str
    platform: str
    values: Mapping[str, Setting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedBot:
    """What became of a bot.yaml. `record` is None when it is no YAML of ours or no mapping.

    `flows` are names and patterns as written; `missing` the variables of the environment that are not set;
    `campaigns` what the files of its campaigns/ folder declare; `functions` what its functions.py has (None: there is no
    such file).
    """

    file: str
    name: str
    record: Record | None
    notes: Notes | None
    issues: tuple[Issue, ...]
    settings: tuple[ChannelSettings, ...] = ()
    missing: tuple[Missing, ...] = ()
    media: Mapping[str, MediaFile] = field(default_factory=dict)
    templates: ParsedTemplates = field(default_factory=lambda: ParsedTemplates("templates.yaml"))
    prices: ParsedPrices = field(default_factory=lambda: ParsedPrices("prices.yaml"))
    campaigns: tuple[ParsedCampaign, ...] = ()
    functions: Mapping[str, Signature] | None = None
    functions_file: str = ""

    @property
    def flows(self) -> tuple[str, ...]:
        """Names of flows, and patterns over them, as written."""
        return tuple(self.record.get("flows") or ()) if self.record else ()

    @property
    def sequences(self) -> tuple[str, ...]:
        """The names of its sequences, of those with faults too."""
        return tuple(one.name for one in self.campaigns if one.kind == "sequence" and one.name)

    def lists(self, flow: str) -> bool:
        """Whether the bot uses the flow of that name."""
        return any(fnmatchcase(flow, pattern) for pattern in self.flows)

    def get(self, name: str) -> Any:
        """The value of a key of bot.yaml, or its default."""
        return self.record.get(name) if self.record else None


def parse_bot(data: bytes, file: str, environ: Mapping[str, str]) -> ParsedBot:
    """The bot of a file; what `environ` lacks stays as it is written, and is listed."""
    document = read_source(data, file)
    if isinstance(document, list):
        return ParsedBot(file, "", None, None, tuple(document))
    root, missing = substituted(document.root, environ)
    notes = Notes(document, list(document.warnings))
    for scalar, start, odd in odd_ones(document.root):
        notes.fault_within("T021", scalar, start, len(odd), f'"{odd}" names no variable of the environment',
                           "write ${NAME}: letters, digits and _, and nothing else between the braces")  # fmt: skip
    record = read_shape(SHAPES["bot"], root, (), notes)
    if record is BAD:
        return ParsedBot(file, "", None, notes, tuple(notes.issues), missing=tuple(missing))
    _check_channels(record, notes)
    check_defaults(record.get("fields"), notes)
    _check_media(record, notes)
    _check_retention(record, notes)
    check_housekeeping(record, notes)
    check_guard(record, notes)
    check_conversions(record, notes)
    check_webhooks(record, notes)
    settings = tuple(_settings(name, deed) for name, deed in (record.get("channels") or {}).items())
    name = record.get("bot") or ""
    used = {name: environ[name] for name in names_in(document.lines) if environ.get(name)}
    issues = tuple(sorted(hidden(notes.issues, used)))
    return ParsedBot(file, name, record, notes, issues, settings, tuple(missing))


def _settings(name: str, deed: Deed) -> ChannelSettings:
    values: dict[str, Setting] = {}
    if deed.record:
        for key in deed.record.keys:
            value = deed.record.get(key.name)
            if value is not None and key.name != "platform":
                values[key.name] = value
    return ChannelSettings(name, deed.verb.name, values)


def _check_channels(record: Record, notes: Notes) -> None:
    """Two channels cannot be one account; a page is needed for the login by Facebook."""
    seen: dict[tuple[str, Any], str] = {}
    for name, deed in (record.get("channels") or {}).items():
        if deed.record is None:
            continue
        key = deed.verb.keys[0].name  # that of the account stands first in the table
        account = (deed.verb.name, deed.record.get(key))
        if account in seen and account[1]:
            notes.fault("T017", deed.record.nodes[key], f'channels "{seen[account]}" and "{name}" are the same account',
                        "take one of them out")  # fmt: skip
        seen.setdefault(account, name)
        if deed.verb.name == "instagram" and deed.record.get("login") == "facebook" and not deed.record.has("page_id"):
            notes.fault("T014", deed.node, "a channel with login: facebook needs `page_id`",
                        "write the id of the page it is joined to, or login: instagram")  # fmt: skip


def _check_retention(record: Record, notes: Notes) -> None:
    """T182: what is forgotten too early is missed."""
    retention: Record | None = record.get("retention")
    if retention is None:
        return
    for name, value in retention.values.items():
        least = SHORTEST.get(name, A_DAY)
        if isinstance(value, Duration) and value.elapsed < least:
            days = f"{least.days} day" + "s" * (least.days > 1)
            notes.fault("T182", retention.nodes[name], f"`{name}` has to be kept for {days} at least",
                        f"write {least.days}d or more, or always")  # fmt: skip


def _check_media(record: Record, notes: Notes) -> None:
    """A bucket has a name, and a key comes with its secret."""
    media: Record | None = record.get("media")
    if media is None:
        return
    if media.get("store") == "s3" and not media.get("bucket"):
        notes.fault("T014", record.nodes["media"], "`media` with store: s3 needs `bucket`", "write the bucket's name")
    if media.has("access_key") != media.has("secret_key"):
        notes.fault("T014", record.nodes["media"], "`access_key` and `secret_key` need each other",
                    "write both, or none to use the machine's own")  # fmt: skip
    if (most := media.get("max_mb")) is not None and most <= 0:
        notes.fault(
            "T021", media.nodes["max_mb"], "`max_mb` has to be above 0", "write media: {fetch: []} to fetch nothing"
        )


def currency_of(parsed: ParsedBot) -> str:
    """The currency of the bot, else that of its region today; "" when neither is written."""
    if given := parsed.get("currency"):
        return str(given)
    from babel.numbers import get_territory_currencies

    region = parsed.get("region")
    found = get_territory_currencies(region) if region else []
    return found[0] if found else ""


def greeting_of(given: str | Mapping[str, str] | None, locale: str) -> Mapping[str, str]:
    """What is shown before the first message, by the names that Meta has for languages with their countries."""
    if not given:
        return {}
    texts = {locale: given} if isinstance(given, str) else dict(given)
    named = {country_name(name): text for name, text in texts.items()}
    return {"default": texts.get(locale) or next(iter(texts.values())), **{k: v for k, v in named.items() if k}}


def country_name(locale: str) -> str:
    """`it_IT` for `it`, `pt_BR` for `pt-BR`: a language as Meta calls it; "" for one of which no country is known."""
    from babel.core import get_global

    language, _, country = locale.replace("-", "_").partition("_")
    country = country or get_global("likely_subtags").get(language, "").rpartition("_")[2]
    return f"{language}_{country.upper()}" if country else ""
