"""What people send when nobody says what: the smallest files that are what they say they are."""

from __future__ import annotations

import base64

_JPEG = (
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////"
    "wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
_WEBP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="

_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"
_MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08free"
_OGG = b"OggS\0\x02" + bytes(8) + b"\1\0\0\0" + bytes(8) + b"\1\x13OpusHead\1\1\0\0\x80\xbb\0\0\0\0\0"

SAMPLES = {
    "image": base64.b64decode(_JPEG),
    "video": _MP4,
    "audio": _OGG,
    "document": _PDF,
    "sticker": base64.b64decode(_WEBP),
}


def content_of(kind: str, wish: dict[str, object], who: str) -> bytes:
    """The bytes of a wish: its `content` (text), its `base64`, else a sample, a little other for everybody."""
    if isinstance(wish.get("base64"), str):
        return base64.b64decode(str(wish["base64"]))
    if wish.get("content"):
        return str(wish["content"]).encode()
    return SAMPLES[kind] + f"\n% {kind} of {who}\n".encode()
