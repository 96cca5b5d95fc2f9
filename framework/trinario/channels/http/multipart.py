"""Files handed to the Graph as multipart forms (meta.md 3A.7 and 3B.3)."""

import json
import mimetypes
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

MIMES: Mapping[str, str] = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "mp4": "video/mp4", "3gp": "video/3gpp", "mov": "video/quicktime", "webm": "video/webm", "avi": "video/x-msvideo",
    "aac": "audio/aac", "amr": "audio/amr", "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "wav": "audio/wav",
    "pdf": "application/pdf", "txt": "text/plain",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip
"""Of endings; a sound in mp4 is told by the kind of the message."""


def mime_of(name: str, kind: str) -> str:
    """The type of a file by the ending of its name. `kind` is image, video, audio, document or sticker."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if kind == "audio" and ending == "mp4":
        return "audio/mp4"
    return MIMES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def form(fields: Mapping[str, Any], part: str, name: str, mime: str, data: bytes) -> tuple[bytes, str]:
    """The body of a form with one file, and its content type. What is no text among the fields is written as JSON."""
    boundary = f"trinario-{sha256(data).hexdigest()[:32]}"
    pieces = []
    for field, value in fields.items():
        text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        pieces.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{text}\r\n'.encode())
    shown = "".join(sign if sign.isprintable() and sign not in '"\\' else "_" for sign in name.rpartition("/")[2])
    head = f'Content-Disposition: form-data; name="{part}"; filename="{shown}"\r\nContent-Type: {mime}'
    pieces += [f"--{boundary}\r\n{head}\r\n\r\n".encode(), data, f"\r\n--{boundary}--\r\n".encode()]
    return b"".join(pieces), f"multipart/form-data; boundary={boundary}"
