"""The `messenger_profile` endpoint: what may stand in it on Messenger and on Instagram (meta.md §3B.8, §4.2)."""

from __future__ import annotations

import re
from collections.abc import Callable

from trinario.emulator.checks.page_templates import check_link
from trinario.emulator.checks.page_words import INSTAGRAM, MESSENGER, PageWords
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields

PAYLOAD, GREETING, QUESTION, ICE_BREAKERS = 1000, 160, 80, 4
MENU_ITEMS, MENU_TITLE, COMMANDS, COMMAND_NAME, COMMAND_TEXT, LOCALES = 20, 30, 100, 32, 64, 50
LOCALE = re.compile("[a-z]{2,3}_[A-Z]{2}")
ENVELOPE = ("platform", "access_token", "appsecret_proof")


def check_profile(platform: str, body: Json, present: Json) -> Json:
    """The members to set. Raises Refused."""
    words = MESSENGER if platform == "messenger" else INSTAGRAM
    top = Fields(body, "", words)
    top.ignore(*ENVELOPE)
    allowed = (
        MEMBERS if platform == "messenger" else {name: MEMBERS[name] for name in ("ice_breakers", "persistent_menu")}
    )
    given = [name for name in allowed if name in top]
    if not given:
        raise words.refused("profile", "", "At least one of " + ", ".join(allowed) + " is needed")
    for name in given:
        allowed[name](top, words)
    top.close()
    if platform == "messenger" and "persistent_menu" in given and "get_started" not in {*given, *present}:
        text = "You must set a Get Started button if you also wish to use persistent menu"
        raise words.refused("profile", "persistent_menu", text)
    return {name: body[name] for name in given}


def check_deletion(platform: str, body: Json, present: Json) -> list[str]:
    """The members to delete."""
    words = MESSENGER if platform == "messenger" else INSTAGRAM
    names = body.get("fields")
    if not isinstance(names, list) or not names or not set(map(str, names)) <= set(MEMBERS):
        raise words.refused("profile", "fields", "Param fields must be a non-empty array of profile properties.")
    if "get_started" in names and "persistent_menu" in present and "persistent_menu" not in names:
        raise words.refused("profile", "fields", "The persistent menu must be deleted before the Get Started button")
    return [str(name) for name in names]


def _localized(top: Fields, name: str, words: PageWords) -> list[Fields]:
    """The entries of a member that has one per locale; one of them must be the default."""
    entries = top.objects(name, 1, LOCALES)
    locales = [entry.text("locale", 1, 20, needed=False) or "default" for entry in entries]
    if strange := [found for found in locales if found != "default" and not LOCALE.fullmatch(found)]:
        raise words.value(top.at(name), f"a list by locale, and {strange[0]} is none: they look like it_IT")
    if "default" not in locales or len(set(locales)) != len(locales):
        raise words.refused("locale", top.at(name), "a default locale is needed, and each locale once only")
    return entries


def _get_started(top: Fields, words: PageWords) -> None:
    started = top.object("get_started")
    started.string("payload", PAYLOAD)
    started.close()


def _greeting(top: Fields, words: PageWords) -> None:
    for entry in _localized(top, "greeting", words):
        entry.text("text", 1, GREETING)
        entry.close()


def _ice_breakers(top: Fields, words: PageWords) -> None:
    """One list per locale; the older form without locales is still taken."""
    raw = top.raw("ice_breakers")
    flat = isinstance(raw, list) and bool(raw) and isinstance(raw[0], dict) and "question" in raw[0]
    if flat:
        for item in top.objects("ice_breakers", 1, ICE_BREAKERS):
            _ice_breaker(item)
        return
    for entry in _localized(top, "ice_breakers", words):
        for item in entry.objects("call_to_actions", 1, ICE_BREAKERS):
            _ice_breaker(item)
        entry.close()


def _ice_breaker(item: Fields) -> None:
    item.text("question", 1, QUESTION)
    item.text("payload", 1, PAYLOAD)
    item.close()


def _menu(top: Fields, words: PageWords) -> None:
    for entry in _localized(top, "persistent_menu", words):
        if words.platform == "messenger":
            entry.flag("composer_input_disabled")
        entry.ignore("disabled_surfaces")
        for item in entry.objects("call_to_actions", 1, MENU_ITEMS):
            kind = item.choice("type", ("postback", "web_url"))
            item.text("title", 1, MENU_TITLE)
            if kind == "postback":
                item.text("payload", 1, PAYLOAD)
            else:
                check_link(item)
            item.close()
        entry.close()


def _commands(top: Fields, words: PageWords) -> None:
    for entry in _localized(top, "commands", words):
        for command in entry.objects("commands", 1, COMMANDS):
            command.text("name", 1, COMMAND_NAME)
            command.text("description", 1, COMMAND_TEXT)
            command.close()
        entry.close()


def _domains(top: Fields, words: PageWords) -> None:
    domains = top.raw("whitelisted_domains")
    if not isinstance(domains, list) or not all(
        isinstance(name, str) and name.startswith("https://") for name in domains
    ):
        raise words.value("whitelisted_domains", "an array of https urls")


def _linking(top: Fields, words: PageWords) -> None:
    top.url("account_linking_url")


MEMBERS: dict[str, Callable[[Fields, PageWords], None]] = {
    "get_started": _get_started,
    "greeting": _greeting,
    "ice_breakers": _ice_breakers,
    "persistent_menu": _menu,
    "commands": _commands,
    "whitelisted_domains": _domains,
    "account_linking_url": _linking,
}
