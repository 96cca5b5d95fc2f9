"""`trinario doctor` names the fields that segments read and that have no index, once there are many contacts."""

from pathlib import Path

import pytest

from trinario.runtime import doctor_segments
from trinario.runtime.doctor_segments import slow_segments
from trinario.runtime.settings import Settings
from trinario.store.bulk import insert
from trinario.store.migrate import upgrade
from trinario.store.sqlite import SqliteStore
from trinario.store.tables import ContactRow

BOT = """bot: shop
locale: en
region: IT
timezone: Europe/Rome
channels: {}
flows: [quiet]
fields: {city: {type: text}, budget: {type: number, index: true}, likes: {type: list}, born: {type: date}, note: {type: text}}
"""
FLOW = """flow: quiet
triggers: [{segment: "fields.born < today and contact.last_seen_at < ago('30d')", when: enter}]
steps: {hi: {tag: quiet}}
"""
CAMPAIGN = """campaign: spring
purpose: service
segment: "fields.city == 'Milano' and fields.budget > 5 and 'a' in fields.likes and channel.window_open"
send: Spring is here.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A bot with one campaign and a flow that begins by a segment which time moves."""
    for path, text in (
        ("bots/shop/bot.yaml", BOT), ("bots/shop/campaigns/spring.yaml", CAMPAIGN), ("flows/quiet.yaml", FLOW),
    ):  # fmt: skip
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


async def settings_of(project: Path, people: int) -> Settings:
    """With a database that has so many contacts."""
    store = SqliteStore(str(project / "bot.db"))
    rows = [(0, "{}", "[]", "{}", "{}", "{}")] * people
    columns = ("created_at", "fields", "tags", "consent", "last_heard", "marks")
    await store.run(lambda unit: upgrade(unit.conn))
    await store.run(lambda unit: insert(ContactRow, columns).run(unit.conn, rows))
    await store.close()
    return Settings(database_url=f"sqlite:///{project / 'bot.db'}")


async def test_it_says_which_fields_are_worth_an_index(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_segments, "MANY", 3)
    settings = await settings_of(project, 3)
    told = {one.about: one for one in await slow_segments(project / "bots/shop", settings)}
    assert set(told) == {"field city", "field born"}, (
        "budget has one, a list cannot have one on SQLite, note is not read"
    )
    assert "campaign spring reads it among 3 contacts without an index" in told["field city"].what
    assert "city: {type: text, index: true}" in told["field city"].mend
    assert told["field born"].what.startswith("flow quiet reads it")


async def test_few_people_need_no_index(project: Path) -> None:
    assert await slow_segments(project / "bots/shop", await settings_of(project, 3)) == []
