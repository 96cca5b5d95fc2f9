"""WhatsApp webhooks read: messages, statuses, echoes and preferences out of one change (meta.md 2A)."""

from collections.abc import Iterator, Mapping
from typing import Any

from trinario.channels.graph.envelope import Piece
from trinario.channels.graph.failures import whatsapp_failure
from trinario.channels.graph.place import Place, our_key
from trinario.channels.graph.reading import error_code, external_id, fingerprint, mapping, mappings, moment, text
from trinario.channels.whatsapp.message import read_echo, read_message
from trinario.channels.whatsapp.people import person_of
from trinario.model.message import Failure, Heard, Inbound, Receipt, Unsupported

KIND = "phone"
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}

Reading = tuple[Inbound, Any]
"""What was read, and the change's value cut down to the part that it was read from."""


def account_of(value: Any) -> str:
    """The phone number id that a change is for; "" for fields of the whole WABA."""
    if not isinstance(value, dict):
        return ""
    named = (text(mapping(value, part), "phone_number_id") for part in ("metadata", "recipient"))
    return next(filter(None, named), "")


def read_piece(piece: Piece, value: Any, place: Place) -> Iterator[Reading]:
    """Everything that one change says, in order."""
    if piece.form != "changes" or not isinstance(value, dict):
        yield _unread(value, place, "entry without changes" if piece.form == "odd" else piece.form)
        return
    reader = _READERS.get(piece.field)
    found = False
    for reading in reader(value, place) if reader else ():
        found = True
        yield reading
    if not found:
        yield _unread(value, place, f"field {piece.field}")


def _messages(value: Mapping[str, Any], place: Place) -> Iterator[Reading]:
    contacts = mappings(value, "contacts")
    head = {key: value[key] for key in ("messaging_product", "metadata") if key in value}
    for message in _listed(value, "messages"):
        if not isinstance(message, dict):
            yield _unread({**head, "messages": [message]}, place, "no message")
            continue
        person = person_of(place.channel, (text(message, "from"), text(message, "from_user_id")), contacts)
        shown = {"contacts": [person.entry]} if person.entry else {}
        yield (read_message(message, person, place), {**head, **shown, "messages": [message]})
    for status in _listed(value, "statuses"):
        slim = {**head, "statuses": [status]}
        yield ((_status(status, place), slim) if isinstance(status, dict) else _unread(slim, place, "no status"))
    for error in _listed(value, "errors"):
        code = error_code(error) if isinstance(error, dict) else -1
        yield _unread({**head, "errors": [error]}, place, f"error {code}")


def _status(status: Mapping[str, Any], place: Place) -> Inbound:
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
    return Receipt(place.channel, fate, at, wamid, key, identity=identities[0] if identities else None, failure=failure)


def _failure(error: Mapping[str, Any]) -> Failure:
    """Why it failed; a failure that says nothing may be tried again."""
    details = text(mapping(error, "error_data"), "details") or text(error, "message") or text(error, "title")
    return whatsapp_failure(error_code(error), details or "failed without a reason", passing=not error)


def _echoes(value: Mapping[str, Any], place: Place) -> Iterator[Reading]:
    """What a person of the team wrote in the WhatsApp Business app on the same number (meta.md 2A.6)."""
    contacts = mappings(value, "contacts")
    head = {key: value[key] for key in ("messaging_product", "metadata") if key in value}
    for echo in _listed(value, "message_echoes"):
        if not isinstance(echo, dict):
            yield _unread({**head, "message_echoes": [echo]}, place, "no echo")
            continue
        person = person_of(place.channel, (text(echo, "to"), text(echo, "to_user_id")), contacts)
        shown = {"contacts": [person.entry]} if person.entry else {}
        yield (read_echo(echo, person, place), {**head, **shown, "message_echoes": [echo]})


def _preferences(value: Mapping[str, Any], place: Place) -> Iterator[Reading]:
    """She stopped or resumed marketing in WhatsApp's own settings: `data` has category and value (stop, resume)."""
    contacts = mappings(value, "contacts")
    head = {key: value[key] for key in ("messaging_product", "metadata") if key in value}
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
    prefix = "standby:" if "standby" in what else ""
    return Unsupported(place.channel, prefix + fingerprint(value), place.at, what[:200]), value


def _listed(value: Mapping[str, Any], key: str) -> list[Any]:
    found = value.get(key)
    if isinstance(found, list):
        return found
    return [] if found is None else [found]


_READERS = {"messages": _messages, "": _messages, "smb_message_echoes": _echoes, "user_preferences": _preferences}
