"""A `message` of Messenger or Instagram read: words, taps, files, echoes, deletions (meta.md 2B.2, 2B.3, 2C.2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trinario.channels.graph.place import Place, our_key
from trinario.channels.http.reading import external_id, fingerprint, items, mapping, mappings, moment, text
from trinario.model.channel import Identity
from trinario.model.heard import Echo, Heard, HeardKind, Inbound, MediaHeard, Receipt, Referral, Unsupported
from trinario.model.news import News

FILES = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "file": "document",
    "sticker": "sticker",
    "like_heart": "sticker",
}
"""Attachment types that are files that she sent; everything else is a share, a mention or a card."""


def read_message(event: Mapping[str, Any], place: Place) -> list[Inbound]:
    """What a messaging object with a `message` says: one Heard, Echo, Receipt or Unsupported."""
    message = mapping(event, "message")
    at = place.dated(moment(event.get("timestamp")))
    if message.get("is_echo") is True:
        return [_echo(event, message, at, place)]
    person = text(mapping(event, "sender"), "id")
    mid = text(message, "mid") or fingerprint(event)
    if not person or person == place.account:
        return [Unsupported(place.channel, mid, at, "message of our own" if person else "message without a sender")]
    return [_heard(event, message, mid, at, place.identity(person))]


def read_referral(source: Mapping[str, Any]) -> Referral | None:
    """The `referral` of a message, a postback or an event, if there is one."""
    given = mapping(source, "referral")
    if not given:
        return None
    rest = {key: value for key, value in given.items() if key not in ("ref", "source", "ad_id")}
    return Referral(text(given, "ref"), text(given, "source"), text(given, "ad_id"), rest)


def _heard(event: Mapping[str, Any], message: dict[str, Any], mid: str, at: datetime, identity: Identity) -> Heard:
    if message.get("is_deleted") is True:
        return Heard(identity, external_id("deleted", mid), at, "deleted", context=mid)
    reply = mapping(message, "reply_to")
    referral = read_referral(message) or read_referral(event)
    context = text(reply, "mid")
    quick = mapping(message, "quick_reply")
    words = text(message, "text")
    if quick:
        payload = text(quick, "payload")
        return Heard(identity, mid, at, "tap", words or payload, payload, referral=referral, context=context)
    attached = mappings(message, "attachments")
    media = _media(attached)
    kind, words = _kind_of(words, attached, media)
    data = _data(message, reply, attached)
    return Heard(identity, mid, at, kind, words, media=media, referral=referral, context=context, data=data)


def _kind_of(words: str, attached: list[dict[str, Any]], media: tuple[MediaHeard, ...]) -> tuple[HeardKind, str]:
    """What a message is, and its words: a shared link that says nothing else is its own words."""
    if any(file.kind in FILES.values() for file in media):
        return "media", words
    kinds = {text(one, "type") for one in attached}
    if "location" in kinds:
        return "location", words
    if not words and kinds == {"fallback"}:
        words = next((found for one in attached if (found := _link(one))), "")
    if words:
        return "text", words
    return "other", ""


def _data(message: dict[str, Any], reply: dict[str, Any], attached: list[dict[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if any(text(one, "type") not in FILES for one in attached):
        data["attachments"] = attached
    if "story" in reply:
        data["story"] = reply["story"]
    if commands := items(message, "commands"):
        data["commands"] = commands
    if message.get("is_unsupported") is True:
        data["unsupported"] = True
    for one in attached:
        if text(one, "type") == "location":
            place = mapping(mapping(one, "payload"), "coordinates")
            data |= {"latitude": place.get("lat"), "longitude": place.get("long")}
    return data


def _media(attached: list[dict[str, Any]]) -> tuple[MediaHeard, ...]:
    stickers = any(text(one, "type") == "sticker" for one in attached)
    found = []
    for one in attached:
        kind, payload = text(one, "type"), mapping(one, "payload")
        if kind in ("location", "fallback", "template", "appointment_booking", ""):
            continue
        if kind == "image" and "sticker_id" in payload:
            if stickers:  # until August 2026 a sticker came twice, as an image as well
                continue
            kind = "sticker"
        number = next((text(payload, key) for key in ("sticker_id", "reel_video_id", "id") if key in payload), "")
        found.append(MediaHeard(FILES.get(kind, kind), number, text(payload, "url") or text(one, "url")))
    return tuple(found)


def _link(one: dict[str, Any]) -> str:
    payload = mapping(one, "payload")
    return text(payload, "url") or text(one, "url") or text(payload, "title") or text(one, "title")


def _card_words(payload: Mapping[str, Any]) -> str:
    """The words of a template of ours: its text, or the titles of its cards, a line each."""
    return text(payload, "text") or "\n".join(
        title for one in mappings(payload, "elements") if (title := text(one, "title"))
    )


def _echo(event: Mapping[str, Any], message: dict[str, Any], at: datetime, place: Place) -> Inbound:
    """Our own message come back (Receipt), or one that somebody else wrote from our account (Echo)."""
    person = text(mapping(event, "recipient"), "id")
    mid = text(message, "mid") or fingerprint(event)
    if not person or person == place.account:
        return Unsupported(place.channel, mid, at, "echo without a person in it")
    identity = place.identity(person)
    if message.get("is_deleted") is True:  # somebody took a message of ours back
        return News(place.channel, external_id("team_deleted", mid), at, "team_deleted", {"mid": mid}, identity)
    app, key = text(message, "app_id"), our_key(text(message, "metadata"))
    if key or (app and app in place.apps):
        return Receipt(place.channel, "sent", at, text(message, "mid"), key, identity)
    attached = mappings(message, "attachments")
    card = next((words for one in attached if (words := _card_words(mapping(one, "payload")))), "")
    return Echo(identity, mid, at, text(message, "text") or card, app, _media(attached))
