"""Telegram beside Messenger, as real processes: links both ways, taps, a block, an answer that is lost, a forged update."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.house import KNOBS, RECONCILE
from tests.person import Person
from tests.processes import Bot, Meta, call, eventually, free_port

ROAMING = Path(__file__).parents[1] / "projects" / "roaming" / "bots" / "roaming"
TOKEN = "7770001112:a"


class Town:
    """The emulator with a Telegram bot, and our bot."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        here = f"http://127.0.0.1:{port}"
        page = {"page_id": "2", "page_name": "roaming", "access_token": "a", "app_secret": "b", "verify_token": "c",
                "webhook_url": f"{here}/webhooks/messenger"}  # fmt: skip
        telegram = {"token": TOKEN, "username": "roaming_bot"}
        self.meta = Meta(folder, here, {**KNOBS, "messenger": page, "telegram": telegram})
        environ = {
            "TRINARIO_TELEGRAM_URL": self.meta.url,
            "TRINARIO_PUBLIC_URL": here,
            "TRINARIO_RECONCILE_AFTER": str(RECONCILE),
        }
        self.file = folder / "bot.db"
        self.bot = Bot("bot", folder, self.meta.url, f"sqlite:///{self.file}", ROAMING, port, environ=environ)

    def start(self) -> None:
        self.meta.start()
        self.bot.start()
        eventually(lambda: "setWebhook" in str(self.meta.log_of("graph")), "the webhook is set")

    def person(self, name: str) -> Person:
        return self.meta.person(name)

    def contact(self, person: Person, channel: str) -> Any:
        return self.bot.contact(channel, person.identity(channel))

    def marked(self, person: Person) -> str | None:
        """Why she cannot be reached in Telegram, as the database has it."""
        with contextlib.closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as db:
            found = db.execute("SELECT unreachable FROM identities WHERE value = ?", (person.telegram_id,)).fetchone()
        return found[0] if found else None

    def close(self) -> None:
        self.bot.close()
        self.meta.close()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("telegram"))
    try:
        made.start()
        yield made
    finally:
        made.close()


def test_from_messenger_to_telegram_and_back(town: Town) -> None:
    ana, before = town.person("Ana"), len(town.meta.violations())
    ana.say("messenger", "flowers")
    assert ana.sees("messenger", 1) == ["Let us choose together in Telegram."]
    ana.follow("messenger")
    assert ana.sees("telegram", 1) == ["Which colour?"]
    assert ana.options("telegram") == ["Red", "Yellow", "Blue"]

    ana.tap("telegram", "Yellow")
    assert ana.sees("telegram", 3)[1] == "Yellow, like this?"
    ana.tap("telegram", "9")
    assert ana.sees("telegram", 4)[-1] == "And now back to where we were."
    ana.follow("telegram")
    assert ana.sees("messenger", 3)[1:] == [
        "This conversation goes on in Telegram. Was that not you? Write UNLINK.", "Yellow it is, 9 of 10.",
    ]  # fmt: skip

    contact = town.contact(ana, "telegram")
    assert contact == town.contact(ana, "messenger")
    assert {(one["channel"], one["kind"]) for one in contact["identities"]} == {
        ("messenger", "psid"), ("telegram", "telegram"),
    }  # fmt: skip
    (session,) = town.bot.got(f"/contacts/{contact['id']}/sessions")["sessions"]
    assert (session["flow"], session["status"]) == ("bouquet", "done")
    hers = [
        one for one in town.meta.violations()[before:] if str(one["request"].get("chat_id")) == str(ana.telegram_id)
    ]
    assert hers == []
    answered = [one for one in town.meta.log_of("graph") if "answerCallbackQuery" in one["path"]]
    assert len(answered) == 2 and all(one["status"] == 200 for one in answered)


def test_who_blocks_is_not_written_to_and_is_welcome_again(town: Town) -> None:
    ben = town.person("Ben")
    ben.say("telegram", "later")
    assert ben.sees("telegram", 1) == ["We come back to it."]
    ben.act("block", "telegram")
    contact = town.contact(ben, "telegram")
    eventually(lambda: _sessions(town, contact)[0]["status"] == "waiting", "the flow waits")
    eventually(lambda: town.marked(ben) == "blocked", "the block is known")
    town.meta.ask("POST", "/clock", {"advance": 41 * 86400})

    def given_up() -> bool:
        said = town.bot.got(f"/contacts/{contact['id']}/messages")["messages"]
        return any(one["text"].startswith("Forty days") and one["status"] == "refused" for one in said)

    eventually(given_up, "the message is refused without a call")
    assert [one for one in town.meta.violations() if one["rule"] == "telegram.blocked"] == []
    ben.act("unblock", "telegram")
    ben.say("telegram", "when?")
    assert ben.sees("telegram", 2)[-1] == "We are open from 9 to 18."
    assert town.marked(ben) is None


def _sessions(town: Town, contact: Any) -> list[Any]:
    return list(town.bot.got(f"/contacts/{contact['id']}/sessions")["sessions"]) or [{"status": ""}]


def test_too_fast_is_told_later_and_a_lost_answer_is_said_again(town: Town) -> None:
    cleo = town.person("Cleo")
    town.meta.fault("code", code=429, seconds=1, platform="telegram", match={"to": cleo.telegram_id})
    cleo.say("telegram", "when?")
    assert cleo.sees("telegram", 1) == ["We are open from 9 to 18."]
    town.meta.fault("drop_before", platform="telegram", match={"to": cleo.telegram_id})
    cleo.say("telegram", "when, please?")
    assert cleo.sees("telegram", 2)[-1] == "We are open from 9 to 18."


def test_a_forged_update_is_no_update(town: Town) -> None:
    update = {"update_id": 1, "message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": "flowers"}}
    url = f"{town.bot.url}/webhooks/telegram/telegram"

    assert call("POST", url, update)[0] == 401
    assert call("POST", url, update, {"X-Telegram-Bot-Api-Secret-Token": "d2"})[0] == 401
    assert call("POST", url, update, {"X-Telegram-Bot-Api-Secret-Token": "d"})[0] == 200
    assert call("POST", url, b"[]", {"X-Telegram-Bot-Api-Secret-Token": "d"})[0] == 400
    assert call("GET", url)[0] == 403
