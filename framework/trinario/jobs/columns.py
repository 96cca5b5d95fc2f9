"""Columns of a sheet of contacts: what a header means, with near misses told, and the columns that an export writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from trinario.authoring.near import listed, mend, nearest
from trinario.jobs.cells import Unreadable
from trinario.model.bot import Bot
from trinario.model.consent import MARKETING

Kind = Literal["contact", "identity", "attribute", "field", "tags", "consent", "consent_at", "nothing"]

KINDS: Mapping[str, str] = {"whatsapp": "phone", "messenger": "psid", "instagram": "igsid", "telegram": "telegram"}
"""How platforms name people first; another platform by its own name."""

FURTHER: Mapping[str, tuple[str, ...]] = {"whatsapp": ("bsuid",)}
ATTRIBUTES = ("first_name", "last_name", "language", "timezone")
CONTACT, TAGS, CONSENT_AT, REJECTED = "contact", "tags", "marketing_at", "rejected because"
IGNORED = "-"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is and which one of them. Of an identity `name` is the channel, `detail` the kind of id; of a
    permission `detail` is the channel, "" for all; of a field `detail` is its declared type."""

    kind: Kind
    name: str = ""
    detail: str = ""


def columns_of(bot: Bot) -> dict[str, Column]:
    """Every column that there can be, in the order in which an export writes them."""
    found = {CONTACT: Column("contact")}
    for name, channel in bot.channels.items():
        found[name] = Column("identity", name, KINDS.get(channel.platform, channel.platform))
        for kind in FURTHER.get(channel.platform, ()):
            found[f"{name}:{kind}"] = Column("identity", name, kind)
    found |= {name: Column("attribute", name) for name in ATTRIBUTES}
    found |= {TAGS: Column("tags"), MARKETING: Column("consent", MARKETING)}
    found |= {f"{MARKETING}@{name}": Column("consent", MARKETING, name) for name in bot.channels}
    found[CONSENT_AT] = Column("consent_at")
    for name, spec in bot.fields.items():
        found[name if name not in found else f"fields.{name}"] = Column("field", name, spec.type)
    return found


def matched(bot: Bot, headers: Sequence[str], maps: Mapping[str, str]) -> list[Column]:
    """What each header means; `maps` says it for those whose own words do not (`-`: nothing). Raises Unreadable for one
    that nobody knows, or two that mean the same."""
    known = columns_of(bot)
    folded = {_folded(name): one for name, one in known.items()}
    folded |= {f"fields.{one.name}": one for one in known.values() if one.kind == "field"}
    wrong = [name for name in maps if name not in headers]
    if wrong:
        raise Unreadable(f"--map names the column {wrong[0]!r}, which the file does not have", mend(wrong[0], headers))
    for header, meant in maps.items():
        if not _is_known(meant, folded):
            raise Unreadable(f"--map says that {header!r} is {meant!r}, which is no column", mend(meant, known))
    _all_known(bot, headers, maps, folded, known)
    found = [_column(maps.get(header, header), header, folded) for header in headers]
    told = [one for one in found if one.kind != "nothing"]
    if len(set(told)) < len(told):
        twice = next(header for header, one in zip(headers, found, strict=True) if told.count(one) > 1)
        raise Unreadable(
            f"two columns mean the same, {twice!r} is one of them", f'leave one out with --map "{twice}=-"'
        )
    return found


def _all_known(
    bot: Bot, headers: Sequence[str], maps: Mapping[str, str], folded: Mapping[str, Column], known: Mapping[str, Column]
) -> None:
    """Raises Unreadable for headers that nobody knows, all at once, with the words to paste for each."""
    strange = [one for one in headers if one != REJECTED and not _is_known(maps.get(one, one), folded)]
    if not strange:
        return
    say = " ".join(f'--map "{one}={proposed(bot, maps.get(one, one)) or IGNORED}"' for one in strange)
    if len(strange) > 1:
        names = listed(repr(one) for one in strange)
        raise Unreadable(f"nobody knows what the columns {names} mean", f"say {say}, where - leaves a column out")
    (one,) = strange
    if proposed(bot, maps.get(one, one)):
        raise Unreadable(
            f"nobody knows what the column {one!r} means", f'say {say}, or --map "{one}=-" to leave it out'
        )
    raise Unreadable(f"nobody knows what the column {one!r} means",
                     f'{mend(maps.get(one, one), known)} Say --map "{one}=NAME", or --map "{one}=-" to leave it out')  # fmt: skip


def _is_known(meant: str, folded: Mapping[str, Column]) -> bool:
    return meant == IGNORED or _folded(meant) in folded


def _column(meant: str, header: str, folded: Mapping[str, Column]) -> Column:
    return Column("nothing") if meant == IGNORED or header == REJECTED else folded[_folded(meant)]


SPOKEN: Mapping[str, tuple[str, ...]] = {
    "phone": ("phone", "phone_number", "mobile", "mobile_number", "mobile_phone", "cell", "cell_phone", "tel", "telephone", "number",
              "telefono", "cellulare", "numero", "numero_di_telefono", "teléfono", "móvil", "celular", "telefon", "handy",
              "telefonnummer", "handynummer", "mobil", "téléphone", "portable", "telefone", "telemóvel", "wa_id", "msisdn"),
    "psid": ("psid", "messenger_id", "facebook_id"),
    "igsid": ("igsid", "instagram_id"),
    "first_name": ("name", "given_name", "firstname", "forename", "nome", "nombre", "vorname", "prénom", "primo_nome"),
    "last_name": ("surname", "family_name", "lastname", "cognome", "apellido", "apellidos", "nachname", "nom", "apelido", "sobrenome"),
    "language": ("lang", "locale", "lingua", "idioma", "sprache", "langue", "língua"),
    "timezone": ("time_zone", "zone", "tz"),
    "tags": ("tag", "labels", "label", "etichette", "etiquetas", "groups"),
    "marketing": ("consent", "opt_in", "optin", "subscribed", "newsletter", "consenso", "consentimiento", "einwilligung"),
}  # fmt: skip
"""What people call columns that we call otherwise."""


def proposed(bot: Bot, header: str) -> str:
    """What such a header usually means: `phone` is the WhatsApp number. "" when nobody can tell, or it is none of ours."""
    folded, known = _folded(header).replace("-", "_"), columns_of(bot)
    meant = next((name for name, words in SPOKEN.items() if folded in words), "")
    channels = [name for name, one in known.items() if one.kind == "identity" and one.detail == meant]
    near = nearest(header, known)
    return channels[0] if channels else meant if meant in known else near or ""


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")


def key_of(bot: Bot, key: str) -> Column | None:
    """The column that tells people apart: `phone` (the WhatsApp number), a channel, `channel:kind`, `field:NAME`,
    `contact`; "" is any id. Raises Unreadable."""
    known = columns_of(bot)
    phones = [name for name, one in known.items() if one.kind == "identity" and one.detail == "phone"]
    names = {**{name: one for name, one in known.items() if one.kind in ("identity", "contact")},
             **{f"field:{one.name}": one for one in known.values() if one.kind == "field"}}  # fmt: skip
    if phones:
        names["phone"] = known[phones[0]]
    if key and key not in names:
        raise Unreadable(f"--key {key} is none", mend(key, names, "say one of"))
    return names[key] if key else None
