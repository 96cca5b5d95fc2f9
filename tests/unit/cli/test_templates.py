"""`templates`: what is declared beside what the emulator's Meta has; and what doctor says of tokens and webhooks."""

import asyncio
import json
import shutil
import threading
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.cli.conftest import ROOT, Trinario
from trinario.authoring.parse_templates import parse_templates
from trinario.cli.demo_bot import SUPPLIED
from trinario.cli.demo_templates import hand_in
from trinario.cli.templates import word_by_word
from trinario.emulator.server import Emulator
from trinario.store.migrate import upgrade
from trinario.store.sqlite import SqliteStore


class Meta:
    """The emulator in a thread of its own: the command line has a loop of its own."""

    def __init__(self, settings: Any = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._emulator = Emulator(settings)
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._run(self._emulator.start())}"

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def close(self) -> None:
        self._run(self._emulator.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def asked(self, path: str) -> list[Any]:
        """The calls of the Graph whose path ends so."""
        with urllib.request.urlopen(f"{self.url}/_emulator/log", timeout=10) as response:
            entries = json.load(response)
        entries = entries["entries"] if isinstance(entries, dict) else entries
        return [one for one in entries if one["kind"] == "graph" and one["path"].endswith(path)]

    def tell(self, path: str, wish: Any) -> Any:
        body = json.dumps(wish).encode()
        request = urllib.request.Request(f"{self.url}/_emulator/{path}", data=body, method="POST")
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)


