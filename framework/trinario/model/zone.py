"""Where her clock stands: the contact's zone, and the hours and days of it in which something may be done."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers.timezone import time_zones_for_geographical_number

from trinario.errors import EvaluationError
from trinario.model.bot import Bot
from trinario.model.contact import Contact
from trinario.model.duration import localised

DAYS_LOOKED_AT = 14
"""An allowed day of the week comes within a week; twice that is sure."""


@lru_cache(maxsize=1024)
def zone(name: str) -> tzinfo | None:
    """The zone of that name; None when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_of(bot: Bot, contact: Contact) -> tzinfo:
    """The contact's zone, else that of the country of her phone if it has but one, else the bot's."""
    if contact.timezone and (own := zone(contact.timezone)):
        return own
    for identity in contact.identities:
        if identity.kind == "phone" and (country := _zone_of_phone(identity.value)):
            return country
    return zone(bot.timezone) or UTC


@lru_cache(maxsize=4096)
def _zone_of_phone(digits: str) -> tzinfo | None:
    """The zone of the number's country, if the whole country has one clock (Rome and the Vatican share one)."""
    try:
        code = phonenumbers.parse("+" + digits.lstrip("+")).country_code
    except phonenumbers.NumberParseException:
        return None
    # a number with nothing after the code of the country has the zones of the whole country
    names = time_zones_for_geographical_number(phonenumbers.PhoneNumber(country_code=code, national_number=0))
    zones = [found for name in names if (found := zone(name))]
    return zones[0] if len({_clock(one) for one in zones}) == 1 else None


def _clock(where: tzinfo) -> tuple[timedelta | None, ...]:
    return tuple(datetime(2026, month, 15, 12, tzinfo=UTC).astimezone(where).utcoffset() for month in (1, 4, 7, 10))


def allowed(moment: datetime, between: tuple[int, int] | None, days: frozenset[int], where: tzinfo) -> datetime:
    """The first moment from `moment` on that lies within the minutes `between` of an allowed day (0 is Monday), in UTC.

    Minutes that run over midnight (22:00-06:00) belong to the day on which they begin.
    """
    if between is None and not days:
        return moment.astimezone(UTC)
    local = moment.astimezone(where)
    begin, end = between or (0, 24 * 60)
    length = (end - begin) % (24 * 60) or 24 * 60
    for ahead in range(-1, DAYS_LOOKED_AT):
        day = local.date() + timedelta(days=ahead)
        if days and day.weekday() not in days:
            continue
        opens = localised(datetime.combine(day, time()) + timedelta(minutes=begin), where)
        closes = localised(datetime.combine(day, time()) + timedelta(minutes=begin + length), where)
        if moment < closes:
            return max(opens, moment.astimezone(UTC))
    raise EvaluationError("no day is allowed")
