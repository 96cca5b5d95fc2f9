"""What a person does beside writing: she comments, answers a story, comes by an ad, taps a menu, sends a form."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trinario.channels.telegram.commands import command_of
from trinario.model.duration import Duration
from trinario.runtime import build
from trinario.testing import changing, updates, webhooks
from trinario.testing.phone import Commented
from trinario.testing.scene import Broken, Scene
from trinario.testing.script import Elsewhere
from trinario.testing.webhooks import Json, Line

_PAGES = ("messenger", "instagram")
CHANGES = ("reaction", "edited", "deleted")
"""What she does to a message that is there already."""

_TYPED = "ice_breaker"
"""What can be typed where there is nothing to tap."""


def elsewhere(scene: Scene, act: Elsewhere) -> bytes:
    """The webhook that tells of it, written down as done."""
    cast, person = scene.cast, scene.actor
    line, platform = cast.line(person, person.channel), cast.platform(person.channel)
    arrivals = build.LIMITS[platform].arrivals
    if act.what not in arrivals and act.what != _TYPED:
        raise Broken(act.line, f"{platform} has nothing like `{act.what}`")
    now, id = scene.machine.clock.now(), cast.ids.next(platform)
    scene.did(f"({act.what}) {act.text}".strip())
    if act.what == "comment":
        return _comment(scene, act, line, id, now)
    if act.what in CHANGES:
        return changing.changed(scene, act, line, id, now)
    person.begun.add(person.channel)
    person.wrote.append((person.channel, name_on(line, id)))
    match act.what:
        case "ice_breaker" | "menu" if platform in _PAGES:
            postback = {"mid": id, "title": act.text, "payload": _payload(scene, act)}
            return webhooks.page(line, now, {"postback": postback})
        case "ice_breaker" | "menu":
            return (
                updates.writes(line, id, now, _command(act))
                if platform == "telegram"
                else webhooks.writes(line, id, now, act.text)
            )
        case "ad":
            return _by_ad(line, id, now, act)
        case "order":
            return changing.orders(line, id, now, act)
        case "product":
            return changing.asks_about(line, id, now, act)
        case "form":
            return _form(line, id, now, act)
        case _:
            return webhooks.page(line, now, {"message": {"mid": id, **_story(act)}})


def _payload(scene: Scene, act: Elsewhere) -> str:
    """What a tap on something of this title brings, in whatever language it is."""
    rules = (one for flow in scene.bot.flows.values() for one in flow.triggers if one.kind == act.what)
    return next((one.payload for one in rules if act.text in one.titles), f"trigger/{act.what}/{act.text}")


def _command(act: Elsewhere) -> str:
    """What the app writes for her when she taps a command; a title that none can be made of is typed."""
    command = command_of(act.text) if act.what == "menu" else ""
    return f"/{command}" if command else act.text


def name_on(line: Line, id: str) -> str:
    """What the platform calls a message of hers."""
    return f"{line.who}:{id}" if line.platform == "telegram" else id


def _comment(scene: Scene, act: Elsewhere, line: Line, id: str, now: datetime) -> bytes:
    age = act.data.get("age")
    at = now - age.elapsed if isinstance(age, Duration) else now
    number = scene.cast.phones.numbers[line.who]
    scene.cast.phones.comments[id] = Commented(number, at)
    post, reply = str(act.data.get("post") or "1"), bool(act.data.get("reply"))
    kind = str(act.data.get("kind") or "feed")
    name = line.name or number.person
    if line.platform == "messenger":
        post = post if "_" in post else f"{line.account}_{post}"
        value: Json = {"from": {"id": line.who, "name": name}, "message": act.text, "post_id": post, "comment_id": id,
                       "created_time": int(at.timestamp()), "item": "comment", "verb": "add",
                       "parent_id": f"{post}_0" if reply else post}  # fmt: skip
        if kind == "reel":
            value["post"] = {"permalink_url": f"https://pages.example/reel/{post}"}
        return webhooks.change(line, at, "feed", value)
    product = {"reel": "REELS"}.get(kind, kind.upper())
    value = {"id": id, "from": {"id": line.who, "username": name}, "text": act.text,
             "media": {"id": post, "media_product_type": product}}  # fmt: skip
    if reply:
        value["parent_id"] = f"{post}.0"
    return webhooks.change(line, at, "live_comments" if kind == "live" else "comments", value)


def _by_ad(line: Line, id: str, now: datetime, act: Elsewhere) -> bytes:
    """Her first message after the ad tells of it."""
    ad = str(act.data.get("ad") or "")
    if line.platform == "whatsapp":
        referral = {"source_type": "ad", "source_id": ad, "source_url": f"https://fb.example/{ad}"}
        return webhooks.whatsapp_message(
            line, id, now, {"referral": referral, "type": "text", "text": {"body": act.text}}
        )
    told = {"ref": str(act.data.get("ref") or ""), "ad_id": ad, "source": "ADS", "type": "OPEN_THREAD"}
    return webhooks.page(line, now, {"message": {"mid": id, "text": act.text, "referral": told}})


def _form(line: Line, id: str, now: datetime, act: Elsewhere) -> bytes:
    filled: Mapping[str, Any] = act.data.get("data") or {}
    if line.platform == "whatsapp":
        response = json.dumps({"flow_token": act.text, **{name: str(value) for name, value in filled.items()}})
        reply = {"name": "flow", "body": "Sent", "response_json": response}
        return webhooks.whatsapp_message(
            line, id, now, {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": reply}}
        )
    responses = [{"key": name, "value": str(value)} for name, value in filled.items()]
    screens = [{"screen_id": act.text, "responses": responses}]
    return webhooks.page(line, now, {"messaging_customer_information": {"screens": screens}})


def _story(act: Elsewhere) -> Json:
    if act.what == "story_reply":
        return {"text": act.text, "reply_to": {"story": {"id": "1797", "url": "https://cdn.example/story"}}}
    return {"attachments": [{"type": "story_mention", "payload": {"url": "https://cdn.example/mention"}}]}
