"""What Graph answers have in common: the members that were asked for."""

from __future__ import annotations

from trinario.emulator.call import Call
from trinario.emulator.config import Json


def selected(call: Call, known: Json, default: tuple[str, ...]) -> Json:
    """The members asked for with `fields=`; unknown ones are left out."""
    asked = [name.split("{")[0] for name in call.query.get("fields", "").split(",") if name] or list(default)
    return {name: known[name] for name in asked if name in known}
