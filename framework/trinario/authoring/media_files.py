"""The files in a bot's media/ folder, and where platforms fetch them."""

import hashlib
from pathlib import Path
from urllib.parse import quote, urlsplit

from trinario.authoring.files import walk
from trinario.model.media import MediaFile

MOST_MEDIA = 100_000_000
"""Bytes of a file in media/; larger ones are passed over, since no platform takes them."""


def media_files(folder: Path, public: str) -> dict[str, MediaFile]:
    """The files that messages may name. `public` is our address outside, "" without one."""
    found: dict[str, MediaFile] = {}
    for file in walk(folder, ""):
        if file.is_file() and file.stat().st_size <= MOST_MEDIA:
            data = file.read_bytes()
            name, digest = file.relative_to(folder).as_posix(), hashlib.sha256(data).hexdigest()[:32]
            url = f"{public.rstrip('/')}/media/{digest}/{quote(name)}" if reached(public) else ""
            found[name] = MediaFile(name, str(file.resolve()), len(data), digest, url)
    return found


def reached(public: str) -> bool:
    """Whether platforms can fetch from there: by https, and not on this machine."""
    try:
        pieces = urlsplit(public)
        host = pieces.hostname or ""
    except ValueError:
        return False
    here = host == "localhost" or host.endswith(".localhost") or host == "::1" or host.startswith("127.")
    return pieces.scheme == "https" and bool(host) and not here
