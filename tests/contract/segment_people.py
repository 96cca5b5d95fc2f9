"""People and expressions drawn at random, to hold the database's answers against the expression's own."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from trinario import jsons
from trinario.model.bot import Bot
from trinario.model.channel import Channel, Identity, Window
from trinario.model.country import country_of_identity
from trinario.model.flow import InputSpec
from trinario.model.value import pack
from trinario.runtime import build
from trinario.store.bulk import insert
from trinario.store.moments import ms
from trinario.store.tables import (
    CampaignSlotRow,
    ContactRow,
    EnrolmentRow,
    IdentityRow,
    RecipientRow,
    SessionRow,
)
from trinario.store.unit import SqlUnit

NOW = datetime(2026, 11, 1, 7, 30, 12, 345678, tzinfo=UTC)
"""The night on which America's clocks went back, a week after Europe's."""

TEXTS = ("", "a", "A", "Milano", "milano", "MILANO", "Forlì", "FORLÌ", "Straße", "STRASSE", "İz", "K", "Σας", "100%", "a_b",
         "'", '"x"', "\\", "{}", '{"$d":"2026-01-01"}', "[]", "0", "5", "true", "null", "é", "e\u0301", "😀", "Ω", "\ufffd",
         " ", "z\tz", "'; DROP TABLE contacts; --", "?", "$1", "%s")  # fmt: skip
NUMBERS = tuple(map(Decimal, ("0", "-1", "5", "5.0", "5.5", "0.1", "0.3", "100", "99.99", "1e15", "123456789012345678.5",
                              "0.1000000000000000000001", "-0.25", "1e-7")))  # fmt: skip
DAYS = tuple(date(2026, 10, 30) + timedelta(days=n) for n in range(5)) + (
    date(1990, 11, 1),
    date(2000, 2, 29),
    date(1, 1, 1),
)
ZONES = (
    None,
    "",
    "Europe/Rome",
    "America/New_York",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Asia/Kolkata",
    "No/Where",
)
TAGS = ("vip", "a", "Customer", "customer", 'q"vip', "vip\\", "ciò", ",", "a,b", "]")
PURPOSES = ("marketing",)
FLOWS, CAMPAIGNS, SEQUENCES = ("booking", "care"), ("spring", "autumn"), ("news",)

CHANNELS = {
    name: Channel(name, platform, build.LIMITS[platform], Window(free))
    for name, platform, free in (
        ("whatsapp", "whatsapp", 86400),
        ("fb-2", "messenger", 86400),
        ("ig", "instagram", 604800),
    )
}
FIELDS = {
    "city": InputSpec("text"), "note": InputSpec("text", "none"), "budget": InputSpec("number"),
    "visits": InputSpec("number", Decimal(0)), "open": InputSpec("yes_no"), "born": InputSpec("date"),
    "seen": InputSpec("datetime"), "hour": InputSpec("time"), "span": InputSpec("duration"), "likes": InputSpec("list"),
}  # fmt: skip
BOT = Bot(
    "t", "it", "Europe/Rome", CHANNELS, {}, fields=FIELDS, globals={"least": Decimal(5), "cities": ["Milano", "é"]}
)


def _moment(rng: random.Random) -> datetime:
    spread = rng.choice((timedelta(minutes=1), timedelta(hours=3), timedelta(days=40)))
    around = rng.choice((NOW, NOW - timedelta(days=7), NOW - timedelta(days=30), NOW - timedelta(hours=24)))
    found = around + spread * rng.uniform(-1, 1)
    return found.astimezone(rng.choice((UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-4)))))


def _value(rng: random.Random, kind: str) -> Any:
    match kind:
        case "text":
            return rng.choice(TEXTS)
        case "number":
            return rng.choice(NUMBERS)
        case "yes_no":
            return rng.random() < 0.5
        case "date":
            return rng.choice(DAYS)
        case "datetime":
            return _moment(rng)
        case "time":
            return rng.choice((time(9), time(9, 30), time(23, 59, 59), time(0)))
        case "duration":
            return rng.choice((timedelta(), timedelta(hours=1), timedelta(days=2, seconds=1)))
    return [rng.choice((*TEXTS[:6], Decimal(5), True)) for _ in range(rng.randrange(4))]


def _fields(rng: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, spec in FIELDS.items():
        lot = rng.random()
        if lot < 0.12:
            found[name] = None
        elif lot < 0.7:
            found[name] = _value(rng, spec.type)
        elif lot < 0.8:  # the declaration was another once
            found[name] = _value(rng, rng.choice(("text", "number", "yes_no", "date", "datetime", "list", "duration")))
    return found


def write_people(unit: SqlUnit, rng: random.Random, count: int) -> None:
    """So many contacts, with everything beside them that a segment asks for."""
    rows, identities, heard_on = [], [], list(CHANNELS)
    for id in range(1, count + 1):
        heard = {name: ms(_moment(rng)) for name in heard_on if rng.random() < 0.5}
        consent = {
            key: rng.random() < 0.5
            for key in ("marketing", "marketing@whatsapp", "marketing@fb-2")
            if rng.random() < 0.4
        }
        marks = {
            f"{kind}:{name}": ms(_moment(rng))
            for kind in ("prefers", "wishes")
            for name in (*heard_on, "")
            if rng.random() < 0.2
        }
        rows.append((
            id, ms(_moment(rng)), rng.choice((None, *TEXTS[:8])), rng.choice((None, *TEXTS[:8])),
            rng.choice((None, "", "it", "en", "pt_BR")), rng.choice(ZONES), jsons.dumps(pack(_fields(rng))),
            jsons.dumps(sorted({rng.choice(TAGS) for _ in range(rng.randrange(4))})), jsons.dumps(consent), jsons.dumps(heard),
            rng.choice((None, ms(_moment(rng)))), rng.choice((None, *heard_on, "gone")), rng.choice(("bot", "person")),
            jsons.dumps(marks), 1 if rng.random() < 0.03 and id > 1 else None,
        ))  # fmt: skip
        for number, name in enumerate(heard_on):
            if rng.random() < 0.6:
                until = rng.choice((None, ms(NOW) - 5, ms(NOW), ms(NOW) + 5000))
                value = rng.choice(("39333", "1415", "44", "US.", "ZZ.", "9", "380")) + f"{id:07}{number}"
                kind = ("bsuid" if "." in value else "phone") if name == "whatsapp" else "psid"
                country = country_of_identity(Identity(name, kind, value)) or ""
                identities.append(
                    (
                        id,
                        name,
                        kind,
                        value,
                        0,
                        rng.choice((None, "", "131026")),
                        until,
                        country,
                    )
                )
    columns = ("id", "created_at", "first_name", "last_name", "language", "timezone", "fields", "tags", "consent", "last_heard",
               "last_seen_at", "channel", "owner", "marks", "merged_into")  # fmt: skip
    insert(ContactRow, columns).run(unit.conn, rows)
    beside = ("unreachable", "unreachable_until", "country")
    insert(IdentityRow, ("contact_id", "channel", "kind", "value", "created_at", *beside)).run(unit.conn, identities)
    _write_beside(unit, rng, count)


def _write_beside(unit: SqlUnit, rng: random.Random, count: int) -> None:
    slots = [(number, name, "s", 0, 0) for number, name in enumerate(CAMPAIGNS, 1)]
    insert(CampaignSlotRow, ("id", "campaign", "slot", "due_at", "opened_at")).run(unit.conn, slots)
    sessions, recipients, enrolments = [], [], []
    for id in range(1, count + 1):
        for flow in FLOWS:
            if rng.random() < 0.3:
                sessions.append((f"{flow}{id}", id, flow, "r", rng.choice(("waiting", "aside", "ended")), "{}", 0))
        for number, _ in enumerate(CAMPAIGNS, 1):
            if rng.random() < 0.4:
                recipients.append((number, id, id, rng.choice((0, 2, 3)), 0, 0, ms(_moment(rng))))
        if rng.random() < 0.4:
            enrolments.append((id, "news", rng.choice(("live", "done")), 0))
    insert(SessionRow, ("id", "contact_id", "flow", "revision", "status", "state", "updated_at")).run(
        unit.conn, sessions
    )
    insert(RecipientRow, ("slot", "contact_id", "planned_for", "state", "due_at", "next_at", "at")).run(
        unit.conn, recipients
    )
    insert(EnrolmentRow, ("contact_id", "sequence", "state", "enrolled_at")).run(unit.conn, enrolments)


# ---- expressions


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _literal(rng: random.Random) -> str:
    return rng.choice((
        lambda: _quoted(rng.choice(TEXTS)), lambda: format(rng.choice(NUMBERS), "f"),
        lambda: rng.choice(("true", "false", "none")), lambda: _when(rng), lambda: "globals.least",
    ))()  # fmt: skip


def _when(rng: random.Random) -> str:
    return rng.choice(("ago('30d')", "ago('7d')", "ago('24h')", "now", "today", "now - duration('24h')", "ago('7d').date()",
                       "today - duration('1d')", "duration('1h')", "today.month", "today.day"))  # fmt: skip


TEXTED = ("fields.city", "fields.note", "contact.first_name", "contact.last_name", "contact.name", "contact.language",
          "contact.timezone", "contact.owner", "contact.country", "contact.preferred_channel", "channel.name", "channel.platform")  # fmt: skip
TIMED = (
    "contact.created_at",
    "contact.last_seen_at",
    "contact.last_heard.whatsapp",
    "contact.last_heard['fb-2']",
    "fields.seen",
)
OTHER = ("fields.budget", "fields.visits", "fields.open", "fields.born", "fields.hour", "fields.span", "fields.likes", "contact.id",
         "fields.born.month", "fields.born.day", "fields.seen.hour", "consent.marketing", "wants('marketing', 'fb-2')",
         "channel.window_open", "window_open('whatsapp')")  # fmt: skip


def _side(rng: random.Random) -> str:
    side = rng.choice(rng.choice((TEXTED, TIMED, OTHER)))
    lot = rng.random()
    if side in TEXTED[:3] and lot < 0.25:
        return f"({side} | lower)"
    if side in TEXTED[:3] and lot < 0.35:
        return f"{side}.lower()"
    if lot < 0.45 and ("fields." in side and side.count(".") == 1):
        return f"({side} | default({_fixed(rng)}))"
    return side


def _fixed(rng: random.Random) -> str:
    return rng.choice((_quoted(rng.choice(TEXTS)), format(rng.choice(NUMBERS), "f"), "true"))


SIGNS = ("==", "!=", "<", "<=", ">", ">=")


def _fit(rng: random.Random, side: str) -> str:
    """A value that fits, most of the time."""
    if rng.random() < 0.2:
        return _literal(rng)
    if any(side.strip("()").startswith(one) for one in TEXTED):
        return _quoted(rng.choice((*TEXTS, "it", "whatsapp", "bot", "messenger", "IT", "US")))
    if side in TIMED:
        return rng.choice(("ago('30d')", "ago('7d')", "ago('24h')", "now", "now - duration('24h')"))
    if "born" in side and side.count(".") == 1:
        return rng.choice(("today", "ago('7d').date()", "today - duration('1d')"))
    if "span" in side:
        return "duration('1h')"
    if "consent" in side or "open" in side or "wants" in side:
        return rng.choice(("true", "false"))
    return rng.choice((format(rng.choice(NUMBERS), "f"), "today.month", "today.day", "globals.least"))


def _leaf(rng: random.Random) -> str:
    side = _side(rng)
    plain = side.startswith(("fields", "contact")) and "()" not in side and side.count(".") == 1
    made: list[str] = [f"{side} {rng.choice(SIGNS)} {_fit(rng, side)}" for _ in range(5)]
    made += [f"{_fit(rng, side)} {rng.choice(SIGNS)} {side}", f"{_fit(rng, side)} < {side} <= {_fit(rng, side)}"]
    made.append(
        f"{side} {rng.choice(('in', 'not in'))} [{', '.join(_fit(rng, side) for _ in range(rng.randrange(4)))}]"
    )
    made.append(f"{side} in globals.cities")
    made.append(f"{rng.choice((_quoted(rng.choice(TAGS)), _literal(rng)))} {rng.choice(('in', 'not in'))} tags")
    made.append(f"{_quoted(rng.choice([*CHANNELS, 'x']))} in contact.channels")
    made.append(rng.choice((f"in_flow('{rng.choice(FLOWS)}')", f"received('{rng.choice(CAMPAIGNS)}')", "enrolled('news')",
                            f"received('{rng.choice(CAMPAIGNS)}', '{rng.choice(('30d', '24h', '1w', '2m'))}')",
                            f"reachable('{rng.choice(list(CHANNELS))}')")))  # fmt: skip
    if plain and side not in TIMED and side != "contact.id":
        made += [
            f"{_literal(rng)} in {side}",
            f"{side} is {rng.choice(('none', 'empty', 'not none', 'not empty', 'true'))}",
        ]
        made += [side, f"{side} {rng.choice(('==', '!='))} none"]
    if side.startswith(TEXTED):
        made.append(f"{side}.{rng.choice(('startswith', 'endswith'))}({_quoted(rng.choice(TEXTS))})")
    return rng.choice(made)


def expression(rng: random.Random, depth: int = 0) -> str:
    """An expression over everything that can be asked."""
    lot = rng.random()
    if depth >= 3 or lot < 0.4:
        return _leaf(rng)
    one = expression(rng, depth + 1)
    if lot < 0.55:
        return f"not ({one})"
    other = expression(rng, depth + 1)
    if lot < 0.6:
        return f"(({one}) if ({other}) else ({expression(rng, depth + 1)}))"
    return f"({one}) {'and' if lot < 0.8 else 'or'} ({other})"


def expressions(rng: random.Random, count: int) -> Sequence[str]:
    """So many of them."""
    return [expression(rng) for _ in range(count)]
