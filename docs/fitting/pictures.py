"""Pictures of the samples on the phones: where they are, and of what they were made."""

import json
from pathlib import Path
from typing import Any

from docs.fitting.forms import PLATFORMS, fingerprint, requests
from docs.fitting.samples import SAMPLES, Sample

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "reference" / "pictures"
MANIFEST = PICTURES / "manifest.json"
PACKAGE = ROOT / "framework" / "trinario"
PAGE = PACKAGE / "web" / "phones" / "page"
SCREENS = (PACKAGE / "emulator" / "screens.py", PACKAGE / "emulator" / "telegram" / "screens.py")
"""What the emulator says that a phone shows."""
DRAWING = ("apps.css", "dom.js", "links.js", "message.js", "page.css", "phone.css", "phone.js", "sheet.js")
"""The files of the page that say how a phone looks."""
MOST_BYTES = 1_800_000
OPENED = "-open"
"""What the name of a picture ends in whose list is open."""


def file_of(name: str, platform: str) -> Path:
    """Where a picture is."""
    return PICTURES / f"{name}.{platform}.webp"


def assets() -> str:
    """The fingerprint of how a phone looks."""
    return fingerprint([file.read_text("utf-8") for file in (*(PAGE / name for name in DRAWING), *SCREENS)])


def of_what(sample: Sample) -> dict[str, str]:
    """The fingerprint of what a sample becomes, by platform."""
    return {platform: fingerprint(requests(platform, sample.content)) for platform in PLATFORMS}


def manifest() -> Any:
    """What the pictures were made of: `{assets, samples: {name: {platform: fingerprint}}}`."""
    return json.loads(MANIFEST.read_text("utf-8")) if MANIFEST.is_file() else {"assets": "", "samples": {}}


def stale() -> list[Sample]:
    """Samples whose pictures show what no longer is."""
    made = manifest()
    if made["assets"] != assets():
        return list(SAMPLES)
    return [sample for sample in SAMPLES if made["samples"].get(sample.name) != of_what(sample)]
