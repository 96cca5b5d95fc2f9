"""What was found, as an author reads it: an issue at a place of the flow, and a talk that shows it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trinario.authoring.issue import Issue
from trinario.authoring.load import LoadedBot
from trinario.model.bot import Bot
from trinario.testing.explore.judge import Finding, Wrong
from trinario.testing.explore.literals import Literals
from trinario.testing.explore.room import Broken, Opening, Room
from trinario.testing.explore.search import Found
from trinario.testing.explore.shrink import round_about, shortened, shows
from trinario.testing.reading import parse_talk
from trinario.testing.script import Act, Turns
from trinario.testing.talk import play
from trinario.testing.writing import Page, message, text

CODES: dict[Wrong, tuple[str, str]] = {
    "fault": ("T301", "see what the value is on this way, and give it a default or branch on it"),
    "endless": ("T302", "let the flow wait for her somewhere on this way"),
    "silence": ("T303", "say something on this way, or lead it to a step that does"),
    "window": ("T304", "give the step `delivery: {template: ...}`, or branch on channel.window_open"),
    "undelivered": ("T305", "put `current` in the delivery order, or switch the channel first"),
    "empty": ("T306", "give the value a default: {{ fields.x or 'there' }}"),
    "leftover": ("T307", "write what should stand there, or a default for what may be missing"),
    "stop": ("T308", "let nothing be said once she has stopped"),
    "unanswerable": ("T309", "loosen `pattern`, `min` and `max`, or give it choices"),
    "trap": ("T310", "give one of the answers, or `on_invalid`, a way to another step"),
    "loop": ("T311", "let `on_invalid` lead elsewhere after some tries, or give it a `timeout`"),
}
"""The code of each kind of finding, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One issue with the talk that shows it."""

    issue: Issue
    talk: str


async def evidence(found: Found, loaded: LoadedBot, room: Room, literals: Literals, authored: str,
                   at: datetime) -> Evidence | None:  # fmt: skip
    """The issue and its talk; None when the talk, played as `trinario test` plays it, does not fail."""
    path = await shortened(found, room, literals, authored)
    if not await shows(found, path, room, literals, authored):
        path = found.path
    issue = issue_of(found.finding, loaded.bot)
    try:
        page = await _page(found, path, loaded.bot, room, literals, at)
    except Broken:
        return None
    parsed = parse_talk(str(page).encode(), "explored.yaml")
    if parsed.talk is None:
        return None
    played = await play(parsed.talk, loaded)
    return None if played.passed else Evidence(issue, str(page))


def issue_of(finding: Finding, bot: Bot) -> Issue:
    """At the step, or at the flow as a whole."""
    code, hint = CODES[finding.kind]
    flow = bot.flows.get(finding.flow)
    step = flow.steps.get(finding.step) if flow else None
    where = f'"{finding.step}"' if step else f"flow {finding.flow}" if flow else "the bot"
    seen = f": {finding.seen}" if finding.seen and finding.kind in ("stop",) else ""
    line = step.line if step else 1 if flow else 0
    column = 3 if step else 1 if flow else 0
    end = column + len(finding.step) if step else column + 1
    return Issue(code, flow.file if flow else "", line, column, end, f"{where}: {finding.message}{seen}", hint)


async def _page(found: Found, path: Sequence[Act], bot: Bot, room: Room, literals: Literals, at: datetime) -> Page:
    finding = found.finding
    page = Page(_head(finding, found.opening, bot, at))
    room.back(room.start)
    last = found.last or await _last(found, path, room, literals)
    room.back(room.start)
    for act in path:
        await _write(page, act, room)
    for number, act in enumerate(last):
        told = len(last) - 1 == number and finding.kind in ("silence", "leftover", "stop")
        await _write(page, act, room, finding if told else None, found.stopped)
    for line in _ending(finding):
        page.line(line)
    return page


async def _last(found: Found, path: Sequence[Act], room: Room, literals: Literals) -> tuple[Act, ...]:
    look = await room.do(path)
    return await round_about(room, literals, found, look) or ()


def _head(finding: Finding, opening: Opening, bot: Bot, at: datetime) -> dict[str, str]:
    where = ".".join(filter(None, (finding.flow, finding.step)))
    contact = ", ".join(
        [*([f"language: {opening.language}"] if opening.language else []),
         *([f"channels: [{opening.channel}]"] if opening.known else [])]
    )  # fmt: skip
    return {
        "talk": text(f"{CODES[finding.kind][0]} {where} - {finding.message}".replace(": ", " - ")),
        "bot": bot.name,
        **({"contact": "{" + contact + "}"} if contact else {}),
        "at": at.isoformat(),
        "channel": opening.channel,
    }


async def _write(page: Page, act: Act, room: Room, told: Finding | None = None, stopped: bool = False) -> None:
    """One thing done and what was said then; at the end what should have been said instead."""
    before = len(room.player.scene.cast.phones.shown)
    await room.do([act])
    page.did(act)
    fresh = room.player.scene.cast.phones.shown[before:]
    channel = room.player.scene.her.channel
    if told is not None and told.kind == "stop":
        fresh = fresh[:1] if stopped and not told.message.startswith("the bot writes after") else []
    if told is not None and (told.kind == "silence" or "met with silence" in told.message):
        page.line('bot: {matches: "."}')
    elif told is not None and told.kind == "leftover":
        for one in fresh:
            clean = " ".join(one.text.replace(told.seen, "").split())
            page.line(f"bot: {text(clean) if told.seen in one.text and clean else message(one)}")
    elif fresh:
        page.said(fresh, channel)
    elif not isinstance(act, Turns) and told is not None:
        page.line("bot: nothing")


def _ending(finding: Finding) -> list[str]:
    """How things should stand at the end; they do not."""
    if finding.kind == "fault":
        return ["expect: {faults: 0}"]
    if finding.kind in ("window", "undelivered", "empty"):
        return ["expect: {refused: 0}"]
    if finding.kind in ("unanswerable", "trap", "loop"):
        return ["expect: {session: done}"]
    return ["expect: {session: stopped}"] if "still open" in finding.message else []
