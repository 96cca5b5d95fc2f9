"""Messages of a campaign that are refused for our own fault: after a few it is paused and the teams are told; mended, they go anew."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from trinario import jsons
from trinario.jobs.notices import tell_teams
from trinario.jobs.outbound import unsaid
from trinario.model.bot import Bot
from trinario.model.failure import Action
from trinario.model.message import Template
from trinario.model.outbox import NotSent, SendResult, Sent
from trinario.policy.template import CATEGORY, DISABLED
from trinario.ports import Claimed, Unit, Writes
from trinario.ports.campaigns import DONE, HELD, PAUSED, RUNNING, CampaignRun

FEW = 3
"""People whose message is refused alike, with none taken in between, until the campaign is paused."""

OURS = "its messages are refused"
"""How the reason begins for which a campaign was paused by itself."""

_TEMPLATES = frozenset({
    132_000, 132_001, 132_005, 132_007, 132_008, 132_012, 132_015, 132_016, 132_018, 132_068, 132_069,
})  # fmt: skip
_MESSAGES = frozenset({100, 131_005, 131_008, 131_009, 131_051, 131_053, 135_000})
_ACCOUNTS = frozenset({0, 3, 10, 33, 190, 200, 368, 131_031, 131_037, 131_042, 131_044, 131_045})

MENDED = {DISABLED, CATEGORY} | {str(code) for code in _TEMPLATES | _MESSAGES | _ACCOUNTS}
"""Why a message was not taken, where that is nothing of hers and can be mended: it goes anew when the campaign goes on."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A slot whose messages are refused, with what the platform says of them."""

    slot: int
    why: str


class Refusals:
    """Who met a fault of ours lately, by campaign and template; asked of every answer, and nearly always free."""

    def __init__(self) -> None:
        self._whom: dict[tuple[int, str], set[int]] = {}

    def weigh(self, row: Claimed, result: SendResult) -> Stuck | None:
        """The slot that is to stop, if this was one too many."""
        if not row.campaign:
            return None
        if isinstance(result, Sent):
            if self._whom:
                self._whom.pop(_of(row), None)
            return None
        if not isinstance(result, NotSent) or result.failure.action != Action.FIX:
            return None
        whom = self._whom.setdefault(_of(row), set())
        whom.add(row.entry.contact)
        if len(whom) < FEW:
            return None
        del self._whom[_of(row)]
        return Stuck(row.campaign, _words(row, result))


def _of(row: Claimed) -> tuple[int, str]:
    """What is refused together: the messages of a slot with one template in one language, or without."""
    said = row.entry.content
    return row.campaign, f"{said.name}/{said.language}" if isinstance(said, Template) else ""


def _words(row: Claimed, result: NotSent) -> str:
    said, failure = row.entry.content, result.failure
    what = f" (template {said.name}, {said.language})" if isinstance(said, Template) else ""
    return f"{failure.code} {failure.reason}{what}".strip()


def stop(unit: Unit, bot: Bot, stuck: Iterable[Stuck], now: datetime) -> None:
    """Pause the campaigns of these slots, and tell the teams; one that people have moved meanwhile stays as it is."""
    for one in stuck:
        run = unit.campaigns.run_of_slot(one.slot)
        if run is not None:
            pause_for(unit, bot, run.name, one.why, now)


def pause_for(unit: Unit, bot: Bot, name: str, why: str, now: datetime) -> bool:
    """Pause a campaign because its messages are refused; gives whether it is paused by that."""
    run = unit.campaigns.run_of(name, lock=True)
    if run is None or run.state not in (RUNNING, HELD, DONE):
        return False
    words = f"{OURS}: {why}"
    unit.campaigns.keep_run(replace(run, state=PAUSED, why=words, changed_at=now, changed_by=""))
    told = {"campaign": name, "what": PAUSED, "by": "", "why": words, "plan": run.plan}
    unit.write(Writes(events=[(None, "campaign", now, jsons.dumps(told))]), now)
    mend = f"Mend it, then `trinario campaign resume {name}`: who did not get it for that reason gets it then."
    tell_teams(unit, bot, f"refused:{name}", {"campaign": name}, f"Campaign {name} is paused: {words}. {mend}", now)
    return True


def refused_here(unit: Unit, run: CampaignRun) -> str:
    """What we ourselves refuse to send of a campaign since it goes on, for its template's sake; "" for fewer than a few."""
    count, why = unit.campaigns.refused(run.name, run.changed_at or run.since)
    return why if count >= FEW else ""


def anew(unit: Unit, run: CampaignRun, changed: bool, now: datetime) -> int:
    """Who got nothing of it for a fault of ours has her turn once more; gives how many.

    With `changed` (its file is another one) what was made with that fault and is not out yet is made anew as well.
    """
    back = unit.campaigns.again(run.name, MENDED, changed and run.why.startswith(OURS), now)
    calls = [unsaid(contact, key, session, "it was refused") for contact, key, session in back if session]
    if calls:
        unit.take_in(calls, now)
    return len({contact for contact, _, _ in back})
