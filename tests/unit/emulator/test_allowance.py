"""Usage headers out of what was really called, and what is refused beyond the allowance (meta.md §6, §13.2, §13.9)."""

import json
from typing import Any

import pytest

from tests.unit.emulator.conftest import IG, NUMBER, PAGE, PAGE_TOKEN, WA_TOKEN
from trinario.channels.graph.usage import usage_of
from trinario.emulator.allowance import HOUR, SLOTS, Allowances, Window
from trinario.emulator.config import Rates
from trinario.emulator.people import Engaged
from trinario.emulator.refusal import Refused

Json = dict[str, Any]
WABA = "102290129340398"
FEW = {"calls_per_person": 1, "people_at_least": 20, "management_per_hour": 10, "usage_told_from": 50}


def test_calls_leave_the_window_one_slot_after_the_other() -> None:
    window, slot = Window(HOUR), HOUR / SLOTS
    for n in range(10):
        window.add(1000 * HOUR + n * slot)
    now = 1000 * HOUR + 9 * slot
    window.look(now)
    assert window.calls == 10 and window.frees(now, 11) == 0.0
    assert window.frees(now, 10) == pytest.approx(HOUR - 9 * slot)
    assert window.frees(now, 5) == pytest.approx(HOUR - 4 * slot)
    window.look(1000 * HOUR + HOUR)
    assert window.calls == 9
    window.look(1002 * HOUR)
    assert window.calls == 0 and window.frees(1002 * HOUR, 1) == 0.0


def test_people_are_engaged_for_a_day() -> None:
    engaged = Engaged()
    for n in range(5):
        engaged.note(f"p{n % 3}", n * HOUR)
    assert engaged.count(4 * HOUR) == 3
    assert engaged.count(26.5 * HOUR) == 2 and engaged.count(28.5 * HOUR) == 0


def test_two_hundred_calls_for_each_engaged_person_and_who_goes_on_makes_it_worse() -> None:
    allowances = Allowances(Rates(people_at_least=1))
    for n in range(2):
        allowances.engage("messenger", f"p{n}", 0.0)
    for _ in range(400):
        allowances.spend("messenger", 0.0)
    with pytest.raises(Refused) as refused:
        allowances.spend("messenger", 0.0)
    assert refused.value.code == 4  # of the hour, which is as tight and comes first
    with pytest.raises(Refused) as refused:
        allowances.spend("messenger", HOUR)
    assert refused.value.code == 80006
    assert json.loads(allowances.headers("messenger", PAGE, HOUR)["X-Business-Use-Case-Usage"]) == {
        PAGE: [{"type": "messenger", "call_count": 100, "total_cputime": 50, "total_time": 50,
                "estimated_time_to_regain_access": 23 * 60}]
    }  # fmt: skip
    allowances.engage("messenger", "p3", HOUR)
    allowances.spend("messenger", HOUR)


async def _sends(client: Any, platform: str, times: int) -> list[tuple[int, Any, Any]]:
    key = "psid" if platform == "messenger" else "igsid"
    body = {"recipient": {"id": client.person["phones"][platform][key]}, "message": {"text": "ciao"}}
    found = []
    for _ in range(times):
        path = f"{client.base}/v25.0/me/messages?access_token={PAGE_TOKEN}"
        async with client.http.post(path, json=body) as response:
            found.append((response.status, await response.json(), response.headers))
    return found


@pytest.mark.parametrize(("platform", "account"), [("messenger", PAGE), ("instagram", IG)])
async def test_the_headers_count_up_before_the_first_call_is_refused(rig: Any, platform: str, account: str) -> None:
    client = await rig.start(rates={**FEW, "page": 10**6})
    await client.meet()
    await client.act("say", platform, text="ciao")
    answers = await _sends(client, platform, 21)
    assert [status for status, _, _ in answers] == [200] * 20 + [400]
    assert answers[-1][1]["error"]["code"] == 4
    percents = []
    for _, _, headers in answers[:20]:
        used = usage_of(headers.get("X-App-Usage", ""), headers.get("X-Business-Use-Case-Usage", ""))
        percents.append(used.percent if used else 0)
    assert percents == [0] * 9 + [n * 5.0 for n in range(10, 21)], "little is not told, then every call"
    business = json.loads(answers[-1][2]["X-Business-Use-Case-Usage"])[account][0]
    assert business["type"] == platform and business["call_count"] >= 100
    assert business["estimated_time_to_regain_access"] in range(24 * 60 - 24, 24 * 60 + 1)
    assert (await client.control("/violations?by=rule")) == {"app.rate.allowance": 1}
    await client.control("/clock", {"advance": 3600})
    assert (await _sends(client, platform, 1))[0][1]["error"]["code"] == (80006 if platform == "messenger" else 80002)
    await client.control("/clock", {"advance": 24 * 3600})
    await client.act("say", platform, text="ciao")
    (after,) = await _sends(client, platform, 1)
    assert after[0] == 200 and "X-Business-Use-Case-Usage" not in after[2]


async def test_the_management_of_whatsapp_has_an_allowance_and_its_sends_have_none(rig: Any, error: Any) -> None:
    client = await rig.start(rates={**FEW, "whatsapp_number": 1000})
    await client.meet()
    await client.act("say", "whatsapp", text="ciao")
    for _ in range(15):
        assert (await client.whatsapp({"type": "text", "text": {"body": "ciao"}}))[0] == 200
    bearer = {"headers": {"Authorization": f"Bearer {WA_TOKEN}"}}
    for _ in range(10):
        assert (await client.call("GET", f"/{WABA}/message_templates", **bearer))[0] == 200
    async with client.http.get(f"{client.base}/{NUMBER}?fields=throughput", **bearer) as response:
        assert (await response.json())["error"]["code"] == 80007
        (used,) = json.loads(response.headers["X-Business-Use-Case-Usage"])[WABA]
        assert used["type"] == "whatsapp" and used["call_count"] == 110
        assert "X-App-Usage" not in response.headers
    await client.control("/clock", {"advance": 3661})
    _, answer = await client.call("GET", f"/{NUMBER}?fields=throughput", **bearer)
    assert answer["throughput"] == {"level": "HIGH"}


async def test_nothing_is_counted_where_rates_are_off_and_the_control_api_has_the_last_word(rig: Any) -> None:
    client = await rig.start()
    await client.meet()
    await client.act("say", "messenger", text="ciao")
    assert all("X-App-Usage" not in headers for _, _, headers in await _sends(client, "messenger", 3))
    await client.control("/usage", {"platform": "messenger", "percent": 96, "minutes": 7})
    ((_, _, headers),) = await _sends(client, "messenger", 1)
    used = usage_of(headers["X-App-Usage"], headers["X-Business-Use-Case-Usage"])
    assert used is not None and (used.of, used.percent, used.regain) == ("messenger", 96.0, 420.0)
