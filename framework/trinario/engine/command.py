"""The words that a person can say at any time: stop, start, help, human, restart, back, and where to write to her."""

from trinario.engine import consent
from trinario.engine.index import COMMANDS
from trinario.engine.leave import left_by_opt_out
from trinario.engine.naming import channel_of, named
from trinario.engine.rounds import beside
from trinario.engine.stage import Stage
from trinario.engine.steps.handoff import is_there
from trinario.engine.time import elapsed
from trinario.model.consent import ALL, MARKETING, wants
from trinario.model.contact import wishing
from trinario.model.effect import OpenTicket, Withdraw
from trinario.model.flow import Ask, Flow


def stop(stage: Stage) -> None:
    """Ends every question that was put, pending or aside, and all marketing; takes the consent back.

    The confirmation is the last word: nothing that she stopped is asked again, and flows that begin by it are silent.
    """
    ended = [
        session
        for session in stage.live
        if session.asking or session.calling or stage.marketing(session) or left_by_opt_out(stage.bot, session, ALL)
    ]
    for session in ended:
        stage.end(session, "stopped", "stop word")
    if ended:
        stage.do(Withdraw(tuple(session.id for session in ended)))
    stage.do(consent.by_word(stage, "withdrawn", "stop_word"))
    stage.say("stop", purpose="transactional")
    stage.open, stage.hushed = False, True


def stop_here(stage: Stage) -> None:
    """Takes the consent back for the channel she writes on; what was asked is pending still."""
    channel = stage.contact.channel or ""
    stage.do(consent.by_word(stage, "withdrawn", "stop_word", (channel,)))
    if stage.contact.wished == channel:
        stage.contact = wishing(stage.contact, None, stage.event.at)
    stage.say("stop_here", purpose="transactional", channel=named(stage.bot, channel))
    stage.open = False


def prefer(stage: Stage, place: str) -> bool:
    """Notes on which channel ("": this one) she wants to be written to, says so, and puts the pending question again, unless
    people have her."""
    wanted = channel_of(stage.bot, stage.contact, place) or stage.contact.channel
    if wanted is None:
        return False
    stage.contact = wishing(stage.contact, wanted, stage.event.at)
    known = stage.contact.identity_on(wanted) is not None
    beside = stage.contact.owner == "person"
    purpose = "transactional" if beside else "service"
    stage.say("prefer" if known else "prefer.unknown", purpose=purpose, channel=named(stage.bot, wanted))
    if (pending := stage.foreground) is not None and not beside:
        stage.again(pending)
    return True


def obey(stage: Stage, word: str) -> bool:
    """Does what the word says; False when it means nothing now."""
    assert word in COMMANDS
    pattern = stage.bot.patterns.get(word)
    flow = stage.bot.flows.get(pattern.flow) if pattern and pattern.flow else None
    match word:
        case "start":
            return _start(stage)
        case "restart":
            return _restart(stage)
        case "back":
            return _back(stage)
        case "human":
            return _begun(stage, flow, word) or _human(stage)
        case _:
            return _begun(stage, flow, word) or _said(stage, word)


def _begun(stage: Stage, flow: Flow | None, word: str) -> bool:
    """The bot has a flow of its own for the word."""
    if flow is None:
        return False
    stage.begin(flow, word, {}, if_busy="interrupt")
    return True


def _said(stage: Stage, word: str) -> bool:
    """The words of the pattern, and the pending question again."""
    stage.say(word)
    if (pending := stage.foreground) is not None:
        stage.again(pending)
    return True


def start_beside(stage: Stage) -> bool:
    """While people have her: gives back what a stop word took, and says so; False when there was nothing."""
    if not _given_back(stage):
        return False
    stage.say("start", purpose="transactional")
    return True


def _start(stage: Stage) -> bool:
    return _given_back(stage) and _said(stage, "start")


def _given_back(stage: Stage) -> bool:
    """Gives the consent back that a stop word took, on this channel if it was taken there only."""
    held, channel = stage.contact.consent, stage.contact.channel or ""
    if held.get(MARKETING) is not False and wants(held, MARKETING, channel) is not False:
        return False
    only = () if held.get(MARKETING) is False else (channel,)
    stage.do(consent.by_word(stage, "granted", "message", only))
    return True


def _restart(stage: Stage) -> bool:
    """The flow in which she is begins anew, else the default one."""
    session = stage.foreground or next((s for s in stage.live if s.asking), None)
    root = (session.stack[0].flow if session.stack else session.flow) if session else stage.bot.default_flow
    flow = stage.bot.flows.get(root or "")
    if flow is None:
        return False
    inputs, trigger, own = {}, {}, ""
    if session is not None:
        inputs, trigger = dict(session.stack[0].inputs if session.stack else session.inputs), dict(session.trigger)
        own = session.if_busy
        stage.end(session, "stopped", "begun anew")
    stage.say("restart")
    stage.begin(flow, str(trigger.get("kind", "restart")), trigger, inputs, "interrupt", own)
    return True


def _back(stage: Stage) -> bool:
    """To the question before the pending one, within a loop of the same round; the pending one again if it is the first."""
    session = stage.foreground
    if session is None or session.wait is None:
        return False
    flow, present = stage.bot.flow(session.flow, session.revision), session.wait.step
    asked = beside(session, flow, present) if flow else []
    before = asked[: asked.index(present)] if present in asked else asked
    earlier = [step for step in before if flow and isinstance(flow.steps.get(step), Ask)]
    stage.say("back")
    if earlier:
        stage.jump(session, earlier[-1])
    else:
        stage.again(session)
    return True


def _human(stage: Stage) -> bool:
    """People take over; the pending question comes again when they are done."""
    stage.say("human")
    pending = stage.foreground
    teams = stage.bot.teams.values()
    there = [team.name for team in teams if is_there(stage.bot, team, stage.event.at)]
    team = next(iter(there or stage.bot.teams), "")
    silence = stage.bot.handoff_return
    until = elapsed(stage.event.at, silence) if silence else None
    stage.do(OpenTicket(pending.id if pending else "", team, until=until, key=f"{stage.event.origin}/human"))
    return True
