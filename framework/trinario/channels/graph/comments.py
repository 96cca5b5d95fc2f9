"""Comments under posts of ours, as Pages and Instagram accounts tell of them (meta.md 2B.5 and 2C.4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trinario.channels.graph.place import Place
from trinario.channels.http.reading import external_id, fingerprint, mapping, moment, text
from trinario.model.heard import Heard, Inbound, Unsupported
from trinario.model.news import News

_CHANGED = {
    "edited": "comment_edited",
    "remove": "comment_removed",
    "hide": "comment_hidden",
    "unhide": "comment_unhidden",
}
"""What becomes of comments, as the history calls it."""

_MEDIA = {"reels": "reel"}
"""Where a comment stands, as authors write it, where that is another word than the platform's."""


def page_comment(value: Mapping[str, Any], place: Place) -> Inbound:
    """A change of `feed` whose item is a comment. What is edited, hidden or removed is kept, and nothing begins."""
    number, verb = text(value, "comment_id") or fingerprint(value), text(value, "verb")
    at = place.dated(moment(value.get("created_time")))
    own = external_id("comment", number, verb)
    post, parent = text(value, "post_id"), text(value, "parent_id")
    data = {"comment": number, "post": post, "parent": parent, "reply": bool(parent) and parent != post}
    if verb != "add":
        return _changed(value, place, own, at, verb, data)
    return _heard(value, place, own, text(value, "message"), "name", {**data, "kind": _page_kind(value)})


def _changed(
    value: Mapping[str, Any], place: Place, own: str, at: datetime, verb: str, data: Mapping[str, Any]
) -> Inbound:
    """What became of a comment afterwards; edited twice it is two things."""
    name = _CHANGED.get(verb)
    if name is None:
        return Unsupported(place.channel, own, at, f"comment {verb}"[:200])
    if verb == "edited":
        own = external_id(own, fingerprint(value))
    who = text(mapping(value, "from"), "id")
    her = place.identity(who) if who and who != place.account else None
    return News(place.channel, own, at, name, {**data, "text": text(value, "message")}, her)


def instagram_comment(value: Mapping[str, Any], place: Place, *, live: bool) -> Inbound:
    """A change of `comments` or `live_comments`. Of an ad the post counts that is advertised, so that both are one."""
    number = text(value, "id") or text(value, "comment_id") or fingerprint(value)
    media, parent = mapping(value, "media"), text(value, "parent_id")
    kind = "live" if live else text(media, "media_product_type").lower() or "feed"
    post = text(media, "original_media_id") or text(media, "id")
    data = {"comment": number, "post": post, "parent": parent, "reply": bool(parent), "ad": text(media, "ad_id"),
            "kind": _MEDIA.get(kind, kind)}  # fmt: skip
    own = external_id("comment", number, "add")
    return _heard(value, place, own, text(value, "text"), "username", data)


def _heard(value: Mapping[str, Any], place: Place, own: str, words: str, name: str, data: Mapping[str, Any]) -> Inbound:
    person = mapping(value, "from")
    who = text(person, "id")
    at = place.dated(moment(value.get("created_time")) or moment(value.get("timestamp")))
    if not who or who == place.account:
        return Unsupported(place.channel, own, at, "comment of our own" if who else "comment without a name to it")
    return Heard(place.identity(who), own, at, "comment", words, name=text(person, name), data=data)


def _page_kind(value: Mapping[str, Any]) -> str:
    address = text(mapping(value, "post"), "permalink_url")
    return "reel" if "/reel/" in address else "feed"
