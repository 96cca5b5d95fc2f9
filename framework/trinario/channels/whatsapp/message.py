"""One WhatsApp message read, whatever its type (meta.md 2A.2); and one that was written in the Business app."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from trinario.channels.graph.envelope import DEEPEST, is_deeper
from trinario.channels.graph.place import Place, our_key
from trinario.channels.http import wire
from trinario.channels.http.reading import fingerprint, items, mapping, mappings, moment, readable, text
from trinario.channels.whatsapp.people import Person, is_bsuid
from trinario.model.channel import Identity
from trinario.model.heard import Echo, Heard, Inbound, MediaHeard, Receipt, Referral, Unsupported
from trinario.model.news import News, Rekeyed

MEDIA = {"image": "image", "video": "video", "audio": "audio", "voice": "audio", "document": "document",
         "sticker": "sticker"}  # fmt: skip

_AFTERWARDS = {"edit": "team_edited", "revoke": "team_deleted"}
"""What people of the team do to a message of theirs, as the history calls it."""

_CONTEXT = ("forwarded", "frequently_forwarded", "referred_product")

Parts = dict[str, Any]
"""Fields of a Heard, as far as one type of message fills them."""


def read_message(message: Mapping[str, Any], person: Person, place: Place, around: Any = None) -> Inbound:
    """One object of `messages`; of an unknown type, from nobody or in a group it is Unsupported. `around` is what is told
    of the whole conversation."""
    at = place.dated(moment(message.get("timestamp")))
    own = text(message, "id") or fingerprint(message)
    identities = person.identities
    kind = text(message, "type")
    if kind == "system" and (changed := _rekeyed(message, identities, own, at, place.channel)):
        return changed
    reader = _READERS.get(kind)
    if not identities or reader is None or message.get("group_id"):
        what = "message in a group" if message.get("group_id") else f"message of type {kind}"
        nobody = " of nobody" if reader and not identities else ""
        return Unsupported(place.channel, own, at, f"{what}{nobody}"[:200], identities[0] if identities else None)
    parts = reader(message)
    data = {**_surroundings(message), **parts.pop("data", {})}
    if around:
        data["conversation_context"] = around
    parts.setdefault("context", text(mapping(message, "context"), "id"))
    also = (*identities[1:], *_given(message, kind, identities, place.channel))
    return Heard(identities[0], own, at, referral=_referral(message), name=person.name, also=also, data=data, **parts)


def read_echo(echo: Mapping[str, Any], person: Person, place: Place) -> Inbound:
    """One object of `message_echoes`: what a person of the team wrote, or what she changed of it afterwards."""
    at: datetime = place.dated(moment(echo.get("timestamp")))
    own, kind = text(echo, "id") or fingerprint(echo), text(echo, "type")
    if not person.identities:
        return Unsupported(place.channel, own, at, f"echo of type {kind} to nobody"[:200])
    who = person.identities[0]
    if kind in _AFTERWARDS:
        return News(place.channel, own, at, _AFTERWARDS[kind], _afterwards(echo, kind), who)
    if key := our_key(text(echo, "biz_opaque_callback_data")):
        return Receipt(place.channel, "sent", at, text(echo, "id"), key, who)
    reader = _READERS.get(kind)
    parts = reader(echo) if reader else {}
    return Echo(who, own, at, parts.get("text", ""), text(echo, "app_id"), parts.get("media", ()))


def _afterwards(echo: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Which message was changed, and its new words."""
    parts = _READERS[kind](echo)
    return {"mid": parts["context"], **({"text": parts["text"]} if kind == "edit" else {})}


def _text(message: Mapping[str, Any]) -> Parts:
    return {"kind": "text", "text": text(mapping(message, "text"), "body")}


def _media(message: Mapping[str, Any]) -> Parts:
    kind = text(message, "type")
    file = mapping(message, kind)
    media = MediaHeard(
        MEDIA[kind], text(file, "id"), text(file, "url"), text(file, "mime_type"), text(file, "filename")
    )
    data = {name: file[name] for name in ("voice", "animated") if name in file}
    return {"kind": "media", "text": text(file, "caption"), "media": (media,), "data": data}


def _location(message: Mapping[str, Any]) -> Parts:
    place = mapping(message, "location")
    words = ", ".join(part for part in (text(place, "name"), text(place, "address")) if part)
    return {"kind": "location", "text": words, "data": place}


def _contacts(message: Mapping[str, Any]) -> Parts:
    cards = mappings(message, "contacts")
    words = ", ".join(filter(None, (text(mapping(card, "name"), "formatted_name") for card in cards)))
    return {"kind": "contacts", "text": words, "data": {"contacts": cards}}


def _interactive(message: Mapping[str, Any]) -> Parts:
    interactive = mapping(message, "interactive")
    for kind in ("button_reply", "list_reply"):
        if reply := mapping(interactive, kind):
            described = {"description": reply["description"]} if "description" in reply else {}
            payload = text(reply, "id")
            return {"kind": "tap", "text": text(reply, "title") or payload, "payload": payload, "data": described}
    if form := mapping(interactive, "nfm_reply"):
        return {"kind": "form", "text": text(form, "body"), "data": _form(form)}
    return {"kind": "other", "data": {"interactive": interactive}}


