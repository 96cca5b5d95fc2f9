"""Every kind of webhook on file gives what its golden file says, and its raw piece gives it again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from tests.unit.channels.heard_examples import EXAMPLES
from trinario.channels.graph import page_changes, page_events
from trinario.channels.inlet import MetaInlet
from trinario.channels.whatsapp import account, decode, message
from trinario.jobs import becomes
from trinario.model.heard import HeardKind, Inbound

GOLDEN = Path(__file__).parents[2] / "golden" / "channels"
PLATFORMS = ("whatsapp", "messenger", "instagram")
CASES = [
    pytest.param(case, id=f"{platform}: {case['case']}")
    for platform in PLATFORMS
    for case in json.loads((GOLDEN / f"{platform}_heard.json").read_text("utf-8"))
]


def raw(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode("ascii")


@pytest.mark.parametrize("case", CASES)
def test_gives_what_is_on_file(case: dict[str, Any], inlet: MetaInlet, shown: Callable[[Any], Any]) -> None:
    arrivals = inlet.decode(raw(case["webhook"]))

    assert [shown(arrival.item) for arrival in arrivals] == case["gives"]


@pytest.mark.parametrize("case", CASES)
def test_a_raw_piece_is_a_webhook_of_its_own(case: dict[str, Any], inlet: MetaInlet) -> None:
    for arrival in inlet.decode(raw(case["webhook"])):
        again = [one.item for one in inlet.decode(arrival.raw)]
        several = case["case"] == "delivery of two"  # both stand in one event, which is the piece of both
        assert arrival.item in again if several else again == [arrival.item]


def test_a_single_thing_keeps_the_very_bytes_that_came(inlet: MetaInlet) -> None:
    body = json.dumps(CASES[0].values[0]["webhook"], indent=3).encode()  # type: ignore[index]

    assert [arrival.raw for arrival in inlet.decode(body)] == [body]


def test_all_sorts_of_things_are_on_file() -> None:
    given = [item for case in CASES for item in case.values[0]["gives"]]  # type: ignore[index]

    assert {item["kind"] for item in given if item["is"] == "Heard"} == set(get_args(HeardKind))
    assert {item["is"] for item in given} == {kind.__name__ for kind in get_args(Inbound)}
    assert {item["status"] for item in given if item["is"] == "Receipt"} == {"sent", "delivered", "read", "failed"}


def test_every_reader_is_used_by_a_golden() -> None:
    texts = {platform: (GOLDEN / f"{platform}_heard.json").read_text("utf-8") for platform in PLATFORMS}

    assert [kind for kind in message._READERS if f'"type": "{kind}"' not in texts["whatsapp"]] == []
    assert [name for name in page_events._READERS if f'"{name}": {{' not in texts["messenger"]] == []

    fields = [*account.NEWS, *filter(None, decode._READERS)]
    assert [name for name in fields if f'"field": "{name}"' not in texts["whatsapp"]] == []
    of_pages = texts["messenger"] + texts["instagram"]
    assert [name for name in page_changes.NEWS if f'"field": "{name}"' not in of_pages] == []


@pytest.mark.parametrize("section", EXAMPLES)
def test_every_example_of_the_sheet_is_on_file(section: str) -> None:
    for platform, names in EXAMPLES[section].items():
        on_file = {case["case"] for case in on_the_file(platform) if case["meta"] == section}
        assert set(names) - on_file == set()


def test_every_golden_says_which_section_it_is_of() -> None:
    cases = [case for platform in PLATFORMS for case in on_the_file(platform)]

    assert {case["meta"] for case in cases} == set(EXAMPLES)
    for platform in PLATFORMS:
        names = [case["case"] for case in on_the_file(platform)]
        assert sorted(names) == sorted(set(names))


def test_the_reference_says_what_becomes_of_everything() -> None:
    assert set(becomes.BECOMES) | {"Heard"} == {kind.__name__ for kind in get_args(Inbound)}
    assert set(becomes.HEARD) == set(get_args(HeardKind))


def on_the_file(platform: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((GOLDEN / f"{platform}_heard.json").read_text("utf-8"))
    return found


def test_external_ids_of_different_things_differ(inlet: MetaInlet) -> None:
    """Deleting, editing, reacting and a standby copy all name the same message; each must reach the inbox."""
    about_one = [
        case.values[0]["webhook"]  # type: ignore[index]
        for case in CASES
        if case.id in {f"messenger: {name}" for name in ("text", "deleted", "edit", "standby")}
    ]
    ids = [inlet.decode(raw(body))[0].item.external_id for body in about_one]  # type: ignore[union-attr]

    assert len(about_one) == 4
    assert len(set(ids)) == 4
