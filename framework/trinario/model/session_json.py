"""A session as JSON, as the database keeps it, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trinario.model.session import Frame, Loop, Offered, Prompt, Session, Wait
from trinario.model.value import Value, pack, unpack


def session_to_json(session: Session) -> dict[str, Any]:
    """The session as JSON data; `session_from_json` gives the same session back."""
    return {
        "id": session.id, "contact": session.contact, "flow": session.flow, "revision": session.revision,
        "started_at": session.started_at.isoformat(), "status": session.status,
        "wait": _wait_to_json(session.wait) if session.wait else None,
        "vars": pack(session.vars), "answers": pack(session.answers), "inputs": pack(session.inputs),
        "trigger": pack(session.trigger), "stack": [_frame_to_json(frame) for frame in session.stack],
        "prompts": [[p.number, p.step, p.flow, [_offered_to_json(o) for o in p.options], p.chosen]
                    for p in session.prompts],
        "seed": session.seed, "turns": session.turns, "asked": session.asked, "silent": session.silent,
        "reason": session.reason, "if_busy": session.if_busy, "written": list(session.written),
        **({"loops": [_loop_to_json(loop) for loop in session.loops]} if session.loops else {}),
        **({"hushed": True} if session.hushed else {}),
        **({"hops": session.hops} if session.hops else {}),
        **({"campaign": session.campaign} if session.campaign else {}),
    }  # fmt: skip


def session_from_json(data: Mapping[str, Any]) -> Session:
    """The session that `session_to_json` wrote."""
    wait = data["wait"]
    return Session(
        id=data["id"], contact=data["contact"], flow=data["flow"], revision=data["revision"],
        started_at=datetime.fromisoformat(data["started_at"]), status=data["status"],
        wait=_wait_from_json(wait) if wait else None,
        vars=_values(data["vars"]), answers=_values(data["answers"]), inputs=_values(data["inputs"]),
        trigger=_values(data["trigger"]), stack=tuple(_frame_from_json(frame) for frame in data["stack"]),
        prompts=tuple(Prompt(number, step, flow, tuple(_offered_from_json(o) for o in options), chosen)
                      for number, step, flow, options, chosen in data["prompts"]),
        seed=data["seed"], turns=data["turns"], asked=data["asked"], silent=data["silent"], reason=data["reason"],
        if_busy=data.get("if_busy", ""), written=tuple(data.get("written", ())),
        loops=tuple(map(_loop_from_json, data.get("loops", ()))), hushed=data.get("hushed", False),
        hops=data.get("hops", 0), campaign=data.get("campaign", 0),
    )  # fmt: skip


def _values(packed: Any) -> dict[str, Value]:
    return {key: unpack(item) for key, item in packed.get("$m", packed).items()} if packed else {}


def _offered_to_json(option: Offered) -> list[Any]:
    return [option.payload, option.title, pack(option.value), option.source, list(option.also), option.next]


def _offered_from_json(data: list[Any]) -> Offered:
    payload, title, value, source, also, following = data
    return Offered(payload, title, unpack(value), source, tuple(also), following)


_MOMENTS = ("until", "expires_at", "remind_at", "burst_until", "repeated_at")


def _wait_to_json(wait: Wait) -> dict[str, Any]:
    data: dict[str, Any] = {
        "step": wait.step,
        "kind": wait.kind,
        "since": wait.since.isoformat(),
        "number": wait.number,
    }
    for name in _MOMENTS:
        moment = getattr(wait, name)
        if moment is not None:
            data[name] = moment.isoformat()
    for name in ("tries", "offer", "page"):
        if value := getattr(wait, name):
            data[name] = value
    if wait.round or wait.wording:
        data["round"], data["wording"] = wait.round, wait.wording
    for name in ("heard", "keys"):
        if several := getattr(wait, name):
            data[name] = list(several)
    if wait.fates:
        data["fates"] = [list(fate) for fate in wait.fates]
    if wait.came is not None:
        data["came"] = pack(wait.came)
    if wait.options:
        data["options"] = [_offered_to_json(option) for option in wait.options]
    return data


def _wait_from_json(data: Mapping[str, Any]) -> Wait:
    moments = {name: datetime.fromisoformat(data[name]) for name in _MOMENTS if name in data}
    return Wait(
        step=data["step"], kind=data["kind"], since=datetime.fromisoformat(data["since"]), number=data["number"],
        options=tuple(_offered_from_json(option) for option in data.get("options", ())),
        tries=data.get("tries", 0), heard=tuple(data.get("heard", ())), keys=tuple(data.get("keys", ())),
        offer=data.get("offer", ""), fates=tuple((key, outcome) for key, outcome in data.get("fates", ())),
        round=data.get("round", 0), wording=data.get("wording", ""), page=data.get("page", 0),
        came=_values(data["came"]) if "came" in data else None, **moments,
    )  # fmt: skip


def _frame_to_json(frame: Frame) -> list[Any]:
    data = [frame.flow, frame.revision, frame.step, pack(frame.vars), pack(frame.answers), pack(frame.inputs)]
    return [*data, [_loop_to_json(loop) for loop in frame.loops]] if frame.loops else data


def _frame_from_json(data: list[Any]) -> Frame:
    flow, revision, step, values, answers, inputs, *loops = data
    around = tuple(map(_loop_from_json, loops[0])) if loops else ()
    return Frame(flow, revision, step, _values(values), _values(answers), _values(inputs), around)


def _loop_to_json(loop: Loop) -> list[Any]:
    return [loop.step, loop.number, loop.since, [pack(item) for item in loop.left]]


def _loop_from_json(data: list[Any]) -> Loop:
    step, number, since, left = data
    return Loop(step, number, since, tuple(map(unpack, left)))
