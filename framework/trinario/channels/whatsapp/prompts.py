"""What a new chat with a WhatsApp number offers to send: ice breakers and commands (meta.md 3A.10, 4.1)."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from trinario.channels.graph.client import GraphClient, answered, complaint
from trinario.channels.http.reading import items, mapping, mappings, text
from trinario.ports import Opening

MOST_PROMPTS, PROMPT_LENGTH = 4, 80
MOST_COMMANDS, COMMAND_LENGTH, DESCRIPTION_LENGTH = 30, 32, 256

_PICTURES = ("\N{ZERO WIDTH JOINER}", "\N{VARIATION SELECTOR-16}", "\N{COMBINING ENCLOSING KEYCAP}")


def within(wanted: Opening) -> Opening:
    """The same inside the limits, without emoji, which Meta refuses; what nothing is left of is left out."""
    prompts = [words for prompt in wanted.prompts if (words := _plain(prompt)[:PROMPT_LENGTH].strip())]
    told = {_plain(name)[:COMMAND_LENGTH]: _plain(does)[:DESCRIPTION_LENGTH] for name, does in wanted.commands.items()}
    commands = {name: does for name, does in told.items() if name and does}
    return Opening(tuple(dict.fromkeys(prompts))[:MOST_PROMPTS], dict(list(commands.items())[:MOST_COMMANDS]))


async def set_opening(client: GraphClient, number: str, wanted: Opening, ours: Opening, token: str) -> list[str]:
    """Set both where they differ; gives what could not be set, in words. What others put there stays while nothing of its
    sort is wanted: only what was `ours` is taken away."""
    wanted, ours = within(wanted), within(ours)
    if wanted == ours == Opening():
        return []
    outcome = await client.get(number, {"fields": "conversational_automation"})
    found = answered(outcome)
    if found is None:
        return [f"prompts and commands could not be read: {complaint(outcome, token)}"]
    standing = _read(mapping(found, "conversational_automation"))
    target = Opening(
        wanted.prompts or (() if standing.prompts == ours.prompts else standing.prompts),
        wanted.commands or ({} if standing.commands == ours.commands else standing.commands),
    )
    if target == standing:
        return []
    outcome = await client.post(f"{number}/conversational_automation", _written(target))
    return (
        [] if answered(outcome) is not None else [f"prompts and commands could not be set: {complaint(outcome, token)}"]
    )


def _read(shown: Mapping[str, Any]) -> Opening:
    prompts = tuple(one for one in items(shown, "prompts") if isinstance(one, str))
    commands = mappings(shown, "commands")
    return Opening(prompts, {text(one, "command_name"): text(one, "command_description") for one in commands})


def _written(opening: Opening) -> dict[str, Any]:
    """Both parts, always: what is left out stays as it was."""
    commands = [{"command_name": name, "command_description": does} for name, does in opening.commands.items()]
    return {"prompts": list(opening.prompts), "commands": commands}


def _plain(words: str) -> str:
    kept = (sign for sign in words if not _is_picture(sign))
    return " ".join("".join(kept).split())


def _is_picture(sign: str) -> bool:
    return unicodedata.category(sign) == "So" or sign in _PICTURES or "\U0001f3fb" <= sign <= "\U0001f3ff"
