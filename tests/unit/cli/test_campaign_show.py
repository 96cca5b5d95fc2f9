"""What is printed of campaigns: bars, reasons in words, CSV, and a picture that is well-formed and tells every number."""

import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from trinario.campaign.fates import Fate
from trinario.campaign.forecast import Cost, CostLine, Forecast, Group
from trinario.campaign.report import Line, Report
from trinario.cli.campaign_report import ReportForm, report_text
from trinario.cli.campaign_show import plan_text
from trinario.cli.reasons import reason
from trinario.cli.report_table import bars
from trinario.jobs.planning import Plan, Standing
from trinario.model.campaign import At, Campaign, Every, On, Side, Variants
from trinario.model.standing import NumberStanding
from trinario.ports.campaigns import CampaignRun, CampaignSlot

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CAMPAIGN = Campaign(
    "spring", "r1", title="Spring <offer>", variants=Variants("spring", (Side("a", 1), Side("b", 1)), 1)
)


def a_report() -> Report:
    counts = {"sent": 40, "delivered": 38, "read": 20, "answered": 5, "clicked": 9, "converted": 4, "opted_out": 1}
    told = Report(100, 10, [Line("a", "whatsapp", "it", counts), Line("b", "messenger", "en", {"sent": 30})])
    told.left_out, told.refused = Counter({"holdout": 15, "exclude 1": 5}), Counter({"window_closed": 3})
    told.fates = Counter({Fate("sent"): 70, Fate("waiting"): 10, Fate("left_out"): 20})
    told.drawn, told.converted = Counter(a=40, b=32, holdout=28), Counter(a=4)
    return told


def a_standing() -> Standing:
    run = CampaignRun("spring", "running", "spring-1", "r1", NOW, NOW, "mia")
    return Standing(CAMPAIGN, run, (CampaignSlot(1, "spring", "at once", NOW, 0, 1, 100, 20, 70),), None)


def test_a_report_for_eyes() -> None:
    text = report_text(a_standing(), a_report(), ReportForm.text)
    assert "spring                   running · 70 of 80" in text
    assert "        70  " in text and "  10  " in text
    assert "holdout: she gets nothing, for comparison" in text and "excluded by line 1 of `exclude`" in text
    assert "the window is shut, and there is no template" in text
    assert "a                   4 of       40    10.0%   4.0% to 23.1%" in text
    assert "a, whatsapp, it" in text and "b, messenger, en" in text


def test_csv_has_a_line_for_each_group() -> None:
    assert report_text(a_standing(), a_report(), ReportForm.csv) == (
        "variant,channel,language,sent,delivered,read,answered,clicked,converted,opted_out\n"
        "a,whatsapp,it,40,38,20,5,9,4,1\nb,messenger,en,30,0,0,0,0,0,0\n"
    )


def test_the_picture_is_well_formed_and_tells_every_number() -> None:
    picture = report_text(a_standing(), a_report(), ReportForm.svg)
    root = ET.fromstring(picture)
    words = " ".join(node.text or "" for node in root.iter() if node.text)
    assert "Spring <offer>" in words and "100 · 100%" in words and "70 · 70%" in words and "opted out" in words
    wide = [float(node.get("width", "0")) for node in root.iter() if node.get("fill")]
    assert all(0 <= width <= 480 for width in wide) and "a" in words


def test_a_plan_for_eyes() -> None:
    told = Forecast(segment=50, busy=2, messages=40)
    told.going, told.left_out = (
        Counter({Group("whatsapp", "shut", "it", "yes", "approved"): 40}),
        Counter({"opted_out": 6, "no_consent": 4}),
    )
    told.show("whatsapp", "it", "Ciao\nAna")
    told.show("whatsapp", "it", "Ciao\nBea")
    cost = Cost(Decimal("2.288"), "EUR", (CostLine("marketing", "IT", 40, Decimal("2.288")),), 3)
    numbers = (NumberStanding("whatsapp", "red", 30), NumberStanding("other", "yellow"))
    text = plan_text(Plan("spring-1", CAMPAIGN, told, NOW, NOW, cost, told.limit(numbers), numbers))
    assert "the tier allows 30 in 24 h, and 40 are to be written to first: it will take 2 days" in text
    assert "tier is not known" not in text
    untold = plan_text(Plan("spring-1", CAMPAIGN, told, NOW, NOW, untold=("whatsapp",)))
    assert "whatsapp: its tier is not known yet, the bot asks Meta for it when it runs" in untold
    assert "whatsapp has the quality red: campaigns go at 10 % of its pace" in text and "other has" not in text
    assert "whatsapp, window shut, template (approved), it, consent: yes" in text
    assert "50 people of the segment, 40 get it" in text and "she said stop to marketing" in text
    assert "was never asked, or has not answered" in text
    assert "2 are in a conversation just now: if_busy is defer" in text
    assert (
        "costs about 2.29 EUR" in text
        and "40  marketing to IT: 2.29" in text
        and "have no price in prices.yaml" in text
    )
    assert "  | Ciao\n  | Ana\n\n  | Ciao\n  | Bea\n" in text and text.endswith(
        "trinario campaign start spring --plan spring-1\n"
    )


def test_bars_and_reasons() -> None:
    assert bars([("a", 10), ("b", 5), ("c", 0)])[1].count("█") == 15 and "█" not in bars([("a", 10), ("c", 0)])[1]
    assert bars([]) == [] and reason("something_new") == "something_new"


def test_a_plan_for_nobody_offers_no_start() -> None:
    text = plan_text(Plan("spring-1", replace(CAMPAIGN, schedule=None), Forecast(), NOW, None))
    assert "campaign start" not in text and text.endswith("do not start it yet, it would be over at once\n")


def test_a_plan_for_nobody_says_why_and_how_it_is_started_all_the_same() -> None:
    told = Forecast(segment=12)
    told.left_out = Counter({"opted_out": 9, "country": 3})
    once, later = replace(CAMPAIGN, schedule=None), NOW + timedelta(days=1)
    text = plan_text(Plan("spring-1", once, told, NOW, None))
    assert "12 people of the segment, and nobody would get it now" in text and "first -" not in text
    assert "         9  " in text and "she said stop to marketing" in text and "country" in text
    for schedule in (Every("0 9 * * 1"), On("order.paid")):
        text = plan_text(Plan("spring-1", replace(CAMPAIGN, schedule=schedule), told, NOW, None, next=later))
        assert text.endswith(
            "it can be started all the same: who is of the segment when it goes gets it:\n"
            "trinario campaign start spring --plan spring-1\n"
        )
    at = replace(CAMPAIGN, schedule=At(datetime(2026, 3, 3, 9)))
    text = plan_text(Plan("spring-1", at, told, NOW, None, next=later))
    assert "at its time, 2026-03-03 09:00 UTC" in text and text.endswith("--plan spring-1 --nobody-yet\n")
    over = plan_text(Plan("spring-1", at, Forecast(), NOW, None))
    assert "nobody is of the segment now" in over and "campaign start" not in over
    told.silent = 1
    assert "campaign start spring --plan spring-1" in plan_text(Plan("spring-1", once, told, NOW, None))
