"""What files are by their first bytes, and what they say they are."""

import pytest

from trinario.jobs.sniff import judged, plain_type, type_of

JPEG, PNG, GIF = b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\x89PNG\r\n\x1a\n\0\0", b"GIF89a\1\0"
WEBP, WAV, AVI = (b"RIFF\x10\0\0\0" + tail for tail in (b"WEBPVP8L", b"WAVEfmt ", b"AVI LIST"))
MP4, M4A, GP3, MOV, HEIC = (
    b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0" for brand in (b"isom", b"M4A ", b"3gp4", b"qt  ", b"heic")
)
OGG, MP3, AAC, AMR = b"OggS\0\2", b"\xff\xfb\x90\x64", b"\xff\xf1\x50\x80", b"#!AMR\n"
PDF, ZIP, OLE, EXE = b"%PDF-1.7", b"PK\3\4\x14", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ\x90\0\3"
HTML = b"\xef\xbb\xbf\n <!DOCTYPE html><html>"


@pytest.mark.parametrize(
    ("kind", "declared", "head", "kept"),
    [
        ("image", "image/jpeg", JPEG, "image/jpeg"),
        ("image", "image/jpeg", PNG, "image/png"),  # a picture all the same, kept under what it is
        ("image", "", GIF, "image/gif"),
        ("image", "image/heic", HEIC, "image/heic"),
        ("sticker", "image/webp", WEBP, "image/webp"),
        ("video", "video/mp4", MP4, "video/mp4"),
        ("video", "video/3gpp", GP3, "video/3gpp"),
        ("video", "video/quicktime", MOV, "video/quicktime"),
        ("video", "video/x-msvideo", AVI, "video/x-msvideo"),
        ("video", "", OGG, "video/ogg"),
        ("audio", "audio/ogg; codecs=opus", OGG, "audio/ogg"),
        ("audio", "audio/mp4", MP4, "audio/mp4"),
        ("audio", "", MP4, "audio/mp4"),
        ("audio", "audio/mp4", M4A, "audio/mp4"),
        ("audio", "audio/mpeg", MP3, "audio/mpeg"),
        ("audio", "audio/mpeg", b"ID3\4\0", "audio/mpeg"),
        ("audio", "audio/aac", AAC, "audio/aac"),
        ("audio", "audio/amr", AMR, "audio/amr"),
        ("voice", "audio/wav", WAV, "audio/wav"),
        ("audio", "audio/x-odd", b"\1\2\3", "audio/x-odd"),  # sounds begin in many ways
        ("audio", "text/html", b"\1\2\3", "application/octet-stream"),
        ("document", "application/pdf", PDF, "application/pdf"),
        ("document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP,
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("document", "application/msword", OLE, "application/msword"),
        ("document", "application/zip", ZIP, "application/zip"),
        ("document", "image/jpeg", JPEG, "image/jpeg"),
        ("document", "image/jpeg", PNG, "image/png"),
        ("document", "video/mp4", MOV, "video/quicktime"),
        ("document", "audio/x-wav", WAV, "audio/wav"),
        ("document", "text/plain", b"Dear all", "text/plain"),
        ("document", "text/plain", b"BMW and MZ are brands", "text/plain"),
        ("document", "text/plain", "\ufeffciao".encode("utf-16-le"), "text/plain"),
        ("document", "text/html", HTML, "text/html"),
        ("document", "text/csv", b"a,b\n", "text/csv"),
        ("document", "", PDF, "application/pdf"),
        ("document", "", b"?", "application/octet-stream"),
        ("document", "application/octet-stream", EXE, "application/x-msdownload"),
    ],
)  # fmt: skip
def test_what_is_kept(kind: str, declared: str, head: bytes, kept: str) -> None:
    assert judged(kind, declared, head) == (kept, "")


@pytest.mark.parametrize(
    ("kind", "declared", "head"),
    [
        ("image", "image/jpeg", HTML),
        ("image", "image/svg+xml", b"<svg xmlns="),
        ("image", "image/jpeg", b"MZ\x90\0\3"),
        ("image", "image/jpeg", b"just words"),
        ("image", "image/jpeg", b""),
        ("image", "image/jpeg", MP4),
        ("image", "image/png", PDF),
        ("sticker", "image/webp", ZIP),
        ("video", "video/mp4", JPEG),
        ("video", "video/mp4", HTML),
        ("audio", "audio/ogg", PDF),
        ("audio", "audio/ogg", EXE),
        ("document", "application/pdf", HTML),
        ("document", "application/pdf", EXE),
        ("document", "application/pdf", ZIP),
        ("document", "application/pdf", JPEG),
        ("document", "text/plain", EXE),
        ("document", "application/msword", HTML),
        ("document", "image/jpeg", PDF),
    ],
)
def test_lies(kind: str, declared: str, head: bytes) -> None:
    found, why = judged(kind, declared, head)
    assert found == "" and "said to be" in why


def test_types_of_nobody() -> None:
    assert type_of(b"") == "" == type_of(b"RIFF") == type_of(b"\xff")
    assert plain_type("Image/JPEG; q=1") == "image/jpeg"
    assert (
        plain_type("nonsense")
        == plain_type("a/b/c")
        == plain_type("text/pl\nain")
        == plain_type("x/" + "y" * 200)
        == ""
    )
