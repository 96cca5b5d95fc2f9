"""Calls to the outside: claimed, made, and their answers put into the inbox of whoever waits for them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from trinario import jsons
from trinario.engine.limits import BACK_OFF_MOST
from trinario.jobs import conversions, profile
from trinario.model.value import pack, plain, unpack
from trinario.ports import CallEntry, CallSettled, HttpRequest, Inward, NotReturned, Outside, Returned, Unit

PENDING, DONE, FAILED = 0, 2, 3

BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be others a little later."""

BACK_OFF = 1.0
"""Seconds before a call is made again; doubles, with jitter."""

UNKNOWN = "the fate of the call is unknown: the process ended while it was out"
NO_YES = "she has not said yes to it, or has taken it back"
LATE = "it could not be made in time"

Result = Returned | NotReturned


async def make(outside: Outside, call: CallEntry) -> Result:
    """Make one call."""
    request: Mapping[str, Any] = jsons.loads(call.request)
    match call.kind:
        case "http" if outside.http is not None:
            try:
                asked = http_request(request, outside.secrets)
            except (KeyError, ValueError) as fault:
                return NotReturned(str(fault.args[0]) if fault.args else "the request cannot be made")
            return await outside.http.request(asked, call.timeout)
        case "function" if outside.functions is not None:
            inputs = {name: unpack(value) for name, value in request["with"].items()}
            contact = {**request["contact"], "fields": unpack(request["contact"]["fields"])}
            return await outside.functions.run(request["name"], inputs, contact, call.timeout)
        case "ai" if outside.ai is not None:
            return await outside.ai.ask(request, call.timeout)
        case conversions.KIND if outside.conversions is not None:
            return await outside.conversions.tell(request)
        case _:
            return NotReturned(f"the bot has nothing that answers calls of the kind {call.kind}")


# ---- the request, with its secrets


def http_request(request: Mapping[str, Any], secrets: Mapping[str, str]) -> HttpRequest:
    """What is sent. Raises ValueError for a secret that bot.yaml does not have."""
    headers = [(name, _text(pieces, secrets)) for name, pieces in request.get("headers", ())]
    body, kind = _body(request, secrets)
    if kind and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", kind))
    if "key" in request:
        headers.append(("Idempotency-Key", request["key"]))
    return HttpRequest(request["method"], _address(request["url"], secrets), tuple(headers), body)


def _body(request: Mapping[str, Any], secrets: Mapping[str, str]) -> tuple[bytes | None, str]:
    """The bytes to be sent with their content type."""
    if "json" in request:
        return jsons.dump_bytes(_tree(request["json"], secrets)), "application/json"
    if "form" in request:
        fields = [(name, _text(pieces, secrets)) for name, pieces in request["form"]]
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    if "text" in request:
        return _text(request["text"], secrets).encode(), "text/plain; charset=utf-8"
    return None, ""


def _text(pieces: Sequence[Any], secrets: Mapping[str, str]) -> str:
    return "".join(one if isinstance(one, str) else _secret(one, secrets) for one in pieces)


def _address(pieces: Sequence[Any], secrets: Mapping[str, str]) -> str:
    """A secret is quoted, as every value of an address is."""
    return "".join(one if isinstance(one, str) else quote(_secret(one, secrets), safe="~") for one in pieces)


def _secret(piece: Mapping[str, str], secrets: Mapping[str, str]) -> str:
    name = piece["secret"]
    if name not in secrets:
        raise ValueError(f"bot.yaml has no secret {name}")
    return secrets[name]


def _tree(node: Sequence[Any], secrets: Mapping[str, str]) -> Any:
    """The JSON value of a tree as `engine.calling.tree` marks it."""
    mark, inner = node
    match mark:
        case "p":
            return _text(inner, secrets)
        case "o":
            return {key: _tree(item, secrets) for key, item in inner.items()}
        case "l":
            return [_tree(item, secrets) for item in inner]
        case _:
            return plain(unpack(inner))


# ---- what becomes of it


def outcome(call: CallEntry, result: Result, now: datetime, chance: Callable[[], float]) -> CallSettled:
    """What is recorded of one try. `chance` gives numbers in [0, 1) for the jitter."""
    attempts = call.attempts + 1
    busy = isinstance(result, Returned) and result.status in BUSY
    lost = isinstance(result, NotReturned) and result.again
    if (busy or lost) and call.again and attempts <= call.retries:
        wait = min(BACK_OFF * 2 ** (attempts - 1), BACK_OFF_MOST) * (0.75 + 0.25 * chance())
        return CallSettled(call.id, PENDING, attempts, not_before=now + timedelta(seconds=wait))
    if isinstance(result, NotReturned):
        return CallSettled(call.id, FAILED, attempts, result.reason, told(call, result))
    return _answered(call, result, attempts)


def _answered(call: CallEntry, result: Returned, attempts: int) -> CallSettled:
    try:
        return CallSettled(call.id, DONE, attempts, status_code=result.status, told=told(call, result))
    except (TypeError, ValueError, RecursionError):
        fault = NotReturned("what came back cannot be kept: only texts, numbers, dates, lists and groups of them can")
        return CallSettled(call.id, FAILED, attempts, fault.reason, told(call, fault))


def told(call: CallEntry, result: Result) -> Inward | None:
    """The inbox entry that tells the session what came of its call; None: nobody has anything to hear."""
    if call.kind == profile.KIND:
        return profile.told(call, result)
    if call.kind == conversions.KIND:
        return None
    body: dict[str, Any] = {"session": call.session, "key": call.key}
    if isinstance(result, Returned):
        body |= {"outcome": "answered", "status": result.status, "data": pack(result.data),
                 "headers": dict(result.headers), "reason": ""}  # fmt: skip
    else:
        body |= {"outcome": "failed", "status": None, "data": None, "headers": {}, "reason": result.reason}
    return Inward("", f"called:{call.key}", "called", jsons.dumps(body), contact=call.contact)


def agreed(unit: Unit, claimed: list[CallEntry], now: datetime, run: int) -> list[CallEntry]:
    """Those that may be made now: a yes that was taken back since the call was ordered is heeded."""
    asked = [call for call in claimed if call.kind == conversions.KIND]
    if not asked:
        return claimed
    people = {one.id: one for one in unit.contacts(sorted({call.contact for call in asked}), now)}
    out = {
        call.id: CallSettled(call.id, FAILED, call.attempts, NO_YES)
        for call in asked
        if not conversions.is_agreed(people.get(call.contact), jsons.loads(call.request))
    }
    settle(unit, list(out.values()), now, run)
    return [call for call in claimed if call.id not in out]


def settle(unit: Unit, settled: Sequence[CallSettled], now: datetime, run: int) -> bool:
    """Record what this process made; gives whether a session has something to hear."""
    ours = unit.calls.settle(settled, run)
    news = [one.told for one in settled if one.id in ours and one.told is not None]
    if news:
        unit.take_in(news, now)
    return bool(news)


def adopt(unit: Unit, run: int, now: datetime) -> int:
    """What a dead process had out: made again where that does no harm, else failed; what is too late has failed."""
    orphans = unit.calls.orphan(run)
    late = unit.calls.late(now)
    news = [told(call, NotReturned(UNKNOWN)) for call in orphans if not call.again]
    news += [told(call, NotReturned(LATE)) for call in late]
    if heard := [one for one in news if one is not None]:
        unit.take_in(heard, now)
    return len(orphans)
