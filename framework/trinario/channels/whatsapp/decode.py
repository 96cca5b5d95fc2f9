"""WhatsApp webhooks read: messages, statuses, echoes, preferences, news and hand-overs out of one change (meta.md 2A)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from trinario.channels.graph.envelope import Piece
from trinario.channels.graph.failures import whatsapp_failure
from trinario.channels.graph.place import Place, our_key
from trinario.channels.graph.standby import aside
from trinario.channels.http.reading import error_code, external_id, fingerprint, mapping, mappings, moment, text
from trinario.channels.whatsapp.account import NEWS, news_id, read_handover, read_news
from trinario.channels.whatsapp.message import read_echo, read_message
from trinario.channels.whatsapp.people import person_of
from trinario.model.failure import Failure
from trinario.model.heard import Heard, Inbound, Receipt, Unsupported
from trinario.model.news import News

KIND = "phone"
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
LONGEST_WORD = 60
"""Characters that are kept of each word of a price."""

HEAD = ("messaging_product", "metadata", "conversation_context")
"""What a value says of all that it holds."""

Reading = tuple[Inbound, Any]
"""What was read, and the change's value cut down to the part that it was read from."""

Value = Mapping[str, Any]


def account_of(value: Any) -> str:
    """The phone number id that a change is for; "" for fields of the whole WABA."""
    if not isinstance(value, dict):
        return ""
    for part in ("metadata", "recipient"):
        named = value.get(part)
        if isinstance(named, dict) and (number := text(named, "phone_number_id")):
            return number
    return ""


def number_of(value: Any) -> str:
    """The phone number of ours that a change is for, where it is named by its digits only; else ""."""
    return text(value, "display_phone_number").lstrip("+") if isinstance(value, dict) else ""


def read_piece(piece: Piece, value: Any, place: Place) -> Iterator[Reading]:
    """Everything that one change says, in order."""
    if piece.form != "changes" or not isinstance(value, dict):
        yield _unread(value, place, "entry without changes" if piece.form == "odd" else f"{piece.form} without a value")
        return
    if piece.field in NEWS:
        yield read_news(piece, value, place), value
        return
    reader = _READERS.get(piece.field)
    found = False
    for reading in reader(piece, value, place) if reader else ():
        found = True
        yield reading
    if not found:
        yield _unread(value, place, f"field {piece.field}")


def _messages(piece: Piece, value: Value, place: Place) -> Iterator[Reading]:
    contacts = mappings(value, "contacts")
    head = _head(value)
    for message in _listed(value, "messages"):
        if not isinstance(message, dict):
            yield _unread({**head, "messages": [message]}, place, "no message")
            continue
        person = person_of(place.channel, (text(message, "from"), text(message, "from_user_id")), contacts)
        shown = {"contacts": [person.entry]} if person.entry else {}
        around = value.get("conversation_context")
        yield (read_message(message, person, place, around), {**head, **shown, "messages": [message]})
    for status in _listed(value, "statuses"):
        slim = {**head, "statuses": [status]}
        yield ((_status(status, place), slim) if isinstance(status, dict) else _unread(slim, place, "no status"))
    for error in _listed(value, "errors"):
        yield _error(piece, {**head, "errors": [error]}, error, place)


def _error(piece: Piece, slim: dict[str, Any], error: Any, place: Place) -> Reading:
    """Something that is wrong with the number itself, and with no message of it."""
    if not isinstance(error, dict):
        return _unread(slim, place, "no error")
    return News(place.channel, news_id(piece, error), place.dated(place.at), "account_error", error), slim


def _status(status: Value, place: Place) -> Inbound:
    """The fate of one message of ours. Voice notes that were played were read."""
    at = place.dated(moment(status.get("timestamp")))
    wamid, said = text(status, "id"), text(status, "status")
    key = our_key(text(status, "biz_opaque_callback_data"))
    fate = STATUSES.get(said)
    if fate is None or not (wamid or key):
        own = external_id("status", wamid or fingerprint(status), said)
        return Unsupported(place.channel, own, at, f"status {said}"[:200])
    ids = () if text(status, "recipient_type") == "group" else ("recipient_id", "recipient_user_id")
    identities = person_of(place.channel, [text(status, name) for name in ids], ()).identities
    failure = None
    if fate == "failed":
        failure = _failure(next(iter(mappings(status, "errors")), {}))
    return Receipt(place.channel, fate, at, wamid, key, identities[0] if identities else None, None, failure,
                   _price(mapping(status, "pricing")), _free_until(mapping(status, "conversation")))  # fmt: skip


def _price(pricing: Value) -> str:
    """Category, type, model, and whether it is charged: a later version leaves the last out, and the type says it."""
    if not pricing:
        return ""
    kind = text(pricing, "type")
    billable = pricing.get("billable")
    charged = billable if isinstance(billable, bool) else not kind.startswith("free")
    parts = (text(pricing, "category"), kind, text(pricing, "pricing_model"), "billable" if charged else "free")
    return "/".join(part.replace("/", "_")[:LONGEST_WORD] for part in parts)


