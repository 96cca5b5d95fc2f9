"""`contacts`: shown, joined, parted, unlinked, suggested, on a project and a database of its own."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Outcome, Trinario
from tests.unit.cli.test_versions import BOT, SHOP
from trinario.jobs.intake import inward
from trinario.model.channel import Identity
from trinario.model.heard import Arrival, Heard
from trinario.ports import Known, Unit, Writes
from trinario.store.migrate import upgrade
from trinario.store.sqlite import SqliteStore
from trinario.store.unit import SqlUnit

Contacts = Callable[..., Outcome]
WHY = ("--reason", "same voice", "--author", "marta")


def _fill(unit: SqlUnit) -> None:
    upgrade(unit.conn)
    _people(unit)


def _people(unit: Unit) -> None:
    now = datetime.now(UTC)
    for n, name in enumerate(("Anna", "Bea"), 1):
        heard = Heard(Identity("wa", "phone", f"3930000{n}"), f"m{n}", now, "text", text="hi", name=name)
        unit.take_in([inward(Arrival(heard, b"{}"), now)], now)
        case = unit.claim_cases(1, now)[0]
        one = replace(case.contact, first_name=name, fields={"city": name}, last_heard={"wa": now})
        known = {one.id: [Known("phone", "390", "phone")]}
        unit.write(Writes(contacts={one.id: one}, finished=[(1, case.entries[0].id, None)], known=known), now)


@pytest.fixture
def contacts(trinario: Trinario, tmp_path: Path) -> Contacts:
    """`contacts ...` in a project with two people, Anna (1) and Bea (2)."""
    (tmp_path / "bots/shop").mkdir(parents=True)
    (tmp_path / "flows").mkdir()
    (tmp_path / "bots/shop/bot.yaml").write_text(BOT)
    (tmp_path / "flows/shop.yaml").write_text(SHOP)

    async def fill() -> None:
        store = SqliteStore(str(tmp_path / "bot.db"))
        await store.run(_fill)
        await store.close()

    asyncio.run(fill())
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    return lambda *arguments: trinario("contacts", *arguments, cwd=tmp_path, TRINARIO_DATABASE_URL=url)


def data(outcome: Outcome) -> Any:
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


def test_who_she_is_and_what_her_identities_are_good_for(contacts: Contacts) -> None:
    shown = contacts("show", "wa:39300001")
    assert shown.returncode == 0 and "Anna" in shown.stdout and "wa:39300001 (phone) · open until" in shown.stdout
    told = data(contacts("show", "1", "--format", "json"))
    assert told["fields"] == {"city": "Anna"} and told["identities"][0]["marketing"] is None
    assert "bot.db" in shown.stderr
    nobody = contacts("show", "77")
    assert nobody.returncode == 2
    called = contacts("show", "+39 333 111-2222")
    assert called.returncode == 2 and "say whatsapp:393331112222" in called.stderr
    assert "no contact is known as 77" in nobody.stderr and f"looked in {_database(shown.stderr)} (" in nobody.stderr


def _database(told: str) -> str:
    """The file that a line of `contacts show` names."""
    return told.removeprefix("from ").strip()


def test_a_database_that_is_not_there_is_named(trinario: Trinario, tmp_path: Path) -> None:
    (tmp_path / "bots/shop").mkdir(parents=True)
    (tmp_path / "flows").mkdir()
    (tmp_path / "bots/shop/bot.yaml").write_text(BOT)
    (tmp_path / "flows/shop.yaml").write_text(SHOP)
    nobody = trinario("contacts", "show", "1", cwd=tmp_path)
    assert nobody.returncode == 2
    assert f"looked in {tmp_path / 'trinario.db'}, a file that is not there" in nobody.stderr


def test_joined_and_parted_again(contacts: Contacts) -> None:
    seen = data(contacts("merge", "1", "2", *WHY, "--preview", "--format", "json"))
    (city,) = seen["fields"]
    assert (city["kept"], city["taken"], city["rule"]) == ("Anna", "Bea", "newest")
    assert contacts("merges", "1").stdout == ""
    assert contacts("merge", "1", "2", *WHY).returncode == 2, "nobody is here to be asked"
    done = data(contacts("merge", "1", "2", *WHY, "--yes", "--format", "json"))
    assert (done["kept"], done["taken"]) == (1, 2)
    assert contacts("merge", "1", "2", *WHY, "--yes").returncode == 2, "they are one"
    assert "2 became part of 1 · team same voice" in contacts("merges", "2").stdout
    assert len(data(contacts("show", "2", "--format", "json"))["identities"]) == 2
    assert contacts("unmerge", str(done["merge"]), *WHY, "--yes").returncode == 0
    assert contacts("unmerge", str(done["merge"]), *WHY, "--yes").returncode == 2
    (told,) = data(contacts("merges", "1", "--format", "json"))
    assert told["undone_by"] == "marta" and told["evidence"] == {"author": "marta"}


def test_an_identity_goes_its_own_way(contacts: Contacts) -> None:
    assert contacts("unlink", "wa:39300001", *WHY, "--yes").returncode == 2, "it is her only one"
    assert contacts("unlink", "1", *WHY, "--yes").returncode == 2
    data(contacts("merge", "1", "2", *WHY, "--yes", "--format", "json"))
    parted = data(contacts("unlink", "wa:39300002", *WHY, "--yes", "--format", "json"))
    assert parted == {"kept": 1, "taken": 2}


def test_pairs_are_suggested_until_they_are_dismissed(contacts: Contacts) -> None:
    assert contacts("suggestions").stdout == "1  2  phone\n"
    assert contacts("suggestions", "--dismiss", "1", "2").returncode == 0
    assert data(contacts("suggestions", "--format", "json")) == []
    assert contacts("suggestions", "--dismiss", "1", "1").returncode == 2


def test_a_reason_is_wanted(contacts: Contacts) -> None:
    assert contacts("merge", "1", "2", "--reason", " ", "--yes").returncode == 2
    assert contacts("merge", "1", "2", "--yes").returncode == 2


def test_what_she_allows_is_below_the_same_word(contacts: Contacts) -> None:
    assert "never asked" in contacts("consent", "1").stdout


def test_where_she_wants_to_be_written_to(contacts: Contacts) -> None:
    assert contacts("set", "1", "--preferred-channel", "whatsapp").returncode == 0
    assert "wants to be written to on wa" in contacts("show", "1").stdout
    assert data(contacts("show", "1", "--format", "json"))["preferred_channel"] == "wa"
    refused = contacts("set", "1", "--preferred-channel", "pigeon")
    assert refused.returncode and "'pigeon' is no channel of this bot" in refused.stderr
    contacts("set", "1", "--preferred-channel", "none")
    assert data(contacts("show", "1", "--format", "json"))["preferred_channel"] is None


def test_whom_an_expression_means(contacts: Contacts) -> None:
    assert contacts("count", "--segment", "contact.first_name == 'Anna'").stdout == "1\n"
    found = json.loads(
        contacts("sample", "--segment", "'wa' in contact.channels", "-n", "1", "--format", "json").stdout
    )
    assert found["count"] == 2 and len(found["sample"]) == 1
    shown = contacts("sample", "--segment", "contact.first_name.startswith('B')")
    assert "Bea" in shown.stdout and "1 of 1" in shown.stderr


def test_what_cannot_be_asked_has_carets(contacts: Contacts) -> None:
    done = contacts("count", "--segment", "true and contact.first_name ~ 'x' == 'y'")
    assert done.returncode != 0 and "^^^" in done.stderr and "contact.first_name ~ 'x'" in done.stderr
    done = contacts("count", "--segment", "contact.first_name =")
    assert done.returncode != 0 and "^" in done.stderr and "Traceback" not in done.stderr
