"""The demo's message templates, handed to the emulator, which approves them at once."""

import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any


def hand_in(root: Path, bot: str, emulator: str) -> None:
    """Have Meta's emulator know what templates.yaml declares, in place of what it knew. Raises ConfigError."""
    from trinario.authoring.load import load_project
    from trinario.channels.whatsapp.template_form import creations

    parsed = load_project(root, bot, os.environ).bots[bot]
    accounts = [one.values for one in parsed.settings if one.platform == "whatsapp"]
    for values in accounts:
        place = f"{emulator}/{values.get('waba_id')}/message_templates"
        for name, spec in parsed.templates.templates.items():
            _call("DELETE", f"{place}?name={name}", str(values["access_token"]))
            for body in creations(spec):
                _call("POST", place, str(values["access_token"]), body)


def _call(method: str, url: str, token: str, body: dict[str, Any] | None = None) -> None:
    """One call; a template that is not there cannot be deleted, which is no trouble."""
    from trinario.errors import ConfigError

    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10.0):
            pass
    except urllib.error.HTTPError as error:
        if method == "POST":
            said = error.read().decode(errors="replace")
            raise ConfigError(f"the emulator refuses the template {body['name'] if body else ''}: {said}") from error
