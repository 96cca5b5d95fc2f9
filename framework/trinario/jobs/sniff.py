"""What a file is by its first bytes, and whether that is what it was said to be."""

from collections.abc import Mapping

HEAD = 512
"""Bytes that tell enough."""

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x7fELF", "application/x-executable"),
)

_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}

_BRANDS: Mapping[bytes, str] = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B ", b"F4A "), "audio/mp4"),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3ge6", b"3gg6", b"3g2a"), "video/3gpp"),
    b"qt  ": "video/quicktime",
}
"""Major brands of ISO media files; every other one is an MP4."""

_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<?xml", b"<svg")

_CONTAINERS = frozenset(
    {"audio/ogg", "audio/mp4", "video/mp4", "video/3gpp", "video/quicktime", "video/webm", "video/ogg"}
)
"""They hold sound as well as moving pictures, and their beginnings do not tell which."""

_FAMILIES = {"image": "image", "sticker": "image", "video": "video", "audio": "audio", "voice": "audio"}

_PACKED = ("application/vnd.openxmlformats", "application/vnd.oasis", "application/epub", "application/java-archive",
           "application/vnd.android", "application/vnd.ms-", "application/x-zip")  # fmt: skip
_OLE = ("application/msword", "application/vnd.ms-", "application/x-msi", "application/vnd.visio")
_MARKUP_TYPES = ("text/", "application/xml", "application/xhtml", "image/svg")

UNKNOWN = "application/octet-stream"


def type_of(head: bytes) -> str:
    """The type that a file's beginning shows; "" when it shows none."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if short := _short(head):
        return short
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower().startswith(_MARKUP):
        return "text/html"
    return ""


def _short(head: bytes) -> str:
    """Types whose beginning is so short that it takes a second look: a text may begin with the same letters."""
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if head[:3] == b"ID3" and len(head) > 3 and head[3] < 5:
        return "audio/mpeg"
    if head[:2] == b"MZ" and b"\0" in head:
        return "application/x-msdownload"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 in (0x02, 0x04):
        return "audio/mpeg"
    return ""


def plain_type(declared: str) -> str:
    """A type without its parameters, in small letters; "" for what is none."""
    name = declared.partition(";")[0].strip().lower()
    whole = name.isascii() and name.isprintable() and " " not in name and name.count("/") == 1
    return name if whole and len(name) <= 100 else ""


def judged(kind: str, declared: str, head: bytes) -> tuple[str, str]:
    """(the type to keep a file under, "") or ("", why it is not what it was said to be). `kind` is that of the message."""
    said, found = plain_type(declared), type_of(head)
    if kind in _FAMILIES:
        return _of_family(kind, said, found)
    if not found:
        return said or UNKNOWN, ""
    if _agree(said, found):
        return (said if found in ("application/zip", "application/x-ole-storage", "text/html") and said else found), ""
    return "", f"it is said to be {said}, and is {found}"


def _of_family(kind: str, said: str, found: str) -> tuple[str, str]:
    """A picture has to show that it is one; sounds and films may begin in ways that we do not know."""
    family = _FAMILIES[kind]
    if not found:
        if family == "image":
            return "", f"it is said to be {said or 'a picture'}, and is none that we know"
        return (said if said.startswith(f"{family}/") else UNKNOWN), ""
    if found.startswith(f"{family}/"):
        return found, ""
    if found in _CONTAINERS and family != "image":
        return (said if said.startswith(f"{family}/") else f"{family}/{found.partition('/')[2]}"), ""
    return "", f"it came as {kind}, said to be {said or 'of no type'}, and is {found}"


def _agree(said: str, found: str) -> bool:
    """Whether a document that shows what it is was said to be that."""
    if said in ("", UNKNOWN, "application/binary", "binary/octet-stream") or said == found:
        return True
    if found == "application/zip":
        return said.startswith(_PACKED)
    if found == "application/x-ole-storage":
        return said.startswith(_OLE)
    if found == "text/html":
        return said.startswith(_MARKUP_TYPES)
    if found in _CONTAINERS:
        return said.partition("/")[0] in ("audio", "video") or said == "application/ogg"
    return said.partition("/")[0] == found.partition("/")[0] != "application" or said.replace("/x-", "/") == found
