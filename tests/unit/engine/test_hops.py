"""Flows that lead to each other without end: bounded over turns, calls and pauses, until she writes."""

from trinario.authoring.parse import parse_flow
from trinario.engine.limits import EVENT_HOPS
from trinario.model.effect import RaiseEvent
from trinario.model.event import EventArrived, StatusTold
from trinario.model.flow import Flow

from tests.unit.engine.worlds import Person, bot  # isort: skip


def flows(*texts: str) -> list[Flow]:
    found = [parse_flow(text.encode(), "flow.yaml").flow for text in texts]
    assert all(found)
    return [one for one in found if one is not None]


def carried(ana: Person, most: int = 100) -> int:
    """Delivers what flows raise, lets calls be answered and time pass, until nothing comes any more; gives how often."""
    for number in range(most):
        if raised := ana.effects(RaiseEvent):
            (one,) = raised
            ana.react(EventArrived(ana.origin(), ana.at, one.name, one.data, one.hops))
        elif any(session.calling for session in ana.sessions.values()):
            ana.answered({"status": 200, "data": {}})
        elif any(session.wake_at for session in ana.sessions.values()):
            ana.after("1h")
        else:
            return number
    return most


TOLD = f"more than {EVENT_HOPS} flows and events followed each other while she wrote nothing"


def test_events_and_calls_that_lead_to_each_other() -> None:
    ping, pong = (
        f"flow: {name}\ntriggers: [event: {name}]\nsteps: {{c: {{http: GET https://a.example/b}}, e: {{emit: {other}}}}}"
        for name, other in (("ping", "pong"), ("pong", "ping"))
    )
    ana = Person(bot(*flows(ping, pong)))
    ana.event("ping")
    assert carried(ana) < 60
    assert ana.reports and ana.reports[0].startswith(TOLD)


def test_pauses_do_not_help() -> None:
    ana = Person(bot(*flows("flow: ping\ntriggers: [event: ping]\nsteps: {w: {wait: 10m}, e: {emit: ping}}")))
    ana.event("ping")
    assert carried(ana) < 60
    assert ana.reports and ana.reports[0].startswith(TOLD)


def test_changes_that_lead_to_each_other_over_calls() -> None:
    one = "flow: one\ntriggers: [tag: a]\nsteps: {c: {http: GET https://a.example/b}, x: {untag: [a, b]}, t: {tag: b}}"
    two = "flow: two\ntriggers: [tag: b]\nsteps: {c: {http: GET https://a.example/b}, x: {untag: [a, b]}, t: {tag: a}}"
    begin = "flow: begin\ntriggers: [event: go]\nsteps: {t: {tag: a}}"
    ana = Person(bot(*flows(begin, one, two)))
    ana.event("go")
    assert carried(ana) < 60
    assert ana.reports and ana.reports[0].startswith(TOLD)


def test_statuses_that_lead_to_each_other() -> None:
    one, two = (
        f"flow: {name}\ntriggers: [{{message_status: sent, flow: {other}}}]\nsteps: {{s: {{send: {name}}}}}"
        for name, other in (("one", "two"), ("two", "one"))
    )
    ana = Person(bot(*flows(one, two)))
    ana.start("one")
    said, flow = 1, "one"
    while ana.said and said < 100:
        session = list(ana.sessions.values())[-1]
        ana.react(StatusTold(ana.origin(), ana.at, "sent", flow, "s", "messenger", hops=session.hops + 1))
        said, flow = said + 1, "two" if flow == "one" else "one"
    assert said == EVENT_HOPS + 2
    assert ana.reports and ana.reports[0].startswith(TOLD)


def test_it_begins_anew_once_she_writes() -> None:
    asks = "flow: asks\ntriggers: [event: ping]\nsteps: {q: {ask: Name?}, e: {emit: ping}}"
    ana = Person(bot(*flows(asks)))
    ana.event("ping")
    for _ in range(EVENT_HOPS + 5):
        ana.write("Ana")
        (one,) = ana.effects(RaiseEvent)
        assert one.hops == 1
        assert ana.react(EventArrived(ana.origin(), ana.at, one.name, one.data, one.hops)) == ["Name?"]