def _form(form: Mapping[str, Any]) -> dict[str, Any]:
    """`response` is what she filled in; it comes as text that may be broken, then `written` has it as it came."""
    written = form.get("response_json")
    try:
        response, lone = wire.read(written.encode()) if isinstance(written, str) else (written, False)
    except ValueError:
        response, lone = None, False
    if is_deeper(response, DEEPEST):
        response = None
    if lone or (isinstance(written, str) and "\\u0000" in written):  # a body within the body: it was not looked at yet
        response = readable(response)
    data: dict[str, Any] = {"name": text(form, "name"), "response": response if isinstance(response, dict) else {}}
    return data if isinstance(response, dict) else {**data, "written": written}


def _button(message: Mapping[str, Any]) -> Parts:
    button = mapping(message, "button")
    payload = text(button, "payload")
    return {"kind": "tap", "text": text(button, "text") or payload, "payload": payload or text(button, "text")}


def _reaction(message: Mapping[str, Any]) -> Parts:
    reaction = mapping(message, "reaction")
    emoji = text(reaction, "emoji")
    data = {"action": "react" if emoji else "unreact", "emoji": emoji}
    return {"kind": "reaction", "text": emoji, "context": text(reaction, "message_id"), "data": data}


def _order(message: Mapping[str, Any]) -> Parts:
    order = mapping(message, "order")
    return {"kind": "order", "text": text(order, "text"), "data": order}


def _system(message: Mapping[str, Any]) -> Parts:
    system = mapping(message, "system")
    return {"kind": "system", "text": text(system, "body"), "data": system}


def _edit(message: Mapping[str, Any]) -> Parts:
    edit = mapping(message, "edit")
    new = mapping(edit, "message")
    words = text(mapping(new, text(new, "type")), "body") or text(mapping(new, text(new, "type")), "caption")
    return {"kind": "edit", "text": words, "context": text(edit, "original_message_id"), "data": {"message": new}}


def _revoke(message: Mapping[str, Any]) -> Parts:
    return {"kind": "deleted", "context": text(mapping(message, "revoke"), "original_message_id")}


def _unsupported(message: Mapping[str, Any]) -> Parts:
    """She did something that WhatsApp does not show to businesses; an edit is told in the same way."""
    what = text(mapping(message, "unsupported"), "type")
    return {"kind": "edit" if what == "edit" else "other", "data": {"unsupported": what}}


def _welcome(message: Mapping[str, Any]) -> Parts:
    """She opened the thread for the first time. Meta took it away in March 2026; recorded webhooks still have it."""
    return {"kind": "get_started"}


def _surroundings(message: Mapping[str, Any]) -> dict[str, Any]:
    """What may stand on a message of any type and is worth keeping: forwards, products, errors."""
    context = mapping(message, "context")
    found: dict[str, Any] = {key: context[key] for key in _CONTEXT if key in context}
    if errors := items(message, "errors"):
        found["errors"] = errors
    return found


def _referral(message: Mapping[str, Any]) -> Referral | None:
    given = mapping(message, "referral")
    if not given:
        return None
    source, number = text(given, "source_type"), text(given, "source_id")
    return Referral(source=source, ad=number if source == "ad" else "", data=given)


_CHANGES = ("user_changed_number", "customer_changed_number", "user_changed_user_id")


def _rekeyed(
    message: Mapping[str, Any], identities: tuple[Identity, ...], own: str, at: datetime, channel: str
) -> Rekeyed | None:
    """A number or a scoped id that changed: what she had is told as the sender or as `previous_user_id`."""
    system = mapping(message, "system")
    if text(system, "type") not in _CHANGES:
        return None
    number = text(system, "wa_id") or text(system, "new_wa_id")
    present = _named(channel, (number, text(system, "user_id")))
    kinds = {identity.kind for identity in present}
    before = [one for one in identities if one.kind == "phone" and "phone" in kinds]
    before += [one for one in identities if one.kind == "bsuid" and "bsuid" in kinds]
    before += _named(channel, (text(system, "previous_user_id"),))
    former = tuple(dict.fromkeys(one for one in before if one not in present))
    stays = tuple(one for one in identities if one not in former and one not in present)
    if not present or not former:
        return None
    return Rekeyed((*present, *stays), former, own, at, text(system, "body"), system)


def _named(channel: str, values: Sequence[str]) -> tuple[Identity, ...]:
    """Ids by their pattern, each once."""
    return tuple(
        Identity(channel, "bsuid" if is_bsuid(value) else "phone", value) for value in dict.fromkeys(values) if value
    )


def _given(
    message: Mapping[str, Any], kind: str, identities: tuple[Identity, ...], channel: str
) -> tuple[Identity, ...]:
    """The telephone number that she gave when she was asked for it: until then she was known by her scoped id only."""
    if kind != "contacts" or any(identity.kind == "phone" for identity in identities):
        return ()
    own = [card for card in mappings(message, "contacts") if text(card, "origin") == "contact_request"]
    numbers = (text(phone, "wa_id") for card in own[:1] for phone in mappings(card, "phones"))
    return _named(channel, tuple(number for number in numbers if number and not is_bsuid(number))[:1])


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Parts]] = {
    "text": _text,
    **dict.fromkeys(MEDIA, _media),
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
    "edit": _edit,
    "revoke": _revoke,
    "unsupported": _unsupported,
    "request_welcome": _welcome,
}
