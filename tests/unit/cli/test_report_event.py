"""The report of a campaign that waits for an event: its plan is held against it by shares, on every screen and as CSV."""

import csv
import io
from collections import Counter
from dataclasses import replace

import pytest

from tests.unit.cli.test_report_golden import CASES, NOW, counted
from tests.unit.cli.test_report_show import a_flow, a_sequence
from trinario.campaign.against_event import against_event
from trinario.campaign.fates import Fate
from trinario.campaign.report import Report
from trinario.cli.campaign_chart import campaign_chart
from trinario.cli.campaign_report import ReportForm, Table, report_text
from trinario.cli.columns import wide_of
from trinario.cli.picture import LEFT, Bar
from trinario.cli.report_show import flow_text, sequence_text
from trinario.cli.report_table import table
from trinario.jobs.planning import Standing
from trinario.model.campaign import Campaign, On, Side, Variants
from trinario.ports.campaigns import CampaignRun, CampaignSlot

CART = Standing(Campaign("cart", "r1", title="Cart", schedule=On("cart.abandoned")), None, (), None)


def told(times: int) -> Report:
    """The event came so many times; in one of ten she had said stop."""
    report = counted(CASES["two"])
    body = {"segment": 200, "recipients": 150, "without_a_message": 10, "left_out": {"opted_out": 30, "country": 10}}
    fates = {Fate("sent", channel="whatsapp"): times * 8 // 10, Fate("refused", "opted_out"): times // 10,
             Fate("waiting"): times - times * 8 // 10 - times // 10}  # fmt: skip
    report.plan = against_event("cart-1f6a02cc", NOW.isoformat(), body, 40, fates)
    return report


@pytest.mark.parametrize("wide", [60, 80, 120])
def test_for_eyes(wide: int) -> None:
    text = report_text(CART, told(50), ReportForm.text, wide)
    assert isinstance(text, str) and all(wide_of(line) <= wide for line in text.splitlines())
    flat = " ".join(text.split())
    assert "its event came 50 times for 40 people; of 200 people of the segment 150 would have got it" in flat
    assert "75.0% 80.0% 40 to whom it went" in flat and "15.0% 10.0% 5 she said stop to marketing" in flat
    assert "5.0% 0.0% 0 the flow begins, and says nothing at once" in flat and "0.0% 10.0% 5 still waiting" in flat


def test_as_csv() -> None:
    text = report_text(CART, told(50), ReportForm.csv, which=Table.plan)
    assert isinstance(text, str)
    rows = {row["reason"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["sent"] == {
        "reason": "sent",
        "planned_people": "150",
        "planned_share": "0.75",
        "times": "40",
        "share": "0.8",
    }
    assert sum(int(row["times"]) for row in rows.values()) == 50
    assert sum(int(row["planned_people"]) for row in rows.values()) == 200


def test_an_event_that_never_came() -> None:
    text = report_text(CART, told(0), ReportForm.text)
    assert isinstance(text, str) and "its event came 0 times" in text
    assert "75.0%      0.0%          0  to whom it went" in text


def test_variants_and_refusals_by_channel_as_csv() -> None:
    standing = Standing(
        replace(CART.campaign, variants=Variants("cart", (Side("a", 1), Side("b", 1)), 1)), None, (), None
    )
    tables = {one: str(report_text(standing, told(50), ReportForm.csv, which=one)) for one in Table}
    rows = list(csv.DictReader(io.StringIO(tables[Table.variants])))
    assert [(row["variant"], row["people"], row["converted"]) for row in rows] == [
        ("a", "400", "16"), ("b", "400", "16"), ("holdout", "400", "6"),
    ]  # fmt: skip
    assert all(float(row["low"]) < float(row["share"]) < float(row["high"]) for row in rows)
    assert tables[Table.refusals] == (
        "channel,reason,people,elsewhere\nwhatsapp,131026,20,13\nmessenger,window_closed,1,0\n"
    )
    assert tables[Table.people].startswith("what,reason") and tables[Table.groups].startswith("variant,channel")


@pytest.mark.parametrize(("drawn", "words"), [
    ({"a": 400, "b": 390, "holdout": 410}, "the split is as it should be: by chance it is as uneven as this in 77.9%"),
    ({"a": 400, "b": 200, "holdout": 400}, "the split is not as it should be"),
])  # fmt: skip
def test_the_split_is_said_to_be_sound_or_not(drawn: dict[str, int], words: str) -> None:
    standing = Standing(
        replace(CART.campaign, variants=Variants("cart", (Side("a", 1), Side("b", 1)), 1)), None, (), None
    )
    report = told(50)
    report.drawn = Counter(drawn)
    assert words in " ".join(str(report_text(standing, report, ReportForm.text)).split())


def test_names_that_would_look_alike_when_cut_are_not_cut() -> None:
    rows = [(f"the_offer_of_spring_{side}_for_everybody, whatsapp, it", [1, 2, 3]) for side in ("first", "other")]
    heads = ["reached", "went on", "answered"]
    for wide in (60, 80, 120):
        lines = table(heads, rows, wide)
        assert len({line for line in lines if "the_offer" in line}) == 2, lines
        assert all(wide_of(line) <= wide for line in lines)


def test_a_bar_of_a_chart_is_as_long_as_its_number_the_holdout_in_it_too() -> None:
    rows = [
        one
        for one in campaign_chart("Cart", told(50)).shapes
        if isinstance(one, Bar) and one.left >= LEFT and one.colour != "g"
    ]
    by_top: dict[float, float] = {}
    for bar in rows:
        by_top[bar.top] = by_top.get(bar.top, 0.0) + bar.width
    people, *rest = [width for top, width in sorted(by_top.items())][:11]
    assert [round(width / people, 2) for width in rest] == [0.62, 0.59, 0.38, 0.06, 0.12, 0.02, 0.0, 0.01, 0.35, 0.01]


@pytest.mark.parametrize("wide", [60, 80, 120])
def test_no_line_of_a_funnel_or_of_a_campaign_that_is_held_is_longer_than_the_screen(wide: int) -> None:
    run = CampaignRun(
        "cart", "held", "cart-1f6a02cc", "r1", NOW, NOW, why="the account is locked: " + "Meta says so, " * 9
    )
    slot = CampaignSlot(1, "cart", "events", NOW, 0, 1, 1_000_000, 20, 1_000)
    held = str(report_text(replace(CART, run=run, slots=(slot,)), told(50), ReportForm.text, wide))
    for text in (held, flow_text(a_flow("channel", "messenger"), wide), sequence_text(a_sequence(), wide)):
        assert max(map(wide_of, text.splitlines())) <= wide
    assert "1,000 of 999,980" in " ".join(held.split())
