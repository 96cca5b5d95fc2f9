"""The conversational components of a WhatsApp number: ice breakers and commands (meta.md §3A.10, §4.1)."""

from __future__ import annotations

import unicodedata

from trinario.emulator.call import Call
from trinario.emulator.checks.whatsapp_words import WORDS
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.meta import Meta
from trinario.emulator.refusal import Refused

KEPT = ("prompts", "commands", "enable_welcome_message")
PROMPTS, PROMPT, COMMANDS, COMMAND_NAME, COMMAND_TEXT = 4, 80, 30, 32, 256


class Prompts:
    """`POST /{PHONE_NUMBER_ID}/conversational_automation`; it is read as a field of the number."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    async def set(self, call: Call) -> Json:
        """What a new chat offers from now on."""
        top = Fields(call.body, "", WORDS)
        prompts = top.raw("prompts") or []
        if not isinstance(prompts, list) or len(prompts) > PROMPTS:
            raise WORDS.count("prompts", 0, PROMPTS)
        for number, words in enumerate(prompts):
            if not isinstance(words, str) or not 1 <= len(words) <= PROMPT:
                raise WORDS.length(f"prompts[{number}]", "prompt", 1, PROMPT)
            _plain(f"prompts[{number}]", words)
        if "commands" in top:
            _check_commands(top)
        top.flag("enable_welcome_message")
        top.ignore("access_token", "appsecret_proof", "prompts", "commands")
        top.close()
        if not any(name in call.body for name in KEPT):
            raise WORDS.missing("prompts")
        given = {name: call.body[name] for name in KEPT if name in call.body}
        kept = {**self._meta.world.profiles.get("whatsapp", {}), **given}
        self._meta.world.commit({"op": "profile", "platform": "whatsapp", "fields": kept})
        return {"success": True}


def _plain(path: str, words: str) -> None:
    if any(unicodedata.category(letter) == "So" or letter in ("\u20e3", "\ufe0f") for letter in words):
        details = f"{path} must not contain emoji"
        raise Refused("whatsapp.emoji", 131009, details=details, whatsapp=True)


def _check_commands(top: Fields) -> None:
    names = set()
    for command in top.objects("commands", 0, COMMANDS):
        name = command.string("command_name", COMMAND_NAME)
        _plain("command_name", name)
        if name in names or any(sign.isspace() for sign in name):
            raise WORDS.value(command.at("command_name"), "a word of its own without blanks")
        names.add(name)
        _plain("command_description", command.text("command_description", 1, COMMAND_TEXT) or "")
        command.close()