@pytest.fixture
def meta() -> Iterator[Meta]:
    found = Meta()
    yield found
    found.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("bots", "flows"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def given(meta: Meta, folder: Path) -> dict[str, str]:
    return {**SUPPLIED, "TRINARIO_GRAPH_URL": meta.url, "TRINARIO_DATABASE_URL": f"sqlite:///{folder}/bot.db"}


def test_push_then_status_then_differences(trinario: Trinario, meta: Meta, project: Path) -> None:
    variables = given(meta, project)
    before = trinario("templates", "status", cwd=project, **variables)
    assert before.returncode == 1 and "missing" in before.stdout
    unasked = trinario("templates", "push", cwd=project, **variables)
    assert unasked.returncode == 2 and "--yes" in unasked.stderr
    pushed = trinario("templates", "push", "--yes", cwd=project, **variables)
    assert pushed.returncode == 0 and "cart_reminder (en): approved" in pushed.stdout
    status = trinario("templates", "status", "--format", "json", cwd=project, **variables)
    assert status.returncode == 0
    assert {one["state"] for one in json.loads(status.stdout)["templates"]} == {"approved"}
    assert "nothing to hand in" in trinario("templates", "push", "--yes", cwd=project, **variables).stdout

    file = project / "bots" / "demo" / "templates.yaml"
    file.write_text(file.read_text().replace("everything green until Sunday", "everything green until Monday"))
    changed = trinario("templates", "status", cwd=project, **variables)
    assert changed.returncode == 1
    assert "until [-Sunday.-] {+Monday.+}" in changed.stdout
    assert trinario("templates", "push", "--yes", cwd=project, **variables).returncode == 0
    assert trinario("templates", "status", cwd=project, **variables).returncode == 0


def test_a_utility_template_of_messenger_is_handed_in_at_the_page(
    trinario: Trinario, meta: Meta, project: Path
) -> None:
    variables, file = given(meta, project), project / "bots" / "demo" / "templates.yaml"
    declared = {
        "order_sent": {
            "category": "utility", "channels": ["whatsapp", "messenger"], "params": ["order"],
            "languages": {"en": {"body": "Order {{order}} is on its way.", "buttons": [{"reply": "Thanks"}]}},
        }
    }  # fmt: skip
    content = yaml.safe_load(file.read_text("utf-8"))
    content["templates"] |= declared
    file.write_text(yaml.safe_dump(content), "utf-8")
    assert trinario("templates", "push", "--yes", cwd=project, **variables).returncode == 0
    told = json.loads(trinario("templates", "status", "--format", "json", cwd=project, **variables).stdout)
    mine = [(one["channel"], one["state"]) for one in told["templates"] if one["name"] == "order_sent"]
    assert sorted(mine) == [("messenger", "approved"), ("whatsapp", "approved")]
    assert {one["name"] for one in told["templates"] if one["channel"] == "messenger"} == {"order_sent"}
    pulled = parse_templates(trinario("templates", "pull", cwd=project, **variables).stdout.encode(), "pulled")
    assert pulled.templates["order_sent"].platforms == ("whatsapp", "messenger")


LEAF = bytes.fromhex("89504e470d0a1a0a") + b"a leaf"


def spring(header: dict[str, str], **more: str) -> dict[str, Any]:
    return {"category": "utility", "languages": {"en": {"body": "Spring is here.", "header": {**header, **more}}}}


def declare(project: Path, templates: dict[str, Any]) -> None:
    folder = project / "bots" / "demo"
    (folder / "media").mkdir(exist_ok=True)
    (folder / "media" / "leaf.png").write_bytes(LEAF)
    (folder / "templates.yaml").write_text(yaml.safe_dump({"templates": templates}), "utf-8")


def test_a_file_above_a_template_is_uploaded_once_and_handed_in(trinario: Trinario, meta: Meta, project: Path) -> None:
    variables = given(meta, project)
    card = {"image": "leaf.png", "body": "A fern.", "buttons": [{"reply": "Take it"}]}
    ferns = {"body": "These are new.", "cards": [card, {**card, "body": "A rose."}]}
    declare(project, {
        "spring": spring({"image": "leaf.png"}),
        "anything": {**spring({"image": "{{photo}}"}, example="leaf.png"), "params": ["photo"]},
        "ferns": {"category": "marketing", "languages": {"en": ferns, "it": ferns}},
    })  # fmt: skip

    pushed = trinario("templates", "push", "--yes", cwd=project, **variables)

    assert pushed.returncode == 0, pushed.stdout + pushed.stderr
    assert len(meta.asked("/uploads")) == 1, "one file is uploaded once"
    status = trinario("templates", "status", cwd=project, **variables)
    assert status.returncode == 0, status.stdout
    pulled = parse_templates(trinario("templates", "pull", cwd=project, **variables).stdout.encode(), "pulled")
    header = pulled.templates["spring"].languages["en"].header
    assert not pulled.issues and header and header.value == "{{image}}" and header.example.startswith("https://")
    assert len(pulled.templates["ferns"].languages["it"].cards) == 2


@pytest.mark.parametrize(
    ("header", "app", "message"),
    [
        ({"image": "leaf.png"}, False, "write `app_id` beside the channel's app_secret in bot.yaml"),
        ({"image": "lost.png"}, True, 'there is no file "lost.png" in media/'),
        ({"image": "{{photo}}"}, True, "write `example` beside it"),
        ({"image": "https://127.0.0.1:1/x.png"}, True, "this machine may not be called"),
        ({"document": "leaf.png"}, True, "of type image/png"),
    ],
)
def test_why_a_file_cannot_be_handed_in(
    trinario: Trinario, meta: Meta, project: Path, header: dict[str, str], app: bool, message: str
) -> None:
    if not app:
        bot = project / "bots" / "demo" / "bot.yaml"
        bot.write_text("".join(one for one in bot.read_text().splitlines(True) if "app_id" not in one))
    params = {"params": ["photo"]} if "{{photo}}" in header.values() else {}
    declare(project, {"spring": {**spring(header), **params}})

    pushed = trinario("templates", "push", "--yes", cwd=project, **given(meta, project))

    assert pushed.returncode == 1 and message in pushed.stdout + pushed.stderr


def test_what_meta_thinks_of_them(trinario: Trinario, meta: Meta, project: Path) -> None:
    variables = given(meta, project)
    trinario("templates", "push", "--yes", cwd=project, **variables)
    meta.tell("templates", {"name": "spring_2026", "language": "en", "status": "REJECTED", "reason": "PROMOTIONAL"})
    meta.tell("templates", {"name": "cart_reminder", "language": "en", "status": "PAUSED"})
    told = trinario("templates", "status", cwd=project, **variables)
    assert told.returncode == 1
    assert "spring_2026 (en)  rejected: PROMOTIONAL" in told.stdout and "cart_reminder (en)  paused" in told.stdout
    file = project / "bots" / "demo" / "templates.yaml"
    file.write_text(file.read_text().replace("category: utility", "category: marketing"))
    pushed = trinario("templates", "push", "--yes", cwd=project, **variables)
    assert pushed.returncode == 1 and "category of an approved template" in pushed.stdout
    assert "spring_2026 (en): handed in" in pushed.stdout


def test_category_and_quality_are_told_by_status_and_by_check(trinario: Trinario, meta: Meta, project: Path) -> None:
    variables = given(meta, project)
    missing = trinario("check", "--meta", "--format", "json", cwd=project, **variables)
    assert missing.returncode == 1
    assert {one["code"] for one in json.loads(missing.stdout)["issues"] if one["severity"] == "error"} == {"T154"}
    trinario("templates", "push", "--yes", cwd=project, **variables)
    assert "T15" not in trinario("check", "--meta", cwd=project, **variables).stdout

    meta.tell("templates", {"name": "appointment_reminder", "language": "en", "category": "MARKETING"})
    meta.tell("templates", {"name": "spring_2026", "language": "it", "quality": "RED"})
    meta.tell("templates", {"name": "nps_question", "language": "en", "status": "PAUSED"})

    told = trinario("templates", "status", cwd=project, **variables).stdout
    assert "spring_2026 (it)  approved  (marketing, quality red)" in told
    assert "category: [-marketing-] {+utility+}" in told
    checked = trinario("check", "--meta", cwd=project, **variables)
    assert checked.returncode == 1
    for code, words in (
        ("T154", "(en) is paused at Meta"),
        ("T155", "(en) is for marketing at Meta, and declared for utility"),
        ("T156", "(it) has the quality red"),
    ):
        assert any(code in line and words in line for line in checked.stdout.splitlines()), checked.stdout


def test_a_category_that_is_announced_is_kept_and_told(trinario: Trinario, meta: Meta, project: Path) -> None:
    variables = given(meta, project)
    trinario("templates", "push", "--yes", cwd=project, **variables)
    now = datetime(2026, 11, 23, tzinfo=UTC)

    async def keep() -> None:
        store = SqliteStore(str(project / "bot.db"))
        await store.run(lambda unit: upgrade(unit.conn))
        when = now + timedelta(days=1)
        await store.run(
            lambda unit: unit.templates.note_becoming("whatsapp", "nps_question", "en", "MARKETING", when, now)
        )
        await store.close()

    asyncio.run(keep())

    told = trinario("templates", "status", cwd=project, **variables)
    assert "nps_question (en)  approved  (utility, marketing from 2026-11-24 on)" in told.stdout
    checked = trinario("check", "--meta", cwd=project, **variables).stdout
    assert "will be for marketing on 2026-11-24" in checked


def test_pull_gives_a_file_that_can_be_read(trinario: Trinario, meta: Meta, project: Path) -> None:
    variables, file = given(meta, project), project / "bots" / "demo" / "templates.yaml"
    trinario("templates", "push", "--yes", cwd=project, **variables)
    declared = parse_templates(file.read_bytes(), "t").templates
    before = file.read_bytes()
    pulled = trinario("templates", "pull", cwd=project, **variables)
    assert file.read_bytes() == before, "nothing is written unless it is said"
    parsed = parse_templates(pulled.stdout.encode(), "pulled")
    assert parsed.issues == ()
    assert {name: set(one.languages) for name, one in parsed.templates.items()} == {
        name: set(one.languages) for name, one in declared.items()
    }
    content = yaml.safe_load(before)
    content["templates"] = {"only_here": {"category": "utility", "languages": {"en": {"body": "Hello there."}}}}
    file.write_text(yaml.safe_dump(content))
    written = trinario("templates", "pull", "--write", cwd=project, **variables)
    assert written.returncode == 0
    merged = parse_templates(file.read_bytes(), "merged")
    assert merged.issues == () and {"only_here", *declared} == set(merged.templates)


def test_a_graph_that_refuses_is_said_in_words(trinario: Trinario, meta: Meta, project: Path) -> None:
    outcome = trinario("templates", "status", cwd=project, **{**given(meta, project), "WHATSAPP_TOKEN": "wrong"})
    assert outcome.returncode == 78 and "trinario doctor" in outcome.stderr and "wrong" not in outcome.stderr


def test_words_side_by_side() -> None:
    assert word_by_word("a b c", "a x c d") == "a [-b-] {+x+} c {+d+}"
    assert word_by_word("", "new") == "{+new+}"


def findings(trinario: Trinario, meta: Meta, project: Path, **more: str) -> dict[str, Any]:
    outcome = trinario("doctor", "--format", "json", cwd=project, **given(meta, project), **more)
    return {one["about"]: one for one in json.loads(outcome.stdout)["findings"]}


def test_doctor_asks_about_tokens_and_webhooks(trinario: Trinario, project: Path) -> None:
    meta = Meta({"messenger": {"webhook_url": "http://127.0.0.1:1/webhooks/messenger"}})
    try:
        found = findings(trinario, meta, project)
        assert found["token of messenger"]["state"] == "fine"
        assert found["subscription of messenger"]["state"] == "fine"
        assert found["callback of messenger"]["state"] == "doubtful", "nobody listens there"
        assert found["webhooks of instagram"]["state"] == "wrong", "the app has no address for them"
        meta.tell("token", {"who": "page", "scopes": ["pages_show_list"], "expires_at": 4_000_000_000})
        lacking = findings(trinario, meta, project)["token of messenger"]
        assert lacking["state"] == "wrong" and "pages_messaging" in lacking["what"] and lacking["mend"]
        meta.tell("token", {"who": "page", "expires_at": 1})
        ended = findings(trinario, meta, project)
        assert ended["token of messenger"]["state"] == "wrong" and "expired" in ended["token of messenger"]["what"]
        assert ended["channel messenger"]["state"] == "wrong"
    finally:
        meta.close()


def test_the_demo_hands_in_what_is_declared_files_and_all(
    meta: Meta, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SUPPLIED.items():
        monkeypatch.setenv(name, value)
    declare(
        project, {"spring": spring({"image": "https://nowhere.example/x.jpg"}), "bill": spring({"document": "x.pdf"})}
    )
    for _ in range(2):
        hand_in(project / "bots" / "demo", meta.url)
    with urllib.request.urlopen(f"{meta.url}/_emulator/templates", timeout=10) as response:
        known = {one["name"]: one["components"][0]["format"] for one in json.load(response)}
    assert known == {"spring": "IMAGE", "bill": "DOCUMENT"}
