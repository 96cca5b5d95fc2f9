"""`contacts import` and `contacts export` on files as people have them, and on a database of its own."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Outcome, Trinario
from tests.unit.cli.test_versions import BOT, SHOP

Contacts = Callable[..., Outcome]
FIELDS = "region: IT\nfields: {city: {type: text}, budget: {type: number}}\n"


@pytest.fixture
def contacts(trinario: Trinario, tmp_path: Path) -> Contacts:
    """`contacts ...` in a project without a database."""
    (tmp_path / "bots/shop").mkdir(parents=True)
    (tmp_path / "flows").mkdir()
    (tmp_path / "bots/shop/bot.yaml").write_text(BOT + FIELDS)
    (tmp_path / "flows/shop.yaml").write_text(SHOP)
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    return lambda *arguments: trinario("contacts", *arguments, cwd=tmp_path, TRINARIO_DATABASE_URL=url)


def data(outcome: Outcome, code: int = 0) -> Any:
    assert outcome.returncode == code, outcome.stderr
    return json.loads(outcome.stdout)


def test_a_sheet_is_tried_brought_in_mended_and_written_out(contacts: Contacts, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "Telefono;First name;City;Budget\r\n333 1234567;Anna;Forlì;1.500,50\r\nnobody;Bea;Bari;\r\n", "cp1252"
    )
    asked = ("import", "people.csv", "--map", "Telefono=wa", "--locale", "it")
    tried = contacts(*asked, "--dry-run")
    assert (
        tried.returncode == 1
        and "Telefono -> identity wa phone, like 333 1234567" in tried.stdout
        and "nothing was written" in tried.stdout
    )
    assert not (tmp_path / "people.rejected.csv").exists() and not (tmp_path / "bot.db").exists()
    done = data(contacts(*asked, "--format", "json"), 1)
    assert (done["rows"], done["created"], done["rejected"]) == (2, 1, 1)
    assert done["reasons"] == [{"line": 3, "why": "Telefono: 'nobody' is no phone number: write it with its prefix, "
                                                  "+39 333 1234567"}]  # fmt: skip
    rejects = tmp_path / "people.rejected.csv"
    with rejects.open(encoding="utf-8-sig", newline="") as opened:
        (bad,) = csv.DictReader(opened)
    assert bad["First name"] == "Bea" and bad["rejected because"].startswith("line 3: Telefono")
    rejects.write_text(rejects.read_text("utf-8-sig").replace("nobody", "+39 333 1234568"), "utf-16")
    mended = data(contacts("import", rejects.name, *asked[2:], "--format", "json"))
    assert (mended["created"], mended["rejected"]) == (1, 0)
    shown = data(contacts("show", "wa:393331234567", "--format", "json"))
    assert (shown["name"], shown["fields"]) == ("Anna", {"city": "Forlì", "budget": 1500.5})
    written = contacts("export", "--to", "out.csv")
    assert written.returncode == 0 and "2 contacts" in written.stderr
    back = data(contacts("import", "out.csv", "--evidence", "our own", "--format", "json"))
    assert (back["unchanged"], back["created"], back["changed"], back["rejected"]) == (2, 0, 0, 0)
    some = contacts("export", "--segment", "fields.city == 'Bari'")
    assert some.returncode == 0 and "Bea" in some.stdout and "Anna" not in some.stdout
    assert contacts("export", "--to", "out.csv").returncode == 2, "it is there already"


@pytest.mark.parametrize(
    ("head", "options", "why"),
    [
        ("wa,citty", (), 'say --map "citty=city"'),
        ("phone,city", (), 'say --map "phone=wa"'),
        ("Numero di telefono,nome,Blah", (), '--map "Numero di telefono=wa" --map "nome=first_name" --map "Blah=-"'),
        ("wa,shoe size", (), '--map "shoe size=NAME"'),
        ("city", (), "no column tells who people are"),
        ("wa,city", ("--map", "nmae=city"), "--map names the column 'nmae'"),
        (
            "wa,city",
            ("--map", "city=ctiy"),
            "--map says that 'city' is 'ctiy', which is no column: did you mean \"city\"?",
        ),
        ("wa,City,city", (), "two columns mean the same"),
        ("wa", ("--consent", "marketing"), "--evidence is missing"),
        ("wa", ("--key", "field:ctiy"), "field:city"),
        ("wa", ("--key", "field:city"), "no column is what --key field:city says"),
        ("wa", ("--locale", "klingonish!"), "is no language"),
        ("wa", ("--renew",), "--renew needs the column marketing_at"),
        ('wa,"city', (), "line 1"),
    ],
)
def test_what_concerns_the_whole_file_is_told_before_anything_is_done(
    contacts: Contacts, tmp_path: Path, head: str, options: tuple[str, ...], why: str
) -> None:
    (tmp_path / "people.csv").write_text(head + "\n")
    refused = contacts("import", "people.csv", *options)
    assert refused.returncode == 78 and why in refused.stderr, refused.stderr


def test_a_map_and_a_purpose_that_nobody_knows_are_refused(contacts: Contacts, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("wa\n")
    assert contacts("import", "people.csv", "--map", "wa").returncode == 2
    assert contacts("import", "people.csv", "--consent", "news").returncode == 2


def test_quotes_that_nobody_closed_stop_the_import_behind_what_is_in(contacts: Contacts, tmp_path: Path) -> None:
    rows = "".join(f"+39333{1000000 + n}\n" for n in range(500))
    (tmp_path / "people.csv").write_text(f'wa\n{rows}"+39333')
    stopped = contacts("import", "people.csv")
    assert stopped.returncode == 78 and "line 502" in stopped.stderr and "rows before it are in" in stopped.stderr
    (tmp_path / "people.csv").write_text(f"wa\n{rows}")
    assert data(contacts("import", "people.csv", "--format", "json"))["unchanged"] == 500


def test_what_was_not_taken_is_no_formula_and_comes_in_when_it_is_mended(contacts: Contacts, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("wa,first_name,city\nnobody,=SUM(A1),@home\nno,'=1+1,-\n")
    assert data(contacts("import", "people.csv", "--format", "json"), 1)["rejected"] == 2
    rejects = tmp_path / "people.rejected.csv"
    with rejects.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]
    text = rejects.read_text("utf-8-sig").replace("nobody", "+393331234567").replace("no,", "+393331234568,", 1)
    (tmp_path / "mended.csv").write_text(text)
    assert data(contacts("import", "mended.csv", "--format", "json"))["created"] == 2
    shown = [data(contacts("show", f"wa:39333123456{n}", "--format", "json")) for n in (7, 8)]
    assert [(one["name"], one["fields"]["city"]) for one in shown] == [("=SUM(A1)", "@home"), ("=1+1", "-")]


def test_an_import_that_was_killed_is_run_again(contacts: Contacts, tmp_path: Path) -> None:
    """kill -9 in the middle: what is in stays, the rest comes, and nobody is there twice."""
    many = 6000
    rows = "".join(f"+39333{1000000 + n},Ana {n},yes\n" for n in range(many))
    (tmp_path / "people.csv").write_text(f"wa,first_name,marketing\n{rows}")
    again = ("import", "people.csv", "--evidence", "forms on paper", "--format", "json")
    (tmp_path / "nobody.csv").write_text("wa\n")
    assert data(contacts("import", "nobody.csv", "--format", "json"))["rows"] == 0
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    process = subprocess.Popen(
        [sys.executable, "-m", "trinario", "contacts", *again], cwd=tmp_path, env=os.environ | {"TRINARIO_DATABASE_URL": url},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 60
    while time.monotonic() < until and not _count(tmp_path / "bot.db", "contacts"):
        time.sleep(0.02)
    process.kill()
    process.wait()
    before = _count(tmp_path / "bot.db", "contacts")
    assert 0 < before < many and _count(tmp_path / "bot.db", "consents") == before, "every row whole, or not at all"
    done = data(contacts(*again))
    assert (done["created"], done["unchanged"], done["rejected"]) == (many - before, before, 0)
    assert [_count(tmp_path / "bot.db", table) for table in ("contacts", "identities", "consents")] == [many] * 3


def _count(file: Path, table: str) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
        return int(opened.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])
