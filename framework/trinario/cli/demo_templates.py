"""The message templates of the bot that is played, handed to the emulator, which approves them at once."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MANY = 1000
"""Templates that are looked at: more than a bot has."""


def hand_in(folder: Path, emulator: str) -> None:
    """Have Meta's emulator know what the bot's templates.yaml declares, in place of what it knew. Raises ConfigError."""
    from trinario.authoring.load import load_project
    from trinario.channels.whatsapp.template_form import creations, examples_in

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
            for kind, example in examples_in(body):
                example["header_handle"] = [_handle(emulator, token, kind)]
            _call("POST", place, token, body)


_SHOWN = {"image": "image/jpeg", "video": "video/mp4", "document": "application/pdf"}


def _handle(emulator: str, token: str, kind: str) -> str:
    """The handle of a file of some sort: the emulator judges no more than that there is one. Nothing is fetched for it."""
    app = _call("GET", f"{emulator}/_emulator/accounts", token)["messenger"]["app_id"]
    content = f"an example of a {kind}".encode()
    asked = {"file_name": kind, "file_length": len(content), "file_type": _SHOWN[kind]}
    session = _call("POST", f"{emulator}/{app}/uploads", token, asked)["id"]
    fed = _call(
        "POST", f"{emulator}/{session}", token, content, {"Authorization": f"OAuth {token}", "file_offset": "0"}
    )
    return str(fed["h"])


def _call(
    method: str, url: str, token: str, body: dict[str, Any] | bytes | None = None, more: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What the emulator answers. Raises ConfigError when it refuses."""
    from trinario.errors import ConfigError

    kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": kind, **(more or {})}
    data = json.dumps(body).encode() if isinstance(body, dict) else body
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10.0) as response:
            answer: dict[str, Any] = json.load(response)
            return answer
    except urllib.error.HTTPError as error:
        said, what = (
            error.read().decode(errors="replace"),
            body.get("name") if isinstance(body, dict) else f"{method} of templates",
        )
        raise ConfigError(f"the emulator refuses the template {what}: {said}") from error
