"""What answers say of our allowance, and files that are handed to the platforms."""

import json
from pathlib import Path
from typing import Any

import pytest

from trinario.channels.fit import fit
from trinario.channels.graph.client import judged
from trinario.channels.graph.failures import page_failure
from trinario.channels.graph.page_body import message_body
from trinario.channels.graph.usage import usage_of
from trinario.channels.http.multipart import form, mime_of
from trinario.channels.http.transport import Answer, Lost
from trinario.channels.instagram.adapter import Instagram, InstagramAccount
from trinario.channels.messenger.adapter import Messenger, PageAccount
from trinario.channels.messenger.limits import LIMITS as MESSENGER
from trinario.channels.whatsapp.adapter import WhatsApp, WhatsAppAccount
from trinario.channels.whatsapp.encode import encode
from trinario.channels.whatsapp.limits import LIMITS as WHATSAPP
from trinario.model.channel import Identity
from trinario.model.media import MediaFile, address_in, digest_of
from trinario.model.message import Link, Media, Text
from trinario.model.outbox import NotSent, OutboxEntry, Sent, Usage


@pytest.mark.parametrize(
    ("app", "business", "usage"),
    [
        ("", "", None),
        ('{"call_count":28,"total_time":25,"total_cputime":31}', "", Usage("app", 31)),
        ("", '{"1":[{"type":"messenger","call_count":95,"estimated_time_to_regain_access":0}]}', Usage("messenger", 95)),
        ('{"call_count":99}', '{"1":[{"type":"pages","call_count":3},{"type":"whatsapp","total_time":100,'
         '"estimated_time_to_regain_access":7}]}', Usage("whatsapp", 100, 420.0)),
        ("no json", "[1]", None),
        ('{"call_count":"many"}', '{"1":"x","2":[3,{"type":null,"call_count":true}]}', Usage("app", 0.0)),
    ],
)  # fmt: skip
def test_usage(app: str, business: str, usage: Usage | None) -> None:
    assert usage_of(app, business) == usage


def test_a_result_brings_its_usage() -> None:
    def failure(*given: Any) -> Any:
        return page_failure(given[0], given[1], given[2])

    good = Answer(200, b'{"message_id":"m1"}', ('{"call_count":90}', ""))
    assert judged(good, lambda body: Sent("m1"), failure, 0).usage == Usage("app", 90)
    bad = Answer(400, b'{"error":{"code":32,"message":"#32"}}', ('{"call_count":100}', ""))
    result = judged(bad, lambda body: None, failure, 0)
    assert isinstance(result, NotSent) and result.usage == Usage("app", 100) and result.failure.holds == "channel"


@pytest.mark.parametrize(
    ("name", "kind", "mime"),
    [
        ("a/may.PDF", "document", "application/pdf"), ("v.ogg", "audio", "audio/ogg"), ("v.mp4", "audio", "audio/mp4"),
        ("v.mp4", "video", "video/mp4"), ("x.docx", "document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("x.zzz", "document", "application/octet-stream"), ("noending", "document", "application/octet-stream"),
    ],
)  # fmt: skip
def test_types_of_files(name: str, kind: str, mime: str) -> None:
    assert mime_of(name, kind) == mime


def test_a_form_holds_its_fields_and_the_file() -> None:
    body, kind = form({"type": "image/png", "message": {"a": 1}}, "file", 'menus/ma"y\n.png', "image/png", b"\x00\xff")
    boundary = kind.partition("boundary=")[2].encode()
    assert body.count(b"--" + boundary) == 4 and body.endswith(b"--" + boundary + b"--\r\n")
    assert b'name="message"\r\n\r\n{"a":1}\r\n' in body and b'filename="ma_y_.png"' in body
    assert b"Content-Type: image/png\r\n\r\n\x00\xff\r\n" in body


class Recorder:
    """A transport that keeps what it is given."""

    def __init__(self, answer: bytes | None) -> None:
        self.answer, self.calls = answer, list[tuple[str, bytes, str]]()

    async def post(self, url: str, body: bytes, headers: Any) -> Any:
        self.calls.append((url, body, headers["Content-Type"]))
        return Lost("cut") if self.answer is None else Answer(200, self.answer)

    async def get(self, url: str, headers: Any) -> Any:
        raise AssertionError("nothing is asked")

    async def delete(self, url: str, body: bytes, headers: Any) -> Any:
        raise AssertionError("nothing is deleted")


async def test_adapters_hand_files_in() -> None:
    there, page = Recorder(b'{"id":"77"}'), Recorder(b'{"attachment_id":"88"}')
    whatsapp = WhatsApp(WhatsAppAccount("w", "106", "+1", "t"), there)
    assert await whatsapp.upload("may.png", b"x", "image") == Sent("77")
    assert there.calls[0][0].endswith("/v25.0/106/media") and b"messaging_product" in there.calls[0][1]
    messenger = Messenger(PageAccount("m", "189", "t"), page)
    instagram = Instagram(InstagramAccount("i", "178", "t", page_id="189"), page)
    assert await messenger.upload("may.pdf", b"x", "document") == Sent("88")
    assert await instagram.upload("may.png", b"x", "image") == Sent("88")
    assert all(url.endswith("/v25.0/189/message_attachments") for url, _, _ in page.calls)
    assert b'{"attachment":{"type":"file","payload":{"is_reusable":true}}}' in page.calls[0][1]
    assert b'name="platform"\r\n\r\ninstagram' in page.calls[1][1]
    assert (whatsapp.account, messenger.account, instagram.account) == ("106", "189", "178")
    lost = await WhatsApp(WhatsAppAccount("w", "106", "+1", "t"), Recorder(None)).upload("a.png", b"x", "image")
    assert isinstance(lost, NotSent) and lost.failure.action == "retry", "a lost answer is no harm"


def test_an_uploaded_file_is_sent_by_its_id() -> None:
    def entry(content: Media) -> OutboxEntry:
        return OutboxEntry(1, "k", 1, Identity("c", "x", "39"), content)

    file = Media("image", address_in("ab", "may.png"), "May", uploaded="77")
    assert encode(entry(file))["image"] == {"id": "77", "caption": "May"}
    linked = Media(
        "image", address_in("ab", "may.png"), "May", links=(Link("See", "https://a.example"),), uploaded="77"
    )
    assert encode(entry(linked))["interactive"]["header"] == {"type": "image", "image": {"id": "77"}}
    assert message_body(entry(file))["message"]["attachment"] == {"type": "image", "payload": {"attachment_id": "77"}}


def test_files_of_ours_are_fitted_where_they_can_be_uploaded() -> None:
    file = Media("image", address_in("ab", "may 1.png"), "May")
    assert fit(file, WHATSAPP) == (file,)
    assert [type(part) for part in fit(file, MESSENGER)] == [Media, Text]
    from dataclasses import replace

    elsewhere = replace(WHATSAPP, uploads=False)
    assert fit(file, elsewhere) == (Text("May"),)
    assert fit(replace(file, caption=""), elsewhere) == (Text("may 1.png"),)


def test_addresses_of_files(tmp_path: Path) -> None:
    own, public = MediaFile("a/b.png", "/x", 1, "ab12"), MediaFile("b.png", "/x", 1, "ab", "https://b.example/b.png")
    assert own.address == "media://ab12/a/b.png" and digest_of(own.address) == "ab12"
    assert public.address == public.url and digest_of(public.address) == ""
    assert json.dumps(own.address)
