"""WhatsApp's own: a form inside the chat and what she fills in; a template below a file that only the bot has."""

import asyncio

import pytest

from tests.journeys.conftest import ROOMS
from tests.journeys.house import House
from tests.processes import SECRETS, eventually
from trinario.channels.whatsapp.templates import compared
from trinario.runtime.settings import load_settings
from trinario.runtime.templates import open_desks


def test_a_form_is_opened_filled_in_and_read(house: House) -> None:
    ana = house.person()
    ana.say("whatsapp", "stay")
    ana.sees("whatsapp", 1)
    (shown,) = ana.read("whatsapp")
    (form,) = [one for one in shown["options"] if one["kind"] == "flow"]
    assert form["title"] == "Book"
    ana.act("form", "whatsapp", data={"day": "2026-12-01", "guests": 2}, name="flow")
    assert ana.sees("whatsapp", 2)[-1] == "2 from 2026-12-01."
    session = house.sessions(ana, "whatsapp")[0]
    assert session["answers"]["days"]["day"] == "2026-12-01" and session["status"] == "done"
    ana.act("form", "whatsapp", data={"day": "2026-12-24", "guests": 9}, token=form["payload"])
    eventually(lambda: len(house.messages(ana, "whatsapp")) >= 4, "the same form again is heard")
    (stay,) = [one for one in house.sessions(ana, "whatsapp") if one["flow"] == "stay"]
    assert stay["answers"]["days"]["day"] == "2026-12-01", "the answer is as it was"


def _approved(house: House, name: str, patch: pytest.MonkeyPatch) -> None:
    """The template as `templates push` hands it in: its picture is uploaded first."""
    patch.setenv("TRINARIO_GRAPH_URL", house.meta.url)

    async def hand_in() -> None:
        async with open_desks(ROOMS, load_settings(), SECRETS) as desks:
            desk = desks.desks["whatsapp"]
            for one in compared({name: desks.specs[name]}, await desk.known()):
                if one.body is not None and one.state != "approved":
                    assert await desk.hand_in(one) == "approved"

    asyncio.run(hand_in())


def test_a_template_below_a_file_of_ours_goes_when_the_window_is_shut(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _approved(house, "flyer", monkeypatch)
    ana = house.person("Ana Rossi")
    ana.say("whatsapp", "flyer")
    ana.sees("whatsapp", 1)
    house.advance(26 * 3600 + 5)
    assert ana.sees("whatsapp", 2)[-1] == "Here it is, Ana, fresh from the garden."
    shown = ana.read("whatsapp")[-1]
    uploads = [one for one in house.meta.log_of("graph") if one["path"].endswith("/media") and one["method"] == "POST"]
    assert shown["media"]["kind"] == "image"
    assert shown["media"]["id"] in [one["answer"]["id"] for one in uploads], "by the id that WhatsApp gave to the file"
    assert house.fate(ana, "whatsapp", "fresh from the garden", "delivered", "read", "sent")


def test_a_template_that_meta_makes_marketing_does_not_go_as_what_it_was(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _approved(house, "flyer", monkeypatch)
    ana = house.person("Ana Rossi")
    ana.say("whatsapp", "flyer")
    ana.sees("whatsapp", 1)
    named = {"name": "flyer", "language": "en"}
    try:
        house.meta.ask("POST", "/templates", {**named, "quality": "YELLOW", "becomes": "MARKETING"})
        house.meta.ask("POST", "/templates", {**named, "category": "MARKETING"})
        eventually(lambda: house.meta.pending() == 0, "the bot has heard of it")
        house.advance(26 * 3600 + 5)
        line = house.fate(ana, "whatsapp", "fresh from the garden", "refused")
        assert line["refusal"] == "template_category"
    finally:
        house.meta.ask("POST", "/templates", {**named, "category": "UTILITY"})
