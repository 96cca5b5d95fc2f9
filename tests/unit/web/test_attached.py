"""Files that operators put in by the API: forms and base64, kept as copies, sent by the platform's upload."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from tests.unit.web.conftest import TOKEN, House
from trinario.channels.messenger.limits import LIMITS
from trinario.model.media import copy_of
from trinario.model.message import Media, Template
from trinario.model.outbox import Sent
from trinario.outside.media_folder import FolderStore
from trinario.ports import Claimed
from trinario.runtime.uploads import Uploads
from trinario.web.api import attached, desk

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


async def form(house: House, contact: int, file: bytes | None, name: str = "rose.png", **more: str) -> tuple[int, Any]:
    data = aiohttp.FormData(default_to_multipart=True)
    for key, value in more.items():
        data.add_field(key, value)
    if file is not None:
        data.add_field("file", file, filename=name, content_type="application/octet-stream")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with house.session.post(f"{house.url}/api/v1/contacts/{contact}/messages", data=data, headers=headers) as one:
        return one.status, await one.json(content_type=None)


def left(folder: Path) -> list[Path]:
    return [path for path in (folder / "copies").rglob("*") if path.is_file()]


async def test_a_file_of_a_form_is_kept_shown_and_handed_to_the_platform(house: House, tmp_path: Path) -> None:
    id = await house.anna()
    status, body = await form(house, id, PNG, caption="This one?", author="Marta", id="r-1")
    assert (status, body["refusal"], body["channel"]) == (202, None, "messenger")
    thread = (await house.get(f"/api/v1/contacts/{id}/messages"))[1]["messages"]
    (line,) = [one for one in thread if one["kind"] == "image"]
    assert (line["author"], line["by"]) == ("person", "Marta")
    (file,) = line["media"]
    assert (file["status"], file["size"], file["mime_type"], file["filename"]) == (
        "stored",
        len(PNG),
        "image/png",
        "rose.png",
    )
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with house.session.get(f"{house.url}/api/v1/media/{file['id']}", headers=headers) as given:
        assert await given.read() == PNG
    (copy,) = left(tmp_path)
    assert copy.name == file["id"]
    assert await _handed_in(house, tmp_path) == ("rose.png", PNG, "image")
    assert (await form(house, id, b"another file", name="b.txt", id="r-1"))[1]["duplicate"]
    assert left(tmp_path) == [copy] and copy.read_bytes() == PNG


async def _handed_in(house: House, folder: Path) -> tuple[str, bytes, str]:
    """What the platform's upload is given of the row that waits."""
    (row,) = [one for one in await house.store.run(lambda u: u.claim_outbox("messenger", 9, 300.0, 7, house_now()))
              if isinstance(one.entry.content, Media)]  # fmt: skip
    seen: list[tuple[str, bytes, str]] = []

    class Page:
        platform, account, kept, limits = "messenger", "1", 900_000.0, LIMITS

        async def upload(self, name: str, data: bytes, kind: str) -> Sent:
            seen.append((name, data, kind))
            return Sent("up-1")

    world: Any = SimpleNamespace(adapters={"messenger": Page()}, bot=lambda: SimpleNamespace(media={}))
    clock: Any = SimpleNamespace(now=house_now)
    ready = await Uploads(house.store, clock, FolderStore(folder / "copies")).ready(world, row)
    assert isinstance(ready, Claimed) and not isinstance(ready.entry.content, Template)
    assert ready.entry.content.uploaded == "up-1"  # type: ignore[union-attr]
    gone = await Uploads(house.store, clock, FolderStore(folder / "elsewhere")).ready(
        world,
        replace(row, entry=replace(row.entry, content=replace(row.entry.content, kind="document"))),  # type: ignore[arg-type]
    )
    assert "no longer" in gone.failure.reason  # type: ignore[union-attr]
    (one,) = seen
    return one


async def test_bytes_in_json(house: House) -> None:
    id = await house.anna()
    for number, data in enumerate((b64encode(PNG).decode(), f"data:image/png;base64,{b64encode(PNG).decode()}")):
        media = {"data": data, "filename": "C:\\fotos\\rose.jpg"}
        assert (await house.post(f"/api/v1/contacts/{id}/messages", {"media": media, "id": f"j{number}"}))[0] == 202
    rows = await house.rows("SELECT kind, mime_type, filename, status, held FROM media")
    assert rows == [("image", "image/png", "rose.png", 2, 1)] * 2
    media = {"data": b64encode(b"%PDF-1.7 ...").decode(), "filename": "bill"}
    await house.post(f"/api/v1/contacts/{id}/messages", {"media": media})
    assert await house.rows("SELECT kind, mime_type, filename FROM media WHERE kind = 'document'") == [
        ("document", "application/pdf", "bill.pdf")
    ]


