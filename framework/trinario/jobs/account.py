"""What an answer of the platform means beyond its message: rests, slowed pace, held templates, trouble that is told."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from trinario import jsons
from trinario.jobs.campaign_faults import Refusals, Stuck
from trinario.model.failure import Action, Failure
from trinario.model.message import Content, Template, files_of
from trinario.model.outbox import NotSent, SendResult, Sent, Usage
from trinario.ports import Claimed, TemplateState, Unit, Writes

SHORTEST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
"""How long a channel rests at least and at most before one message tries whether its trouble is over."""

MINUTE = timedelta(minutes=1)
HIGH, FULL = 80.0, 100.0
"""Percent of an allowance from which on we slow down, and stop."""

STOPS = frozenset({Action.TOKEN, Action.ACCOUNT})


@dataclass(slots=True)
class Told:
    """What operators are to hear: channels in trouble that is new (with the failure), those that are well again; and `stuck`,
    slots of campaigns that are to stop."""

    troubled: list[tuple[str, Failure]] = field(default_factory=list)
    well: list[str] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)


class Scales:
    """What the answers to our calls mean beyond their messages. Nearly all mean nothing more, and cost nothing here.

    A dead token stops its channel; so does the account, refused for two people with no success in between.
    """

    def __init__(self) -> None:
        self._refused: dict[str, set[int]] = {}
        self._campaigns = Refusals()

    def weigh(self, unit: Unit, row: Claimed, result: SendResult, now: datetime, told: Told) -> None:
        """To be asked in the transaction that records the result."""
        channel = row.entry.identity.channel
        if isinstance(result, Sent):
            if row.probe:
                went(unit, channel, now, told)
            if self._refused:
                self._refused.pop(channel, None)
        elif isinstance(result, NotSent) and result.failure.holds == "file":
            for address in files_of(row.entry.content):
                unit.accounts.forget_upload(address)
        elif isinstance(result, NotSent) and result.failure.holds:
            weigh(unit, channel, self._of_all(row, channel, result.failure), row.entry.content, now, told)
        if stuck := self._campaigns.weigh(row, result):
            told.stuck.append(stuck)
        if result.usage is not None:
            heed(unit, channel, result.usage, now)

    def _of_all(self, row: Claimed, channel: str, failure: Failure) -> Failure:
        """The failure, or one that holds nothing while only one person met it."""
        if failure.action != Action.ACCOUNT or failure.holds != "channel" or row.probe:
            return failure
        whom = self._refused.setdefault(channel, set())
        whom.add(row.entry.contact)
        return failure if len(whom) > 1 else replace(failure, holds="")


def code_of(failure: Failure) -> str:
    """The platform's code as it is kept and shown."""
    if failure.action == "refused":
        return failure.reason
    return f"{failure.code}/{failure.subcode}" if failure.subcode else str(failure.code or failure.action)


def weigh(unit: Unit, channel: str, failure: Failure, content: Content | None, now: datetime, told: Told) -> None:
    """What stands still with a message that the platform did not take."""
    after = timedelta(seconds=failure.after or 0.0)
    match failure.holds:
        case "channel" if failure.action in STOPS:
            _stop(unit, channel, failure, now, told)
        case "channel":
            unit.accounts.rest(channel, now, now + after)
        case "bulk":
            unit.accounts.hold_bulk(channel, now + after)
            _note(unit, "marketing_held", channel, failure, now)
        case "template" if isinstance(content, Template):
            paused = failure.action == Action.RETRY
            status, until = ("PAUSED", now + after) if paused else ("DISABLED", None)
            state = TemplateState(channel, content.name, content.language, status, failure.reason, until)
            unit.templates.note(state, now)
            _note(unit, "template_held", channel, failure, now, template=content.name, language=content.language)


def _stop(unit: Unit, channel: str, failure: Failure, now: datetime, told: Told) -> None:
    """The channel stands still, longer and longer; that it does is told once."""
    if unit.accounts.trouble(channel, code_of(failure), failure.reason, now):
        told.troubled.append((channel, failure))
        _note(unit, "channel_trouble", channel, failure, now)
    since = next((one.since for one in unit.accounts.troubles(now) if one.channel == channel), None) or now
    unit.accounts.rest(channel, now, now + min(max(now - since, SHORTEST), LONGEST))


def went(unit: Unit, channel: str, now: datetime, told: Told) -> None:
    """What was to find out whether a trouble is over has gone."""
    if unit.accounts.well(channel):
        told.well.append(channel)
        unit.write(Writes(events=[(None, "channel_well", now, jsons.dumps({"channel": channel}))]), now)


def heed(unit: Unit, channel: str, usage: Usage, now: datetime) -> None:
    """Keep to the allowance: from 80 percent on the pace falls from a half to a twentieth, at 100 the channel rests."""
    if usage.percent >= FULL:
        unit.accounts.rest(channel, now, now + max(timedelta(seconds=usage.regain), MINUTE))
    elif usage.percent >= HIGH:
        unit.accounts.slow(channel, max(5, round((FULL - usage.percent) * 2.5)), now + MINUTE)


def _note(unit: Unit, name: str, channel: str, failure: Failure, now: datetime, **more: str) -> None:
    """A row of the history that is of no contact."""
    data = {"channel": channel, "code": code_of(failure), "reason": failure.reason, **more}
    unit.write(Writes(events=[(None, name, now, jsons.dumps(data))]), now)
