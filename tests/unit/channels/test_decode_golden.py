"""Every kind of webhook on file gives what its golden file says, and its raw piece gives it again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from trinario.channels.graph import page_events
from trinario.channels.inlet import MetaInlet
from trinario.channels.whatsapp import message
from trinario.model.message import HeardKind

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
    assert {item["is"] for item in given} == {"Heard", "Receipt", "Echo", "Unsupported"}
    assert {item["status"] for item in given if item["is"] == "Receipt"} == {"sent", "delivered", "read", "failed"}


def test_every_reader_is_used_by_a_golden() -> None:
    texts = {platform: (GOLDEN / f"{platform}_heard.json").read_text("utf-8") for platform in PLATFORMS}

    assert [kind for kind in message._READERS if f'"type": "{kind}"' not in texts["whatsapp"]] == []
    assert [name for name in page_events._READERS if f'"{name}": {{' not in texts["messenger"]] == []


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
