"""The profile of a Page or Instagram account: Get Started, ice breakers, menu, greeting (meta.md 3B.8, 3C, 8)."""

from collections.abc import Mapping
from typing import Any

from trinario.channels.graph.client import GraphClient, answered, complaint
from trinario.channels.graph.place import GET_STARTED
from trinario.channels.http.reading import mapping, mappings, text
from trinario.ports import Tongues

MOST_ICE_BREAKERS = 4
ICE_BREAKER_LENGTH = 80
MOST_MENU_ITEMS = 20
MENU_TITLE = 30
GREETING_LENGTH = 160

Wanted = dict[str, Any]


def wanted_profile(
    questions: Mapping[str, str], menu: Mapping[str, str], *, get_started: bool, tongues: Tongues | None = None
) -> Wanted:
    """The profile that should stand: `questions` are ice breakers, the words she taps and the payload they bring;
    `menu` are the items of the menu, in the same form; `tongues` are both of them in other languages."""
    wanted: Wanted = {"get_started": {"payload": GET_STARTED}} if get_started else {}
    others = dict(tongues or {})
    if questions:
        asked = {"default": questions, **{name: asked for name, (asked, _) in others.items() if asked}}
        wanted["ice_breakers"] = [{"call_to_actions": _asked(one), "locale": name} for name, one in asked.items()]
    if menu:
        shown = {"default": menu, **{name: items for name, (_, items) in others.items() if items}}
        wanted["persistent_menu"] = [{"locale": name, "call_to_actions": _shown(one)} for name, one in shown.items()]
    return wanted


def _asked(questions: Mapping[str, str]) -> list[Wanted]:
    told = list(questions.items())[:MOST_ICE_BREAKERS]
    return [{"question": words[:ICE_BREAKER_LENGTH], "payload": payload} for words, payload in told]


def _shown(menu: Mapping[str, str]) -> list[Wanted]:
    told = list(menu.items())[:MOST_MENU_ITEMS]
    return [{"type": "postback", "title": words[:MENU_TITLE], "payload": payload} for words, payload in told]


OURS = (GET_STARTED, "trigger/")
"""How payloads of ours begin: what brings others was put there by people, and stays."""


def wanted_greeting(texts: Mapping[str, str]) -> Wanted:
    """The words before the first message, by locale (`default`, `it_IT` ...)."""
    shown = [{"locale": locale, "text": text[:GREETING_LENGTH]} for locale, text in texts.items() if text.strip()]
    return {"greeting": shown} if shown else {}


async def set_profile(
    client: GraphClient, path: str, extra: Mapping[str, str], wanted: Wanted, token: str, ours: tuple[str, ...] = ()
) -> list[str]:
    """Read the profile, set what differs from `wanted`, delete those of `ours` that we put there and nobody wants any more;
    gives what could not be done, in words."""
    names = dict.fromkeys((*wanted, *ours))
    standing = answered(await client.get(path, {"fields": ",".join(names), **extra}))
    found = _found(standing, names)
    faults = []
    if gone := [name for name in ours if name not in wanted and _is_ours(found, name)]:
        outcome = await client.delete(path, {**extra, "fields": gone})
        if answered(outcome) is None:
            faults.append(f"{' and '.join(gone)} could not be deleted: {complaint(outcome, token)}")
    for name in _missing(wanted, found):
        outcome = await client.post(path, {**extra, name: wanted[name]})
        if answered(outcome) is None:
            faults.append(f"{name} could not be set: {complaint(outcome, token)}")
    return faults


async def set_greeting(
    client: GraphClient, path: str, texts: Mapping[str, str], ours: Mapping[str, str], token: str
) -> list[str]:
    """Set the words before the first message where they differ. Where none are wanted, those that stand there as we put them
    (`ours`) are deleted; what people wrote there stays. Gives what could not be done, in words."""
    wanted, former = wanted_greeting(texts), wanted_greeting(ours)
    if wanted or not former:
        return await set_profile(client, path, {}, wanted, token) if wanted else []
    outcome = await client.get(path, {"fields": "greeting"})
    if (standing := answered(outcome)) is None:
        return [f"greeting could not be read: {complaint(outcome, token)}"]
    if _greetings(_found(standing, {})) != _greetings(former):
        return []
    outcome = await client.delete(path, {"fields": ["greeting"]})
    return [] if answered(outcome) is not None else [f"greeting could not be deleted: {complaint(outcome, token)}"]


def _greetings(profile: Mapping[str, Any]) -> dict[str, str]:
    return {text(one, "locale") or "default": text(one, "text") for one in mappings(profile, "greeting")}


def _found(standing: Mapping[str, Any] | None, names: Mapping[str, Any]) -> Wanted:
    """What stands there now; nothing if it could not be read."""
    found: Wanted = {}
    for row in mappings(standing or {}, "data"):
        found |= row
        if "call_to_actions" in row and "ice_breakers" in names:  # Instagram shows ice breakers without their name
            found["ice_breakers"] = [*found.get("ice_breakers", ()), row]
    return found


def _is_ours(found: Wanted, name: str) -> bool:
    """Whether something stands there, and a tap on it brings us what we gave to it."""
    calls = [call for group in mappings(found, name) for call in mappings(group, "call_to_actions")]
    return bool(calls) and all(text(call, "payload").startswith(OURS) for call in calls)


def _missing(wanted: Wanted, found: Wanted) -> list[str]:
    """The names that have to be set."""
    same = {
        "get_started": mapping(found, "get_started") == wanted.get("get_started"),
        "ice_breakers": _calls(found, "ice_breakers", "question") == _calls(wanted, "ice_breakers", "question"),
        "persistent_menu": _calls(found, "persistent_menu", "title") == _calls(wanted, "persistent_menu", "title"),
        "greeting": found.get("greeting") == wanted.get("greeting"),
    }
    return [name for name in wanted if not same[name]]


def _calls(profile: Mapping[str, Any], kind: str, words: str) -> dict[str, list[tuple[str, str]]]:
    """The ice breakers, or the items of the menu, by language: what they say, and what a tap brings."""
    return {
        text(group, "locale") or "default": [
            (text(call, words), text(call, "payload")) for call in mappings(group, "call_to_actions")
        ]
        for group in mappings(profile, kind)
    }
