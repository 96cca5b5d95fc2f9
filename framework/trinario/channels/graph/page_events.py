"""Messaging objects of Messenger and Instagram read: what stands beside `sender` and `recipient` (meta.md 2B, 2C)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trinario.channels.graph.page_message import read_message, read_referral
from trinario.channels.graph.place import GET_STARTED, Place
from trinario.channels.graph.standby import whose
from trinario.channels.http.reading import external_id, fingerprint, items, mapping, mappings, moment, text, whole
from trinario.channels.scale import payload_of
from trinario.model.channel import Identity
from trinario.model.heard import Heard, Inbound, Receipt, Unsupported
from trinario.model.news import Handover, News


@dataclass(frozen=True, slots=True)
class _Seen:
    """An event of a known person: the object, the part that names its sort, and when it happened."""

    place: Place
    event: Mapping[str, Any]
    part: dict[str, Any]
    identity: Identity
    at: datetime

    @property
    def stamp(self) -> str:
        """What tells two events of the same person apart: the time as the platform wrote it."""
        return text(self.event, "timestamp") or f"{self.at.timestamp():.3f}"


def read_event(event: Mapping[str, Any], place: Place) -> list[Inbound]:
    """Everything that one messaging object says; what is unknown is one Unsupported. Never raises."""
    if isinstance(event.get("message"), dict):
        return read_message(event, place)
    for name in _OF_THE_ACCOUNT:
        if isinstance(event.get(name), dict):
            return [_account_news(event, name, place)]
    sort = next((name for name in _READERS if isinstance(event.get(name), dict)), "")
    person = text(mapping(event, "sender"), "id")
    at = place.dated(moment(event.get("timestamp")))
    if sort == "message_edit" and person == place.account:
        return [_team_edit(event, place, at)]
    if not sort or not person or person == place.account:
        return [unread(event, place)]
    return _READERS[sort](_Seen(place, event, event[sort], place.identity(person), at))


def unread(event: Any, place: Place, what: str = "") -> Unsupported:
    """A messaging object that we do not use, named by the keys it has."""
    if not isinstance(event, dict):
        return Unsupported(place.channel, fingerprint(event), place.at, what or "no event")
    keys = sorted(key for key in event if key not in ("sender", "recipient", "timestamp"))
    person = text(mapping(event, "sender"), "id")
    identity = place.identity(person) if person and person != place.account else None
    at = moment(event.get("timestamp")) or place.at
    nobody = "" if person else " of nobody"
    told = what or f"event {','.join(keys)}{nobody}"
    return Unsupported(place.channel, fingerprint(event), at, told[:200], identity)


def _postback(seen: _Seen) -> list[Inbound]:
    payload, title = text(seen.part, "payload"), text(seen.part, "title")
    own = text(seen.part, "mid") or external_id("postback", seen.identity.value, seen.stamp, payload)
    referral = read_referral(seen.part) or read_referral(seen.event)
    if payload == GET_STARTED:
        return [Heard(seen.identity, own, seen.at, "get_started", title, payload, referral=referral)]
    return [Heard(seen.identity, own, seen.at, "tap", title or payload, payload, referral=referral)]


def _referral(seen: _Seen) -> list[Inbound]:
    referral = read_referral(seen.event)
    own = external_id("referral", seen.identity.value, seen.stamp, text(seen.part, "ref"))
    return [Heard(seen.identity, own, seen.at, "referral", referral=referral)]


def _optin(seen: _Seen) -> list[Inbound]:
    own = external_id("optin", seen.identity.value, seen.stamp, text(seen.part, "ref"))
    return [Heard(seen.identity, own, seen.at, "optin", payload=text(seen.part, "payload"), data=seen.part)]


def _delivery(seen: _Seen) -> list[Inbound]:
    return _fates(seen, "delivered", [mid for mid in items(seen.part, "mids") if isinstance(mid, str) and mid])


def _read(seen: _Seen) -> list[Inbound]:
    mid = text(seen.part, "mid")
    return _fates(seen, "read", [mid] if mid else [])


def _fates(seen: _Seen, status: str, mids: list[str]) -> list[Inbound]:
    """One receipt a message id; the last also has the watermark, which covers what the ids forget."""
    watermark = moment(seen.part.get("watermark"))
    if not mids and watermark is None:
        return [unread(seen.event, seen.place)]
    channel = seen.place.channel
    exact: list[Inbound] = [Receipt(channel, status, seen.at, mid, identity=seen.identity) for mid in mids[:-1]]
    last = mids[-1] if mids else ""
    return [*exact, Receipt(channel, status, seen.at, last, identity=seen.identity, watermark=watermark)]


def _reaction(seen: _Seen) -> list[Inbound]:
    mid, action, emoji = (text(seen.part, key) for key in ("mid", "action", "emoji"))
    own = external_id("reaction", mid, seen.identity.value, action, emoji, seen.stamp)
    return [Heard(seen.identity, own, seen.at, "reaction", emoji, context=mid, data=seen.part)]


def _edit(seen: _Seen) -> list[Inbound]:
    mid, number = text(seen.part, "mid"), whole(seen.part.get("num_edit"))
    if number == 0 and "num_edit" in seen.part:  # seen for messages that were just written: they come by themselves
        return [unread(seen.event, seen.place, "edit number 0")]
    own = external_id("edit", mid, str(number) if number else fingerprint(seen.part))
    return [Heard(seen.identity, own, seen.at, "edit", text(seen.part, "text"), context=mid, data={"number": number})]


def _team_edit(event: Mapping[str, Any], place: Place, at: datetime) -> Inbound:
    """A person of the team wrote a message of ours anew."""
    part, person = mapping(event, "message_edit"), text(mapping(event, "recipient"), "id")
    mid, number = text(part, "mid"), whole(part.get("num_edit"))
    if not person or not mid or (number == 0 and "num_edit" in part):
        return unread(event, place)
    own = external_id("team_edited", mid, str(number) if number else fingerprint(part))
    return News(place.channel, own, at, "team_edited", {"mid": mid, "text": text(part, "text")}, place.identity(person))


def _order(seen: _Seen) -> list[Inbound]:
    own = fingerprint(seen.event)
    return [Heard(seen.identity, own, seen.at, "order", text(seen.part, "note"), data=seen.part)]


def _form(seen: _Seen) -> list[Inbound]:
    return [Heard(seen.identity, fingerprint(seen.event), seen.at, "form", data=seen.part)]


def _feedback(seen: _Seen) -> list[Inbound]:
    """The mark that she gave on a card of ours is a tap on that option; what she wrote beside it stands in the data."""
    for screen in mappings(seen.part, "feedback_screens"):
        for id, given in mapping(screen, "questions").items():
            answer = given if isinstance(given, dict) else {}
            mark = text(answer, "payload")
            if payload := payload_of(text(answer, "type"), id, mark):
                key = fingerprint(seen.event)
                return [Heard(seen.identity, key, seen.at, "tap", mark, payload, data=seen.part)]
    return _form(seen)


def _thread(seen: _Seen) -> list[Inbound]:
    """Who has the thread now; who gets it and who loses it are told with different names."""
    sort = next(name for name in _THREADS if isinstance(seen.event.get(name), dict))
    name, default = _THREADS[sort]
    ours = None if name == "thread_requested" else whose(seen.part, seen.place.apps, default)
    return [Handover(seen.identity, external_id("handover", fingerprint(seen.event)), seen.at, name, ours, seen.part)]


def _news(seen: _Seen) -> list[Inbound]:
    """Something she did that is no word to us: it stands in her history."""
    sort = next(name for name in _HER_NEWS if isinstance(seen.event.get(name), dict))
    own = external_id("news", fingerprint(seen.event))
    return [News(seen.place.channel, own, seen.at, _HER_NEWS[sort], seen.part, seen.identity)]


def _account_news(event: Mapping[str, Any], sort: str, place: Place) -> News:
    at = place.dated(moment(event.get("timestamp")))
    return News(place.channel, external_id("news", fingerprint(event)), at, sort, event[sort])


_THREADS: Mapping[str, tuple[str, bool | None]] = {
    "pass_thread_control": ("thread_passed", True),
    "take_thread_control": ("thread_taken", False),
    "request_thread_control": ("thread_requested", None),
}
"""How the history calls it, and whether it is ours then where no ids of apps tell: who is passed it, or loses it, is told."""

_HER_NEWS = {
    "account_linking": "account_linking",
    "response_feedback": "response_feedback",
    "template": "coupon_revealed",
}
_OF_THE_ACCOUNT = ("policy_enforcement", "app_roles")
"""Events of the Page itself: nobody sent them."""

_READERS: Mapping[str, Callable[[_Seen], list[Inbound]]] = {
    "postback": _postback,
    "referral": _referral,
    "optin": _optin,
    "delivery": _delivery,
    "read": _read,
    "reaction": _reaction,
    "message_edit": _edit,
    "order": _order,
    "messaging_feedback": _feedback,
    "messaging_customer_information": _form,
    **dict.fromkeys(_THREADS, _thread),
    **dict.fromkeys(_HER_NEWS, _news),
}
