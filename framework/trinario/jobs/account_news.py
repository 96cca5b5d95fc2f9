"""What the platform tells of an account by webhook: blocked, restricted, free again; the channel stops before a message is refused."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from trinario.jobs.account import Told, weigh, went
from trinario.model.failure import Action, Failure
from trinario.model.news import News
from trinario.model.standing import tier_of
from trinario.ports import Unit

FLAGS = {"FLAGGED": "red", "UNFLAGGED": "green"}
"""What people make of a number, by the events that tell of it."""

LIMITS = ("max_daily_conversations_per_business", "max_daily_conversation_per_phone", "current_limit")
"""Where the limit of a day stands, the one that counts first."""

LONG = timedelta(days=1)
"""How long marketing waits of which nobody says until when."""


def account_told(unit: Unit, news: News, now: datetime, told: Told) -> None:
    """Stop the channel that the news is of, hold its marketing, or let it go again; most news do none of these."""
    reader = _READERS.get(news.name)
    if reader is not None:
        reader(unit, news, now, told)


def _policy(unit: Unit, news: News, now: datetime, told: Told) -> None:
    """A Page that is blocked, and one that is not any more; a warning changes nothing (2B.4)."""
    action, reason = _text(news.data, "action"), _text(news.data, "reason")
    if action == "block":
        _stop(unit, news.channel, f"the platform has blocked the account: {reason}", now, told)
    elif action == "unblock":
        _free(unit, news.channel, now, told)


def _account(unit: Unit, news: News, now: datetime, told: Told) -> None:
    """What became of a WhatsApp account (2A.5)."""
    event = _text(news.data, "event")
    if event == "DISABLED_UPDATE":
        state = _text(_part(news.data, "ban_info"), "waba_ban_state")
        if state == "DISABLE":
            _stop(unit, news.channel, "WhatsApp has disabled the account", now, told)
        elif state == "REINSTATE":
            _free(unit, news.channel, now, told)
    elif event == "ACCOUNT_DELETED":
        _stop(unit, news.channel, "the WhatsApp account is deleted", now, told)
    elif event == "ACCOUNT_RESTRICTION":
        _restricted(unit, news, now, told)


def _restricted(unit: Unit, news: News, now: datetime, told: Told) -> None:
    """What the business begins waits until the restriction ends; one of answers stops the channel."""
    given = news.data.get("restriction_info")
    for one in given if isinstance(given, list) else [given]:
        if not isinstance(one, dict):
            continue
        kind, until = _text(one, "restriction_type"), _until(one.get("expiration"), now)
        if until is not None and until <= now:
            continue
        if "CUSTOMER_INITIATED" in kind:
            _stop(unit, news.channel, f"the platform has restricted the account: {kind}", now, told)
        elif "BIZ_INITIATED" in kind:
            after = (until or now + LONG) - now
            held = Failure(Action.RETRY, reason=kind, after=after.total_seconds(), holds="bulk")
            weigh(unit, news.channel, held, None, now, told)


def _quality(unit: Unit, news: News, now: datetime, told: Told) -> None:
    """A number that many people block or report is flagged; the same news tells of a new limit."""
    event = _text(news.data, "event")
    if event in FLAGS:
        unit.accounts.rated(news.channel, FLAGS[event])
    _capability(unit, news, now, told)


def _capability(unit: Unit, news: News, now: datetime, told: Told) -> None:
    """How many people the business may write to first within 24 hours; its name differs by the version of the webhook."""
    limits = [limit for name in LIMITS if (limit := tier_of(news.data.get(name)))]
    if limits:
        unit.accounts.limited(news.channel, limits[0])


def _stop(unit: Unit, channel: str, reason: str, now: datetime, told: Told) -> None:
    weigh(unit, channel, Failure(Action.ACCOUNT, reason=reason.rstrip(": ")[:500], holds="channel"), None, now, told)


def _free(unit: Unit, channel: str, now: datetime, told: Told) -> None:
    went(unit, channel, now, told)
    unit.accounts.try_again(channel, now)


def _until(value: Any, now: datetime) -> datetime | None:
    """The moment of seconds since 1970; None where none is told that could be one."""
    try:
        return datetime.fromtimestamp(float(value), now.tzinfo)
    except (OverflowError, OSError, TypeError, ValueError):
        return None


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _text(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name)
    return found if isinstance(found, str) else ""


_READERS: Mapping[str, Callable[[Unit, News, datetime, Told], None]] = {
    "policy_enforcement": _policy,
    "account_update": _account,
    "number_quality": _quality,
    "account_capability": _capability,
}
