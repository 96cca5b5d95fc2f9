"""The report of a campaign that waits for an event: its plan is held against it by shares, on every screen and as CSV."""

import csv
import io

import pytest

from tests.unit.cli.test_report_golden import CASES, NOW, counted
from trinario.campaign.against_event import against_event
from trinario.campaign.fates import Fate
from trinario.campaign.report import Report
from trinario.cli.campaign_report import ReportForm, Table, report_text
from trinario.cli.columns import wide_of
from trinario.jobs.planning import Standing
from trinario.model.campaign import Campaign, On

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
