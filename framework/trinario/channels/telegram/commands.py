"""The menu of a bot: its commands. Each is made of an item's title, so that who taps or types it means that item (12.1)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

MOST_COMMANDS = 100
LONGEST_COMMAND, LONGEST_DESCRIPTION = 32, 256
START = "start"
"""What every bot is begun with: no item may be called so."""

_COMMAND = re.compile(f"[a-z0-9_]{{1,{LONGEST_COMMAND}}}")


def command_of(title: str) -> str:
    """`opening_hours` of "Opening hours!"; "" for a title that no command can be made of (other scripts, too long).

    It has the letters and digits of the title and nothing else, as typed words are compared: she who taps it writes
    `/opening_hours`, and that is the title typed.
    """
    letters = unicodedata.normalize("NFKD", title.casefold())
    words = "".join("" if unicodedata.combining(one) else one if one.isalnum() else " " for one in letters).split()
    made = "_".join(words)
    return made if _COMMAND.fullmatch(made) and made != START else ""


def commands(titles: Iterable[str]) -> tuple[list[Mapping[str, Any]], list[str]]:
    """What `setMyCommands` is given, and the titles of which there is none."""
    made: dict[str, str] = {}
    left: list[str] = []
    for title in titles:
        command = command_of(title)
        if command and command not in made and len(made) < MOST_COMMANDS:
            made[command] = title[:LONGEST_DESCRIPTION]
        else:
            left.append(title)
    return [{"command": name, "description": words} for name, words in made.items()], left
