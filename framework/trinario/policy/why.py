"""The walk of one message, kept in few bytes, and told in sentences that a marketer reads."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

from trinario.model.prices import told_of
from trinario.policy.verdict import Answer, Asked

ANSWERS: tuple[Answer, ...] = get_args(Answer)


def packed(walk: Sequence[Asked]) -> str:
    """The walk as JSON; "" where the first channel took the message and there is nothing to tell."""
    if not walk:
        return ""
    lines = [
        [one.channel, ANSWERS.index(one.answer), one.code, one.detail, int(one.until.timestamp()) if one.until else 0]
        for one in walk
    ]
    return json.dumps(lines, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str | None) -> tuple[Asked, ...]:
    """The walk that `packed` wrote."""
    return tuple(
        Asked(channel, ANSWERS[answer], code, detail, datetime.fromtimestamp(until, UTC) if until else None)
        for channel, answer, code, detail, until in json.loads(text or "[]")
    )


@dataclass(frozen=True, slots=True)
class CopyFate:
    """One copy of a message that was tried on several channels."""

    channel: str
    status: str
    at: datetime
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class PlanNote:
    """What a delivery plan did: `escalated` (to a channel, and why), `plan_over`, `exhausted`."""

    name: str
    at: datetime
    why: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """What is kept of one message of ours. `status` is a word of model/outbox.py; `until`: it waits until then.

    `pushed`: marketing that she had not asked for. `price` is what the platform told of its cost. `step` is `flow.step`, "" for what no flow says.
    """

    channel: str
    status: str
    purpose: str
    step: str = ""
    human: bool = False
    pushed: bool = False
    refusal: str = ""
    detail: str = ""
    until: datetime | None = None
    walk: tuple[Asked, ...] = ()
    copies: tuple[CopyFate, ...] = ()
    notes: tuple[PlanNote, ...] = ()
    price: str = ""


def sentences(sending: Sending) -> list[str]:
    """Why it went or not, why there, and why not elsewhere."""
    return [_who(sending), *_fate(sending), *_walked(sending), *_planned(sending), *_cost(sending)]


def _cost(sending: Sending) -> list[str]:
    """What the platform told; nothing where it told nothing."""
    if not sending.price:
        return []
    told = told_of(sending.price)
    if told.charged:
        return [f"{sending.channel} charges it as {told.category}, once it is delivered."]
    return [f"{sending.channel} does not charge it: {told.kind or 'free'} ({told.category})."]


def _planned(sending: Sending) -> list[str]:
    """The delivery plan, if there is one: each copy, why the next channel was tried, and why it stopped."""
    lines = []
    for number, copy in enumerate(sending.copies if len(sending.copies) > 1 else (), 1):
        became = copy.status + (f", {copy.refusal}" if copy.refusal else "")
        lines.append(f"Copy {number} was for {copy.channel}, at {copy.at:%Y-%m-%d %H:%M} UTC: {became}.")
    for note in sending.notes:
        match note.name:
            case "escalated":
                lines.append(f"{note.channel} was tried next, at {note.at:%Y-%m-%d %H:%M} UTC: {note.why}.")
            case "exhausted":
                lines.append(f"No channel was left, at {note.at:%Y-%m-%d %H:%M} UTC: {note.why}.")
            case _:
                lines.append(f"No other channel is tried any more: {note.why}.")
    return lines


def _who(sending: Sending) -> str:
    if sending.human:
        return "A person of the team wrote it."
    said = f"The step {sending.step} said it" if sending.step else "The bot said it in its own words"
    match sending.purpose, sending.pushed:
        case "marketing", True:
            return f"{said}: marketing that she had not asked for, so permission, quiet hours and caps were asked."
        case "marketing", False:
            return (
                f"{said}: marketing, in answer to what she had just done, so permission was asked and the hour was not."
            )
        case purpose, _:
            return f"{said}: a {purpose} message, for which neither permission nor the hour is asked."


def _fate(sending: Sending) -> list[str]:
    where, why = sending.channel, sending.detail or reason(sending.refusal)
    match sending.status:
        case "refused":
            return [f"It was not sent: {why}."]
        case "failed":
            return [f"It was handed to {where}, and failed: {why}."]
        case "withdrawn":
            return ["It was taken back before it went: the flow that said it was over."]
        case "pending" if sending.until and sending.refusal:
            held = next((line.detail for line in sending.walk if line.code == sending.refusal), why)
            return [
                f"It waits to go on {where} until {sending.until:%Y-%m-%d %H:%M} UTC: {held}. Then it is asked again."
            ]
        case "pending":
            return [f"It is about to go on {where}."]
        case "sending" | "unknown":
            return [f"It went on {where}, and what became of it is not known yet."]
        case status:
            return [f"It went on {where}: {status}."]


def _walked(sending: Sending) -> list[str]:
    """The channels that were asked; without a walk it was the first."""
    if not sending.walk:
        if sending.status == "refused":
            return []
        return [
            f"{sending.channel} was the first channel of the delivery order, and could take it: no other was asked."
        ]
    lines = []
    for line in sending.walk:
        match line.answer:
            case "allow":
                lines.append(f"{line.channel} could take it: no other was asked after it.")
            case "defer":
                until = f" (until {line.until:%Y-%m-%d %H:%M} UTC)" if line.until else ""
                lines.append(f"{line.channel} could not take it at once{until}: {line.detail}.")
            case "refuse":
                lines.append(f"{line.channel} could not take it: {line.detail}.")
    return lines


_REASONS = {
    "quiet_hours": "it is quiet where she is",
    "owner": "a person of the team has the conversation",
    "rest": "the platform has kept marketing from her",
    "cap": "she has got as much marketing as she gets at most",
    "template_paused": "the platform has paused the template",
    "template_disabled": "the template is not good any more",
    "opted_out": "she does not want marketing",
    "no_consent": "she has not said yes to marketing, and it takes a yes",
    "not_meant": "the campaign was not for her any more when it was about to go",
    "window_closed": "the window was shut when it was about to go",
    "too_late": "the comment was too old when it was about to be answered",
    "pace": "she, or her channel, gets no more just now",
}


def reason(code: str) -> str:
    """A code in words, where nothing more was kept."""
    return _REASONS.get(code, f"code {code}" if code else "nobody said why")
