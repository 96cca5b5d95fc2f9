"""What links with a `ref` need of a Page or Instagram account: Get Started and ice breakers (meta.md 3B.8, 3C, 8)."""

from collections.abc import Mapping
from typing import Any

from trinario.channels.graph.client import GraphClient, Outcome, answered, complaint
from trinario.channels.graph.place import GET_STARTED
from trinario.channels.graph.reading import mapping, mappings, text

MOST_ICE_BREAKERS = 4
ICE_BREAKER_LENGTH = 80
MOST_MENU_ITEMS = 20
MENU_TITLE = 30

Wanted = dict[str, Any]


def wanted_profile(questions: Mapping[str, str], menu: Mapping[str, str], *, get_started: bool) -> Wanted:
    """The profile that should stand: `questions` are ice breakers, the words she taps and the payload they bring;
    `menu` are the items of the menu, in the same form."""
    wanted: Wanted = {"get_started": {"payload": GET_STARTED}} if get_started else {}
    if questions:
        asked = list(questions.items())[:MOST_ICE_BREAKERS]
        calls = [{"question": words[:ICE_BREAKER_LENGTH], "payload": payload} for words, payload in asked]
        wanted["ice_breakers"] = [{"call_to_actions": calls, "locale": "default"}]
    if menu:
        items = [
            {"type": "postback", "title": words[:MENU_TITLE], "payload": payload}
            for words, payload in list(menu.items())[:MOST_MENU_ITEMS]
        ]
        wanted["persistent_menu"] = [{"locale": "default", "call_to_actions": items}]
    return wanted


async def set_profile(
    client: GraphClient, path: str, extra: Mapping[str, str], wanted: Wanted, token: str
) -> list[str]:
    """Read the profile, set what differs from `wanted`; gives what could not be set, in words."""
    standing = await client.get(path, {"fields": ",".join(wanted), **extra})
    missing = _missing(wanted, answered(standing))
    faults = []
    for name in missing:
        outcome: Outcome = await client.post(path, {**extra, name: wanted[name]})
        if answered(outcome) is None:
            faults.append(f"{name} could not be set: {complaint(outcome, token)}")
    return faults


def _missing(wanted: Wanted, standing: Mapping[str, Any] | None) -> list[str]:
    """The names that have to be set; all of them if the profile could not be read."""
    rows = mappings(standing or {}, "data")
    found: Wanted = {}
    for row in rows:
        found |= row
        if "call_to_actions" in row and "ice_breakers" in wanted:  # Instagram shows ice breakers without their name
            found["ice_breakers"] = [row]
    same = {
        "get_started": mapping(found, "get_started") == wanted.get("get_started"),
        "ice_breakers": _questions(found) == _questions(wanted),
        "persistent_menu": _items(found) == _items(wanted),
    }
    return [name for name in wanted if not same[name]]


def _questions(profile: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The ice breakers that everybody sees."""
    return [
        (text(call, "question"), text(call, "payload"))
        for group in mappings(profile, "ice_breakers")
        if text(group, "locale") in ("", "default")
        for call in mappings(group, "call_to_actions")
    ]


def _items(profile: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The items of the menu that everybody sees."""
    return [
        (text(call, "title"), text(call, "payload"))
        for group in mappings(profile, "persistent_menu")
        if text(group, "locale") in ("", "default")
        for call in mappings(group, "call_to_actions")
    ]
