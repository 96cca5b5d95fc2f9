"""Files that change under a running bot, and deployments that come: what is served, what is kept, what is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from trinario import jsons
from trinario.authoring import load_flows as loading
from trinario.authoring.stored import FlowSource
from trinario.errors import ConfigError
from trinario.expressions import phrase
from trinario.model.deployment import Deployment, Place
from trinario.model.session import Session, Wait
from trinario.ports import Writes
from trinario.runtime import watcher as watching
from trinario.runtime.keeper import BotKeeper
from trinario.runtime.settings import load_settings
from trinario.runtime.watcher import Watcher
from trinario.store.migrate import upgrade
from trinario.store.sqlite import MemoryStore

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
BOT = """
bot: shop
locale: en
timezone: Europe/Rome
channels:
  wa: {platform: whatsapp, phone_number_id: "11", phone: "+15550001", waba_id: "12", access_token: "${T}",
       app_secret: "${T}", verify_token: "${T}"}
flows: [shop, other]
"""
SHOP = "flow: shop\ntriggers: [{keyword: shop}]\nsteps:\n  colour: {ask: Which colour?, type: text}\n"
OTHER = (
    "flow: other\ntriggers: [{keyword: other}]\nsteps:\n  hello: {send: \"Hello {{ contact.first_name or 'you' }}\"}\n"
)


class Clock:
    def now(self) -> datetime:
        return NOW


@dataclass
class House:
    """A project, a store and a keeper; `swaps` counts how often other flows were served."""

    folder: Path
    store: MemoryStore
    keeper: BotKeeper
    swaps: int = 0

    def write(self, name: str, text: str) -> None:
        (self.folder / "flows" / f"{name}.yaml").write_text(text)

    def asked(self) -> str:
        return self.keeper.bot.flows["shop"].steps["colour"].messages[0].text.phrase.source  # type: ignore[union-attr]

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[Watcher]:
        watcher = Watcher(self.keeper, self.store, Clock(), self._swapped, lambda keeper: None)
        task = asyncio.create_task(watcher.run())
        await asyncio.sleep(0)
        yield watcher
        watcher.bell.close()
        await task

    def _swapped(self) -> None:
        self.swaps += 1


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(watching, "LOOK", 0.01)
    monkeypatch.setattr(watching, "SETTLED", 0.01)
    (tmp_path / "bots/shop").mkdir(parents=True)
    (tmp_path / "flows").mkdir()
    (tmp_path / "bots/shop/bot.yaml").write_text(BOT)
    (tmp_path / "flows/shop.yaml").write_text(SHOP)
    (tmp_path / "flows/other.yaml").write_text(OTHER)
    store = MemoryStore()
    store.run_now(lambda unit: upgrade(unit.conn))
    keeper = BotKeeper(tmp_path / "bots/shop", load_settings(), {"T": "x"})
    await keeper.open(store, NOW)
    return House(tmp_path, store, keeper)


async def until(holds: Callable[[], Any]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.005)


async def test_a_good_file_is_swapped_in_and_the_old_revision_is_kept(house: House) -> None:
    old = house.keeper.bot.flows["shop"]
    async with house.watched():
        house.write("shop", SHOP.replace("Which", "What"))
        await until(lambda: house.asked() == "What colour?")
    bot = house.keeper.bot
    assert bot.flow("shop", old.revision) is old and bot.flow("other", bot.flows["other"].revision)
    kept = house.store.run_now(
        lambda unit: unit.versions.stored([("shop", old.revision), ("shop", bot.flows["shop"].revision)])
    )
    assert len(kept) == 2
    newest, first = house.store.run_now(lambda unit: unit.versions.deployments(5))
    assert (newest.kind, newest.revisions["shop"]) == ("files", bot.flows["shop"].revision) and not newest.moving
    assert first.revisions["shop"] == old.revision


async def test_a_bad_file_changes_nothing_and_is_told_until_it_is_mended(house: House) -> None:
    async with house.watched():
        house.write("shop", SHOP + "  colour: {send: twice}\n")
        await until(lambda: house.keeper.trouble)
        assert house.keeper.trouble and "shop.yaml:5:" in house.keeper.trouble.text
        assert house.asked() == "Which colour?" and house.swaps == 0
        house.write("shop", SHOP.replace("Which", "What"))
        await until(lambda: house.keeper.trouble is None)
    assert house.asked() == "What colour?"


async def test_two_files_that_only_go_together_are_taken_together(house: House) -> None:
    """The first save alone is a fault; the second one mends it, and nobody ever served half of it."""
    async with house.watched():
        house.write("other", OTHER.replace("  hello:", "  go: {call: third}\n  hello:"))
        await until(lambda: house.keeper.trouble)
        (house.folder / "flows/third.yaml").write_text("flow: third\nsteps:\n  a: {send: A}\n")
        (house.folder / "bots/shop/bot.yaml").write_text(BOT.replace("other]", "other, third]"))
        await until(lambda: "third" in house.keeper.bot.flows)
    assert house.keeper.trouble is None and "go" in house.keeper.bot.flows["other"].steps


async def test_a_flow_that_is_deleted_is_there_for_who_stands_in_it(house: House) -> None:
    old = house.keeper.bot.flows["other"]
    session = Session("s", 1, "other", old.revision, NOW, wait=Wait("hello", "sleep", NOW))
    house.store.run_now(lambda unit: unit.write(Writes(sessions={"s": session}), NOW))
    async with house.watched():
        (house.folder / "flows/other.yaml").unlink()
        (house.folder / "bots/shop/bot.yaml").write_text(BOT.replace(", other", ""))
        await until(lambda: "other" not in house.keeper.bot.flows)
        house.write("shop", SHOP.replace("Which", "What"))
        await until(lambda: house.asked() == "What colour?")
    assert house.keeper.bot.flow("other", old.revision) is old
    again = BotKeeper(house.folder / "bots/shop", house.keeper.settings, {"T": "x"})  # type: ignore[arg-type]
    await again.open(house.store, NOW)
    found = again.bot.flow("other", old.revision)
    assert found is not None and found.steps.keys() == old.steps.keys()


async def test_only_what_changed_is_read_and_compiled_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    read, made = list[str](), list[Any]()
    parse, root_of = loading.parse_flow, phrase._root_of  # noqa: SLF001
    monkeypatch.setattr(loading, "parse_flow", lambda data, file: read.append(Path(file).stem) or parse(data, file))
    monkeypatch.setattr(phrase, "_root_of", lambda tree: made.append(tree) or root_of(tree))

    def render() -> str:
        said = house.keeper.bot.flows["other"].steps["hello"].messages[0]  # type: ignore[union-attr]
        return str(said.text.phrase.render({"contact": {"first_name": "Ana"}}))  # type: ignore[union-attr]

    assert render() == render() == "Hello Ana" and len(made) == 1
    async with house.watched():
        for text in ("What colour?", "And the colour?"):
            house.write("shop", SHOP.replace("Which colour?", text))
            await until(lambda text=text: house.asked() == text)
    assert read == ["shop", "shop"], "once for each revision, and never the flow that stayed as it was"
    assert render() == "Hello Ana" and len(made) == 1


async def test_other_channels_wait_for_a_start(house: House, caplog: pytest.LogCaptureFixture) -> None:
    async with house.watched():
        text = BOT.replace("flows:", "title: The Shop\nflows:").replace("+15550001", "+15550002")
        (house.folder / "bots/shop/bot.yaml").write_text(text)
        await until(lambda: house.keeper.bot.title == "The Shop")
    assert "take effect when the process is started again" in caplog.text


def deploy(house: House, text: str, kind: str = "deploy") -> Deployment:
    source = FlowSource("shop", f"rev-{len(text)}", "flows/shop.yaml", text)
    row = (source.name, source.revision, source.yaml, jsons.dumps({}))
    made = Deployment(0, NOW, kind, "ana", {"shop": Place(source.revision, source.file)})
    house.store.run_now(lambda unit: unit.versions.keep([row], NOW))
    after = house.store.run_now(lambda unit: unit.versions.current())
    id = house.store.run_now(lambda unit: unit.versions.deploy(made, after))
    assert id is not None
    return made


async def test_a_deployment_is_taken_over_and_files_count_no_more(house: House) -> None:
    async with house.watched():
        deploy(house, SHOP.replace("Which", "Deployed"))
        await until(lambda: house.keeper.serving and house.keeper.serving.pinned)
        assert house.asked() == "Deployed colour?" and set(house.keeper.bot.flows) == {"shop"}
        house.write("shop", SHOP.replace("Which", "What"))
        await asyncio.sleep(0.1)
        assert house.asked() == "Deployed colour?"
        deploy(house, SHOP, "files")
        await until(lambda: house.asked() == "What colour?")
    assert set(house.keeper.bot.flows) == {"shop", "other"}


async def test_a_deployment_that_does_not_fit_this_bot_is_refused_aloud(house: House) -> None:
    async with house.watched():
        deploy(house, SHOP.replace("type: text", "type: text, save: fields.nowhere"))
        await until(lambda: house.keeper.trouble)
    assert house.asked() == "Which colour?" and "nowhere" in str(house.keeper.trouble)


async def test_a_bot_whose_files_have_errors_serves_what_was_deployed(house: House) -> None:
    deploy(house, SHOP.replace("Which", "Deployed"))
    house.write("shop", "flow: [")
    with pytest.raises(ConfigError):
        BotKeeper(house.folder / "bots/shop", load_settings(), {"T": "x"})
    keeper = BotKeeper(house.folder / "bots/shop", load_settings(), {"T": "x"}, pinned=True)
    await keeper.open(house.store, NOW)
    assert set(keeper.bot.flows) == {"shop"} and keeper.bot.channels.keys() == {"wa"}


async def test_revisions_of_other_processes_are_recalled_within_a_batch(house: House) -> None:
    row = ("shop", "elsewhere", SHOP.replace("Which", "Elsewhere"), "{}")
    house.store.run_now(lambda unit: unit.versions.keep([row], NOW))
    wanted = [("shop", "elsewhere"), ("shop", "nowhere")]
    house.store.run_now(lambda unit: house.keeper.recall(unit, wanted))
    found = house.keeper.bot.flow("shop", "elsewhere")
    assert found is not None and house.keeper.bot.flow("shop", "nowhere") is None
    house.store.run_now(lambda unit: house.keeper.recall(unit, wanted))
    assert house.keeper.bot.flow("shop", "elsewhere") is found


async def test_what_is_not_moved_yet_is_moved_by_the_next_one_that_is_current(house: House) -> None:
    async with house.watched():
        house.write("shop", SHOP.replace("steps:", "migrations: []\nsteps:"))
        await until(lambda: house.swaps == 1)
        assert house.keeper.serving and house.keeper.serving.moving
        house.write("other", OTHER.replace("Hello", "Hi"))
        await until(lambda: house.swaps == 2)
        assert house.keeper.serving.moving, "shop was still being moved"
        house.store.run_now(lambda unit: unit.versions.moved(house.keeper.serving.id, 0, False))  # type: ignore[union-attr]
        house.write("other", OTHER.replace("Hello", "Ciao"))
        await until(lambda: house.swaps == 3)
        assert not house.keeper.serving.moving


@pytest.mark.parametrize("deployed", [True, False])
async def test_what_cannot_be_taken_while_the_database_is_away_is_taken_when_it_is_back(
    house: House, deployed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, tries = house.store.run, list[int]()

    async def away(work: Any) -> Any:
        tries.append(1)
        if len(tries) < 3:
            raise ConnectionError("the database is away")
        return await kept(work)

    monkeypatch.setattr(house.store, "run", away)
    async with house.watched():
        if deployed:
            deploy(house, SHOP.replace("Which", "What"))
        else:
            house.write("shop", SHOP.replace("Which", "What"))
        await until(lambda: house.asked() == "What colour?")
    assert len(tries) > 2
