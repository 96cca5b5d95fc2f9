"""One WhatsApp message read, whatever its type (meta.md 2A.2); and one that was written in the Business app."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from trinario.channels.graph import wire
from trinario.channels.graph.place import Place
from trinario.channels.graph.reading import fingerprint, items, mapping, mappings, moment, text
from trinario.channels.whatsapp.people import Person, is_bsuid
from trinario.model.channel import Identity
from trinario.model.message import Echo, Heard, Inbound, MediaHeard, Referral, Unsupported

MEDIA = {"image": "image", "video": "video", "audio": "audio", "voice": "audio", "document": "document",
         "sticker": "sticker"}  # fmt: skip

_CONTEXT = ("forwarded", "frequently_forwarded", "referred_product")

Parts = dict[str, Any]
"""Fields of a Heard, as far as one type of message fills them."""


def read_message(message: Mapping[str, Any], person: Person, place: Place) -> Inbound:
    """One object of `messages`; of an unknown type, from nobody or in a group it is Unsupported."""
    at = place.dated(moment(message.get("timestamp")))
    own = text(message, "id") or fingerprint(message)
    identities = person.identities
    kind = text(message, "type")
    if kind == "system":
        identities = _with_former(message, identities, place.channel)
    reader = _READERS.get(kind)
    if not identities or reader is None or message.get("group_id"):
        what = "message in a group" if message.get("group_id") else f"message of type {kind}"
        return Unsupported(place.channel, own, at, what[:200], identities[0] if identities else None)
    parts = reader(message)
    data = {**_surroundings(message), **parts.pop("data", {})}
    parts.setdefault("context", text(mapping(message, "context"), "id"))
    also = (*identities[1:], *_newer(message, kind, identities, place.channel))
    return Heard(identities[0], own, at, referral=_referral(message), name=person.name, also=also, data=data, **parts)


def read_echo(echo: Mapping[str, Any], person: Person, place: Place) -> Inbound:
    """One object of `message_echoes`: what a person of the team wrote."""
    at: datetime = place.dated(moment(echo.get("timestamp")))
    own, kind = text(echo, "id") or fingerprint(echo), text(echo, "type")
    if not person.identities or kind in ("edit", "revoke"):
        who = person.identities[0] if person.identities else None
        return Unsupported(place.channel, own, at, f"echo of type {kind}"[:200], who)
    reader = _READERS.get(kind)
    parts = reader(echo) if reader else {}
    return Echo(person.identities[0], own, at, parts.get("text", ""), media=parts.get("media", ()))


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
        response = wire.loads(written.encode()) if isinstance(written, str) else written
    except ValueError:
        response = None
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


def _surroundings(message: Mapping[str, Any]) -> dict[str, Any]:
    """What may stand on a message of any type and is worth keeping: forwards, products, errors."""
    context = mapping(message, "context")
    found: dict[str, Any] = {
        key: context[key] for key in ("forwarded", "frequently_forwarded", "referred_product") if key in context
    }
    if errors := items(message, "errors"):
        found["errors"] = errors
    return found


def _referral(message: Mapping[str, Any]) -> Referral | None:
    given = mapping(message, "referral")
    if not given:
        return None
    source, number = text(given, "source_type"), text(given, "source_id")
    return Referral(source=source, ad=number if source == "ad" else "", data=given)


def _with_former(message: Mapping[str, Any], identities: tuple[Identity, ...], channel: str) -> tuple[Identity, ...]:
    """A changed id is told under the former one, which may stand nowhere else."""
    former = text(mapping(message, "system"), "previous_user_id")
    known = {identity.value for identity in identities}
    return (*identities, Identity(channel, "bsuid", former)) if former and former not in known else identities


def _newer(
    message: Mapping[str, Any], kind: str, identities: tuple[Identity, ...], channel: str
) -> tuple[Identity, ...]:
    """The ids that a system message says she has from now on."""
    if kind != "system":
        return ()
    system, known = (mapping(message, "system"), {identity.value for identity in identities})
    values = dict.fromkeys(text(system, key) for key in ("wa_id", "new_wa_id", "user_id"))
    return tuple(
        Identity(channel, "bsuid" if is_bsuid(value) else "phone", value)
        for value in values
        if value and value not in known
    )


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
}
