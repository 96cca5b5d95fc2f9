"""The list of scenarios: each by its name, with the platforms on which it is played, over real processes and real HTTP."""

from collections.abc import Callable

import pytest

from tests.journeys.house import House
from tests.journeys.scenarios import beginnings, people, sendings

ALL = ("whatsapp", "messenger", "instagram")
WHATSAPP = ("whatsapp",)
PAGES = ("messenger", "instagram")

Scenario = Callable[[House, str], None]

SCENARIOS: dict[str, tuple[Scenario, tuple[str, ...]]] = {
    "first contact via ref, new thread": (beginnings.ref_into_a_new_thread, ALL),
    "first contact via ref, existing thread": (beginnings.ref_into_an_existing_thread, ALL),
    "button tap on an old message": (beginnings.tap_on_an_old_message, WHATSAPP),
    "double tap": (beginnings.double_tap, WHATSAPP),
    "out-of-window send": (sendings.out_of_the_window, PAGES),
    "template fallback": (sendings.template_fallback, WHATSAPP),
    "131026, then another channel": (sendings.unreachable_then_another_channel, WHATSAPP),
    "lost answer, connection cut": (sendings.cut_after_it_was_taken, ALL),
    "lost answer, 502 of a proxy": (sendings.page_of_a_proxy, ALL),
    "status before response": (sendings.status_before_response, ALL),
    "duplicate POST": (beginnings.duplicate_post, ALL),
    "strange webhooks": (beginnings.strange_webhooks, ALL),
    "wrong signature": (beginnings.wrong_signature, ALL),
    "opt-out": (sendings.opt_out, ALL),
    "opt-out told by the platform": (sendings.opt_out_told_by_the_platform, WHATSAPP),
    "BSUID-only person": (people.bsuid_only, WHATSAPP),
    "number change": (people.number_changes, WHATSAPP),
    "dialled number is not the wa_id": (people.dialled_differently, WHATSAPP),
    "human writes in the app": (people.human_in_the_app, ALL),
    "standby copy": (people.standby_copy, ALL),
    "private reply to a comment, once": (beginnings.private_reply_once, PAGES),
    "text over the limit": (sendings.long_text, ALL),
    "uploaded file expires": (sendings.file_expires, WHATSAPP),
    "token expires mid-run": (sendings.token_expires, WHATSAPP),
    "130429 storm": (sendings.storm, WHATSAPP),
}
"""What is played -> by which function, and where."""

PLAYED = [
    pytest.param(play, platform, id=f"{name} on {platform}")
    for name, (play, platforms) in SCENARIOS.items()
    for platform in platforms
]


@pytest.mark.parametrize(("play", "platform"), PLAYED)
def test_scenario(house: House, play: Scenario, platform: str) -> None:
    play(house, platform)