async def test_what_cannot_be_taken_is_told_and_leaves_nothing(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await house.anna()
    told: list[tuple[int, str]] = []

    async def tried(status: int, body: Any) -> None:
        told.append((status, body.get("errors", [{}])[0].get("where", body["type"].rpartition(":")[2])))

    await tried(*await form(house, id, b""))
    await tried(*await form(house, id, None, caption="no file"))
    await tried(*await form(house, id, PNG, kind="audio"))
    await tried(*await form(house, id, b"<html><script>", kind="image"))
    await tried(*await form(house, id, PNG, colour="red"))
    await tried(*await form(house, id, PNG, channel="telegraph"))
    await tried(*await form(house, id, PNG, kind="hologram"))
    await tried(*await form(house, 99999, PNG))
    monkeypatch.setattr(attached, "LARGEST", 20)
    await tried(*await form(house, id, PNG))
    for media in ({"data": "###"}, {"data": ""}, {"data": "QQ==", "url": "https://a.example/b.png"}):
        await tried(*await house.post(f"/api/v1/contacts/{id}/messages", {"media": media}))
    assert told == [
        (422, "/media"), (422, "/file"), (422, "/media"), (422, "/media"), (422, "/colour"), (422, "/channel"),
        (422, "/media/kind"), (404, "unknown-contact"), (413, "file-too-large"), (422, "/media/data"), (422, "/media"),
        (422, "/media"),
    ]  # fmt: skip
    assert left(tmp_path) == [] and await house.rows("SELECT 1 FROM media UNION SELECT 1 FROM outbox") == []
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "multipart/form-data; boundary=x"}
    async with house.session.post(
        f"{house.url}/api/v1/contacts/{id}/messages", data=b"--x\r\nno form", headers=headers
    ) as one:
        assert one.status in (400, 422), await one.text()


async def test_a_copy_whose_reply_was_never_written_is_removed_in_a_day(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies between the copy and the commit: nothing is done after the fault, as nobody is there to do it."""
    id = await house.anna()

    async def dead(*_: Any) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(desk, "patient", dead)
    monkeypatch.setattr(attached, "forget", dead)
    assert (await form(house, id, PNG))[0] == 500
    (copy,) = left(tmp_path)
    now = house_now()
    assert (await house.get(f"/api/v1/media/{copy.name}"))[0] == 404
    assert await house.store.run(lambda u: u.media.doomed(9, now + timedelta(hours=23))) == []
    later = now + timedelta(hours=25)
    assert await house.store.run(lambda u: u.media.doomed(9, later)) == [copy.name]
    await house.store.run(lambda u: u.media.removed([copy.name], [], later))
    assert await house.rows("SELECT 1 FROM media") == []


def test_a_channel_that_does_not_take_it_says_what_it_takes(tmp_path: Path) -> None:
    file = attached.Attached(tmp_path / "x", 9_000_000, "d" * 64, PNG, "a.png", "image/png")
    copy = attached.Copy("0" * 32, "image", "image/png", "a.png", file)
    assert copy_of(copy.address) == ("0" * 32, "a.png") and copy_of("media://d/a.png") is None
    small = replace(LIMITS, files={"image": (8_000_000, frozenset({"png"}))})
    assert (wrong := attached.unfit(copy, "ig", small)) and wrong.status == 413 and "8 MB" in wrong.detail
    jpeg = replace(small, files={"image": (80_000_000, frozenset({"jpg"}))})
    assert (wrong := attached.unfit(copy, "ig", jpeg)) and wrong.status == 422
    assert attached.unfit(copy, "ig", replace(small, files={})) is None


def house_now() -> Any:
    """The time of the house, whose clock is the machine's."""
    from datetime import UTC, datetime, timedelta

    return datetime.now(UTC) + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([{}, {}], 422),
        ([{"Content-Transfer-Encoding": "foo"}], 400),
    ],
)
async def test_a_form_that_nobody_can_read_is_a_fault_of_its_sender(
    house: House, tmp_path: Path, parts: list[dict[str, str]], status: int
) -> None:
    id = await house.anna()
    body = b""
    for more in parts:
        lines = [
            'Content-Disposition: form-data; name="file"; filename="a.png"',
            *(f"{k}: {v}" for k, v in more.items()),
        ]
        body += b"--X\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n" + PNG + b"\r\n"
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "multipart/form-data; boundary=X"}
    url = f"{house.url}/api/v1/contacts/{id}/messages"
    async with house.session.post(url, data=body + b"--X--\r\n", headers=headers) as answer:
        assert answer.status == status
    assert not [path for path in tmp_path.rglob("reply-*") if path.is_file()]
