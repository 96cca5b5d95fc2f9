"""Files of media/: found when they are named, and judged by what the bot's channels take."""

from pathlib import Path

import pytest

from trinario.authoring.check import check_bot
from trinario.authoring.load import load_bot, load_project
from trinario.runtime.build import LIMITS, WINDOWS

BOT = """
bot: b
locale: en
timezone: UTC
flows: [f]
channels:
  wa: {platform: whatsapp, phone_number_id: "1", phone: "+1", waba_id: "2", access_token: t, app_secret: s, verify_token: v}
  ig: {platform: instagram, account_id: "3", username: x, page_id: "4", access_token: t, app_secret: s, verify_token: v}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "bots/b/media/menus").mkdir(parents=True)
    (tmp_path / "flows").mkdir()
    (tmp_path / "bots/b/bot.yaml").write_text(BOT)
    files = {"garden.jpg": 100, "huge.png": 6_000_000, "clip.webm": 10, "menus/may 1.pdf": 10, "list.txt": 10}
    for name, size in files.items():
        (tmp_path / "bots/b/media" / name).write_bytes(b"x" * size)
    return tmp_path


def told(project: Path, message: str) -> list[tuple[str, str]]:
    (project / "flows/f.yaml").write_text(f"flow: f\ntriggers: [{{keyword: go}}]\nsteps:\n  x:\n    send: {message}\n")
    issues = check_bot(load_project(project, None, {}), LIMITS, WINDOWS)
    return [(issue.code, issue.message) for issue in issues]


@pytest.mark.parametrize(
    "message",
    [
        "{image: garden.jpg}",
        "{document: menus/may 1.pdf}",
        '{image: "https://a.example/x.tiff"}',
        '{image: "{{ contact.first_name }}.jpg"}',
        "{cards: [{title: Fern, image: garden.jpg}]}",
        "{text: Hi, links: [{title: Menu, url: menus/may 1.pdf}]}",
    ],
)
def test_what_fits(project: Path, message: str) -> None:
    if "may 1" in message:  # an address has no spaces, and neither has the name of a file
        (project / "bots/b/media/menus/may.pdf").write_bytes(b"x")
        message = message.replace("may 1", "may")
    assert told(project, message) == []


@pytest.mark.parametrize(
    ("message", "code", "words"),
    [
        ("{image: gardn.jpg}", "T049", 'there is no file "gardn.jpg"'),
        ('{images: ["https://x.example/a.jpg", gardn.jpg]}', "T049", 'there is no file "gardn.jpg"'),
        ('{images: [huge.png, "https://x.example/a.jpg"]}', "T112", '"huge.png" has 6.0 MB, too much for whatsapp'),
        ("{cards: [{title: Fern, image: fern.jpg}]}", "T049", 'there is no file "fern.jpg"'),
        ("{text: Hi, links: [{title: Menu, url: menu.pdf}]}", "T049", 'there is no file "menu.pdf"'),
        ("{image: huge.png}", "T112", '"huge.png" has 6.0 MB, too much for whatsapp'),
        ("{video: clip.webm}", "T112", "whatsapp takes no .webm as video"),
        ("{document: list.txt}", "T112", "instagram takes no .txt as document"),
    ],
)
def test_what_does_not(project: Path, message: str, code: str, words: str) -> None:
    ((found, said),) = told(project, message)
    assert found == code
    assert words in said


def test_where_the_outside_fetches_them(project: Path) -> None:
    assert told(project, "{image: garden.jpg}") == []
    environ = {"TRINARIO_PUBLIC_URL": "https://bot.example/"}

    file = load_bot(project / "bots/b", LIMITS, environ, WINDOWS).bot.media["menus/may 1.pdf"]

    assert file.url == f"https://bot.example/media/{file.digest}/menus/may%201.pdf"
    assert Path(file.path).read_bytes() == b"x" * file.size
    assert load_bot(project / "bots/b", LIMITS, {}, WINDOWS).bot.media["garden.jpg"].url == ""
