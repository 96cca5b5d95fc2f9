"""The message templates of the bot that is played, handed to the emulator, which approves them at once."""

import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

MANY = 1000
"""Templates that are looked at: more than a bot has."""


def hand_in(folder: Path, emulator: str) -> None:
    """Have Meta's emulator know what the bot's templates.yaml declares, in place of what it knew. Raises ConfigError."""
    from trinario.authoring.load import load_project
    from trinario.channels.whatsapp.template_form import creations

    parsed = load_project(folder.parent.parent, folder.name, os.environ).bots[folder.name]
    values = next((one.values for one in parsed.settings if one.platform == "whatsapp"), {})
    if not values.get("waba_id"):
        return
    place, token = f"{emulator}/{values['waba_id']}/message_templates", str(values.get("access_token"))
    known = {one["name"] for one in _call("GET", f"{place}?limit={MANY}", token).get("data", [])}
    for name, spec in parsed.templates.templates.items():
        if name in known:
            _call("DELETE", f"{place}?name={name}", token)
        for body in creations(spec):
            _call("POST", place, token, body)


def _call(method: str, url: str, token: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the emulator answers. Raises ConfigError when it refuses."""
    from trinario.errors import ConfigError

    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10.0) as response:
            answer: dict[str, Any] = json.load(response)
            return answer
    except urllib.error.HTTPError as error:
        said, what = error.read().decode(errors="replace"), body["name"] if body else f"{method} of templates"
        raise ConfigError(f"the emulator refuses the template {what}: {said}") from error
