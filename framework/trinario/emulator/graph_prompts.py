"""The conversational components of a WhatsApp number: ice breakers and commands (meta.md §3A.10, §4.1)."""

from __future__ import annotations

import unicodedata

from trinario.emulator.call import Call
from trinario.emulator.checks.whatsapp_words import WORDS
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.meta import Meta
from trinario.emulator.refusal import Refused

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
            for command in top.objects("commands", 0, COMMANDS):
                _plain("command_name", command.text("command_name", 1, COMMAND_NAME) or "")
                _plain("command_description", command.text("command_description", 1, COMMAND_TEXT) or "")
                command.close()
        top.flag("enable_welcome_message")
        top.ignore("access_token", "appsecret_proof", "prompts", "commands")
        top.close()
        kept = {**self._meta.world.profiles.get("whatsapp", {}), **call.body}
        kept.pop("access_token", None)
        self._meta.world.commit({"op": "profile", "platform": "whatsapp", "fields": kept})
        return {"success": True}


def _plain(path: str, words: str) -> None:
    if any(unicodedata.category(letter) == "So" for letter in words):
        details = f"{path} must not contain emoji"
        raise Refused("whatsapp.emoji", 131009, details=details, whatsapp=True)
