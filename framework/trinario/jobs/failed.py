"""Messages that the platform took and then did not deliver: what that means beyond them, and which are tried again.

A failure that is told twice, by the answer and by a webhook or by two webhooks, counts once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from trinario import jsons
from trinario.jobs.account import STOPS, Told, code_of, weigh
from trinario.jobs.happenings import opted_out
from trinario.jobs.hold import PAUSED
from trinario.model.consent import MARKETING
from trinario.model.failure import Action, Failure
from trinario.model.heard import Receipt
from trinario.model.message import Content, files_of
from trinario.model.wire_content import content_from_json
from trinario.ports import Inward, Landed, Unit

TRIES = 4
"""POSTs of a message whose failures pass; what holds the channel, marketing or a template does not count."""

BACK_OFF = 4.0
"""Seconds before the second; grows fourfold."""

REST = 60.0
"""Seconds that a message waits with its channel."""


@dataclass(slots=True)
class Fallen:
    """What is to be done about failures: `inward` for the inbox, `left` the receipts by which a message failed for good."""

    left: list[Receipt] = field(default_factory=list)
    inward: list[Inward] = field(default_factory=list)
    news: list[tuple[str, Failure]] = field(default_factory=list)
    """(channel, failure) of each message, once"""
    told: Told = field(default_factory=Told)


def fallen(unit: Unit, receipts: Sequence[Receipt], now: datetime) -> Fallen:
    """Weigh failures; to be asked before the receipts are applied. Messages that go once more are pending again."""
    found = Fallen()
    for receipt in receipts:
        if receipt.status != "failed":
            found.left.append(receipt)
            continue
        failure = receipt.failure or Failure("drop", reason="failed")
        landed = unit.landed(receipt)
        again = None
        if landed is not None:
            found.news.append((landed.channel, failure))
            again = _weigh(unit, landed, failure, receipt.message_id, now, found)
        if again is None:
            found.left.append(receipt)
    return found


def _weigh(unit: Unit, row: Landed, failure: Failure, message: str, now: datetime, found: Fallen) -> datetime | None:
    """When the row goes again; None: never."""
    content = _content(row)
    weigh(unit, row.channel, failure, content, now, found.told)
    if failure.action == Action.OPTOUT:
        found.inward.append(opted_out(row.contact, row.channel, row.key, failure))
    if failure.holds == "file" and content is not None:
        for address in files_of(content):
            unit.accounts.forget_upload(address)
    when, why = _again(row, failure, now) if message else (None, "")
    if when is not None:
        held = failure.holds in ("bulk", "template") or failure.action in STOPS
        unit.put_back(row.id, message, why, failure.reason, when, row.attempts if held else row.attempts + 1)
    return when


def _again(row: Landed, failure: Failure, now: datetime) -> tuple[datetime | None, str]:
    code, after = code_of(failure), timedelta(seconds=failure.after or 0.0)
    if failure.action in STOPS and failure.holds == "channel":
        return now + timedelta(seconds=REST), code
    if failure.holds == "bulk" and row.purpose == MARKETING:
        return now + after, code
    if failure.holds == "template" and failure.action == Action.RETRY:
        return now + after, PAUSED
    if failure.action in (Action.RETRY, Action.SLOW) and row.attempts + 1 < TRIES:
        pause = after or timedelta(seconds=BACK_OFF * 4**row.attempts)
        return now + (timedelta(0) if failure.holds == "file" else pause), code
    return None, code


def _content(row: Landed) -> Content | None:
    try:
        return content_from_json(jsons.loads(row.content))
    except (ValueError, KeyError, TypeError):
        return None