def _free_until(conversation: Value) -> datetime | None:
    """The end of the time in which nothing is charged, after she came by an ad (meta.md 5.1); told with `sent` only."""
    if text(mapping(conversation, "origin"), "type") != "referral_conversion":
        return None
    return moment(conversation.get("expiration_timestamp"))


def _failure(error: Value) -> Failure:
    """Why it failed; a failure that says nothing may be tried again."""
    details = text(mapping(error, "error_data"), "details") or text(error, "message") or text(error, "title")
    return whatsapp_failure(error_code(error), details or "failed without a reason", passing=not error)


def _echoes(piece: Piece, value: Value, place: Place) -> Iterator[Reading]:
    """What a person of the team wrote in the WhatsApp Business app on the same number (meta.md 2A.6)."""
    contacts = mappings(value, "contacts")
    head = _head(value)
    for echo in _listed(value, "message_echoes"):
        if not isinstance(echo, dict):
            yield _unread({**head, "message_echoes": [echo]}, place, "no echo")
            continue
        flat = {**mapping(echo, "message"), **echo}  # those of a standby have the message one level deeper
        ids = [text(flat, name) for name in ("to", "to_user_id", "recipient")]
        person = person_of(place.channel, [one.lstrip("+") for one in ids], contacts)
        shown = {"contacts": [person.entry]} if person.entry else {}
        yield (read_echo(flat, person, place), {**head, **shown, "message_echoes": [echo]})


def _standby(piece: Piece, value: Value, place: Place) -> Iterator[Reading]:
    """What is said in a thread that another app has: the same, one level deeper."""
    inner = mapping(value, "standby")
    head = _head(value)
    for reader in (_messages, _echoes):
        for item, part in reader(piece, {**head, **inner}, place):
            deeper = {key: part[key] for key in part if key not in head} if isinstance(part, dict) else part
            yield aside(item), {**head, "standby": deeper}


def _handovers(piece: Piece, value: Value, place: Place) -> Iterator[Reading]:
    if item := read_handover(value, place):
        yield item, value


def _history(piece: Piece, value: Value, place: Place) -> Iterator[Reading]:
    """Old threads of the Business app, told once after onboarding: kept as they are, and nothing begins by them."""
    head = _head(value)
    for name in ("history", "messages"):
        for part in _listed(value, name):
            slim = {**head, name: [part]}
            told = {key: part[key] for key in ("metadata", "errors") if key in part} if isinstance(part, dict) else {}
            yield News(place.channel, news_id(piece, part), place.dated(place.at), "history_told", told), slim


def _contact_book(piece: Piece, value: Value, place: Place) -> Iterator[Reading]:
    """The team's own address book: nobody of it has written to us, so nobody of it becomes a contact, or is written down."""
    head = _head(value)
    for part in _listed(value, "state_sync"):
        slim = {**head, "state_sync": [part]}
        action = text(part, "action") if isinstance(part, dict) else ""
        if not action:
            yield _unread(slim, place, "contact book")
            continue
        at = moment(mapping(part, "metadata").get("timestamp")) or place.at
        yield News(place.channel, news_id(piece, part), place.dated(at), "contact_book", {"action": action}), slim


def _preferences(piece: Piece, value: Value, place: Place) -> Iterator[Reading]:
    """She stopped or resumed marketing in WhatsApp's own settings: `data` has category and value (stop, resume)."""
    contacts = mappings(value, "contacts")
    head = _head(value)
    for wish in _listed(value, "user_preferences"):
        slim = {**head, "user_preferences": [wish]}
        if not isinstance(wish, dict):
            yield _unread(slim, place, "no preference")
            continue
        person = person_of(place.channel, (text(wish, "wa_id"), text(wish, "user_id")), contacts)
        if not person.identities:
            yield _unread(slim, place, "preference of nobody")
            continue
        who, *also = person.identities
        own = external_id("preference", who.value, text(wish, "timestamp"), text(wish, "value"))
        at = place.dated(moment(wish.get("timestamp")))
        shown = {"contacts": [person.entry]} if person.entry else {}
        heard = Heard(who, own, at, "optin", name=person.name, also=tuple(also), data=wish)
        yield heard, {**head, **shown, "user_preferences": [wish]}


def _unread(value: Any, place: Place, what: str) -> Reading:
    return Unsupported(place.channel, fingerprint(value), place.at, what[:200]), value


def _head(value: Value) -> dict[str, Any]:
    return {key: value[key] for key in HEAD if key in value}


def _listed(value: Value, key: str) -> list[Any]:
    found = value.get(key)
    if isinstance(found, list):
        return found
    return [] if found is None else [found]


_READERS: Mapping[str, Callable[[Piece, Value, Place], Iterator[Reading]]] = {
    "messages": _messages,
    "": _messages,
    "smb_message_echoes": _echoes,
    "user_preferences": _preferences,
    "standby": _standby,
    "messaging_handovers": _handovers,
    "history": _history,
    "smb_app_state_sync": _contact_book,
}
