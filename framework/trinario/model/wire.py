"""Content and what was heard, as the database keeps them between two jobs: plain JSON data, both ways."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never

from trinario.model.channel import Identity
from trinario.model.message import (
    Choices,
    Content,
    Echo,
    Heard,
    Link,
    Media,
    MediaHeard,
    Option,
    Referral,
    Template,
    Text,
)


def content_to_json(content: Content) -> dict[str, Any]:
    """A content as JSON data; `content_from_json` gives the same content back."""
    match content:
        case Text(text=text, links=links):
            data: dict[str, Any] = {"k": "text", "text": text}
            return {**data, "links": [[link.title, link.url] for link in links]} if links else data
        case Media(kind=kind, url=url, caption=caption, filename=filename):
            return {"k": "media", "kind": kind, "url": url, "caption": caption, "filename": filename}
        case Choices(text=text, options=options, button=button):
            listed = [[option.payload, option.title, option.description] for option in options]
            return {"k": "choices", "text": text, "options": listed, "button": button}
        case Template(name=name, language=language, params=params):
            return {"k": "template", "name": name, "language": language, "params": dict(params)}
        case _:
            assert_never(content)


def content_from_json(data: Mapping[str, Any]) -> Content:
    """The content that `content_to_json` wrote."""
    match data["k"]:
        case "text":
            return Text(data["text"], tuple(Link(title, url) for title, url in data.get("links", ())))
        case "media":
            return Media(data["kind"], data["url"], data["caption"], data["filename"])
        case "choices":
            return Choices(data["text"], tuple(Option(*option) for option in data["options"]), data["button"])
        case "template":
            return Template(data["name"], data["language"], data["params"])
        case other:
            raise ValueError(f"a message of kind {other!r} is not known to this version")


def words_of(content: Content) -> str:
    """What a content says, in words, for the thread."""
    match content:
        case Text(text=text, links=links):
            return "\n".join([text, *(f"{link.title}: {link.url}" for link in links)])
        case Media(url=url, caption=caption):
            return caption or url
        case Choices(text=text, options=options):
            return "\n".join([text, *(f"[{option.title}]" for option in options)])
        case Template(name=name, params=params):
            return f"{name} {' '.join(params.values())}".strip()
        case _:
            assert_never(content)


def heard_to_json(heard: Heard) -> dict[str, Any]:
    """What was heard as JSON data, without what is empty."""
    data: dict[str, Any] = {
        "i": [heard.identity.channel, heard.identity.kind, heard.identity.value],
        "id": heard.external_id,
        "at": heard.at.isoformat(),
        "kind": heard.kind,
    }
    for name in ("text", "payload", "context", "name"):
        if getattr(heard, name):
            data[name] = getattr(heard, name)
    if heard.media:
        data["media"] = [[m.kind, m.id, m.url, m.mime_type, m.filename] for m in heard.media]
    if heard.referral:
        ref = heard.referral
        data["referral"] = [ref.ref, ref.source, ref.ad, dict(ref.data)]
    if heard.also:
        data["also"] = [[i.channel, i.kind, i.value] for i in heard.also]
    if heard.data:
        data["data"] = dict(heard.data)
    return data


def heard_from_json(data: Mapping[str, Any]) -> Heard:
    """What `heard_to_json` wrote."""
    return Heard(
        identity=Identity(*data["i"]),
        external_id=data["id"],
        at=datetime.fromisoformat(data["at"]),
        kind=data["kind"],
        text=data.get("text", ""),
        payload=data.get("payload", ""),
        media=tuple(MediaHeard(*item) for item in data.get("media", ())),
        referral=Referral(*data["referral"]) if "referral" in data else None,
        context=data.get("context", ""),
        name=data.get("name", ""),
        also=tuple(Identity(*item) for item in data.get("also", ())),
        data=data.get("data", {}),
    )


def echo_to_json(echo: Echo) -> dict[str, Any]:
    """An echo as JSON data."""
    identity = [echo.identity.channel, echo.identity.kind, echo.identity.value]
    media = [[m.kind, m.id, m.url, m.mime_type, m.filename] for m in echo.media]
    return {
        "i": identity, "id": echo.external_id, "at": echo.at.isoformat(), "text": echo.text, "app": echo.app,
        "media": media,
    }  # fmt: skip


def echo_from_json(data: Mapping[str, Any]) -> Echo:
    """The echo that `echo_to_json` wrote."""
    return Echo(
        identity=Identity(*data["i"]),
        external_id=data["id"],
        at=datetime.fromisoformat(data["at"]),
        text=data["text"],
        app=data["app"],
        media=tuple(MediaHeard(*item) for item in data["media"]),
    )
