"""What was heard, as the database keeps it between two jobs: plain JSON data, both ways."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trinario.model.channel import Identity
from trinario.model.heard import Echo, Heard, MediaHeard, Referral


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
    if heard.standby:
        data["standby"] = True
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
        standby=data.get("standby", False),
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
