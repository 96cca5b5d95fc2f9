"""What people do on their phones, one thing at a time, as the webhook that tells it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, assert_never

from trinario.runtime import build
from trinario.testing import updates, webhooks
from trinario.testing.elsewhere import elsewhere, name_on
from trinario.testing.matching import said
from trinario.testing.people import Target
from trinario.testing.phone import Shown
from trinario.testing.scene import Broken, Scene
from trinario.testing.script import Elsewhere, Follows, Opens, Sends, Taps, TeamWrites, Told, Types, Writes
from trinario.testing.webhooks import Line

_CODE = re.compile("[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]")
"""A link code as it is shown."""

Gesture = Writes | Taps | Follows | Opens | Sends | TeamWrites | Told | Elsewhere | Types


class Wire(Protocol):
    """What is done on a phone, as its platform tells it; None: it does not tell that."""

    def writes(self, line: Line, id: str, at: datetime, text: str, reply_to: str = "") -> bytes: ...
    def taps(self, line: Line, id: str, at: datetime, shown: Shown, payload: str, title: str) -> bytes: ...
    def opens(self, line: Line, id: str, at: datetime, ref: str, first: bool) -> bytes: ...
    def sends(self, line: Line, id: str, at: datetime, kind: str, url: str, caption: str) -> bytes: ...
    def fate(self, line: Line, at: datetime, shown: Shown, status: str, code: int) -> bytes | None: ...
    def team(self, line: Line, id: str, at: datetime, text: str) -> bytes | None: ...


_WIRES: Mapping[str, Wire] = {"telegram": updates}


def wire_of(platform: str) -> Wire:
    """How a platform tells what is done: Meta's webhooks, or its own."""
    return _WIRES.get(platform, webhooks)


def door_of(scene: Scene, act: Gesture) -> str:
    """The channel at whose door the webhook of what was just done arrives."""
    return scene.cast.phones.shown[-1].channel if isinstance(act, Told) else scene.actor.channel


def gesture(scene: Scene, act: Gesture) -> bytes:
    """The webhook of what the actor does (or the team, or the platform), written down as done."""
    cast, person = scene.cast, scene.actor
    now = scene.machine.clock.now()
    if isinstance(act, Follows):
        return _followed(scene, act)
    if isinstance(act, Elsewhere):
        return elsewhere(scene, act)
    line, platform = cast.line(person, person.channel), cast.platform(person.channel)
    wire = wire_of(platform)

    def new_id() -> str:
        id = cast.ids.next(platform)
        if not isinstance(act, TeamWrites):
            person.wrote.append((person.channel, name_on(line, id)))
        return id

    first = person.channel not in person.begun
    match act:
        case Writes(text=text):
            scene.did(text)
            body = wire.writes(line, new_id(), now, text, _answered(scene, act))
        case Types(right=right):
            scene.did("types the code" if right else "types another code")
            body = webhooks.writes(line, new_id(), now, _typed(scene, act))
        case Taps():
            shown, payload, title = _option(scene, act)
            scene.did(f"[{title}]")
            body = wire.taps(line, new_id(), now, shown, payload, title)
        case Opens(ref=ref):
            if "get_started" not in build.LIMITS[platform].arrivals:
                raise Broken(act.line, "WhatsApp has no refs and no button that opens a chat: write `user:`")
            scene.did(f"opens the chat by {ref}" if ref else "opens the chat")
            body = wire.opens(line, new_id(), now, ref, first)
        case Sends(kind=kind, url=url, caption=caption):
            scene.did(f"[{kind}] {caption}".strip())
            body = wire.sends(line, new_id(), now, kind, url, caption)
        case TeamWrites(text=text):
            scene.happened("team", text, person.channel)
            told = wire.team(line, new_id(), now, text)
            if told is None:
                raise Broken(act.line, f"{platform} has no app in which the team could write")
            return told
        case Told():
            return _fate(scene, act)
        case _:
            assert_never(act)
    person.begun.add(person.channel)
    return body


def _followed(scene: Scene, act: Follows) -> bytes:
    """She opens the link on her phone: WhatsApp shows a text that she sends, the others tell the ref."""
    cast, person, now = scene.cast, scene.actor, scene.machine.clock.now()
    target = cast.newest_link(act.target)
    if target is None:
        where = "" if act.target == "link" else f" to {act.target}"
        raise Broken(act.line, f"there is no link{where} to follow: the bot showed none")
    person.channel = target.channel
    line, id = cast.line(person, target.channel), cast.ids.next(cast.platform(target.channel))
    first = target.channel not in person.begun
    person.begun.add(target.channel)
    text = _written(act, target)
    scene.did(f"follows the link{f': {text}' if text else ''}")
    wire = wire_of(cast.platform(target.channel))
    if cast.platform(target.channel) == "whatsapp":
        return wire.writes(line, id, now, text)
    return wire.opens(line, id, now, target.ref, first)


def _written(act: Follows, target: Target) -> str:
    """What she sends by the link: the words that are filled in, or her own around the code."""
    if not act.text:
        return target.text
    code = _CODE.search(target.text)
    if code is None:
        raise Broken(act.line, f"the link to {target.channel} brings no text that she could change")
    return act.text.replace("{code}", code.group())


def _option(scene: Scene, act: Taps) -> tuple[Shown, str, str]:
    found = scene.cast.newest_option(scene.actor, act.title, act.back)
    if found is not None:
        return found
    shown = scene.cast.shown_to(scene.actor, scene.actor.channel)
    titles = dict.fromkeys(title for one in reversed(shown) for _, title in one.options)
    there = f"there are {', '.join(titles)}" if titles else "there is nothing to tap"
    raise Broken(act.line, f'{scene.actor.channel} shows no choice "{act.title}": {there}')


def _typed(scene: Scene, act: Types) -> str:
    """The last code on any of her phones, or one that differs in its last digit."""
    codes = [shown.code for shown in scene.cast.phones.shown if shown.person == scene.actor.name and shown.code]
    if not codes:
        raise Broken(act.line, "there is no code to type: none of her phones shows one")
    code = codes[-1]
    return code if act.right else f"{code[:-1]}{(int(code[-1]) + 1) % 10}"


def _answered(scene: Scene, act: Writes) -> str:
    """The id of the message she answers."""
    if act.reply_to is None:
        return ""
    shown = scene.cast.shown_to(scene.actor, scene.actor.channel)
    if not 0 < act.reply_to <= len(shown):
        raise Broken(act.line, f"there is no message so many back on {scene.actor.channel}")
    return shown[-act.reply_to].id


def _fate(scene: Scene, act: Told) -> bytes:
    """The fate of the last message that was said to anybody."""
    cast, shown = scene.cast, scene.cast.phones.shown
    if not shown:
        raise Broken(act.line, "the bot has said nothing yet whose fate could be told")
    last = shown[-1]
    person, platform = cast.people[last.person], cast.platform(last.channel)
    body = wire_of(platform).fate(
        cast.line(person, last.channel), scene.machine.clock.now(), last, act.status, act.code
    )
    if body is None:
        raise Broken(act.line, f"{platform} does not tell `{act.status}`")
    scene.happened("platform", f"{act.status}: {said(last)}", last.channel)
    return body
