"""What is printed of flows and sequences: on wide and narrow screens, of nobody, as CSV, and as charts that are well-formed."""

import struct
import sys
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest

from trinario.campaign.funnel import Funnel, Stop, span
from trinario.campaign.report import Report, StepReport
from trinario.campaign.sequence_report import SequenceReport
from trinario.cli import report_show
from trinario.cli.campaign_chart import campaign_chart
from trinario.cli.picture import WIDTH, drawn, png, svg
from trinario.cli.report_table import people, table
from trinario.errors import ConfigError
from trinario.jobs.reporting import FlowReport

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def a_funnel(by: str = "", *groups: str) -> Funnel:
    told = Funnel("lead", by, ("hello", "name", "thanks"))
    for group in groups or ("",):
        told.add(group, "", "done", 6, 120)
        told.add(group, "", "expired/end", 3, 7200)
        told.add(group, "", "waits", 1, 0)
        told.add(group, "hello", "next", 10, 0)
        told.add(group, "name", "answered", 5, 30)
        told.add(group, "name", "answered", 1, 90)
        told.add(group, "name", "timeout/end", 2, 3600)
        told.add(group, "name", "stopped/end", 1, 10)
        told.add(group, "name", "waits", 1, 0)
        told.add(group, "thanks", "next", 6, 0)
    return told


def a_flow(by: str = "", *groups: str) -> FlowReport:
    counts = {"sent": 9, "delivered": 8, "read": 7, "answered": 6, "clicked": 0, "opted_out": 1, "converted": 2}
    said = StepReport("lead.hello", "whatsapp", "it", counts, {"window_closed": 1})
    return FlowReport("Lead <b>", NOW, a_funnel(by, *groups), (said,))


def a_sequence() -> SequenceReport:
    told = SequenceReport("tips", ("hello", "three"))
    rows = [("live", "three", "", 3), ("done", "", "", 1), ("left", "", "opt_out marketing", 2)]
    said = [StepReport("sequence/tips/hello.hello", "whatsapp", "it", {"sent": 6, "read": 4}, {"cap": 1})]
    told.take(rows, said, {"sequence/tips/hello.hello": ("hello", "")})
    return told


def test_a_stop_counts_who_went_on_who_was_lost_and_how_long_it_took() -> None:
    name = {stop.step: stop for stop in a_funnel().in_order()}["name"]
    assert (name.reached, name.left, name.dropped, name.timed_out, name.median) == (10, 6, 3, 2, 30)
    assert Stop("x").median is None and Stop("x").reached == 0
    assert [span(value) for value in (None, 45, 119, 120, 7200, 172800)] == ["-", "45s", "119s", "2m", "2h", "2d"]


def test_a_flow_for_eyes_on_a_wide_screen() -> None:
    text = report_show.flow_text(a_flow(), 120)
    assert "lead: 10 entered, 6 finished (60%), 3 dropped off, 1 in it now" in text
    assert "  name         10        6         6          2        3          1     30s" in text
    assert "hello: the window is shut, and there is no template" in text and max(map(len, text.splitlines())) <= 120


def test_a_table_that_is_wider_than_the_screen_has_two_lines_a_row() -> None:
    lines = table(
        ["reached", "went on", "median"], [("a_step_with_a_long_name", (1234, 0, "-")), ("b", (0, 0, "-"))], 40
    )
    assert lines == ["  a_step_with_a_long_name", "    1,234 reached", "  b", "    nothing"]
    narrow = [line for line in report_show.flow_text(a_flow(), 50).splitlines() if " · " in line]
    assert narrow and max(map(len, narrow)) <= 50
    assert table(["x"], []) == [] and people(1) == "1 person" and people(1000) == "1,000 people"


def test_nobody_has_entered() -> None:
    assert (
        report_show.flow_text(FlowReport("lead", None, Funnel("lead"), ()))
        == "lead: nobody has entered it since ever\n"
    )
    assert "0 people enrolled" in report_show.sequence_text(SequenceReport("tips", ("hello",)), 120)


def test_a_funnel_for_each_channel_and_the_chart_of_all() -> None:
    told = a_flow("channel", "messenger", "whatsapp")
    text = report_show.flow_text(told, 120)
    assert "lead, channel messenger: 10 entered" in text and "lead, channel whatsapp: 10 entered" in text
    assert "entered 20, hello 20, name 20, thanks 12, finished 12" in report_show.flow_picture(told).said
    rows = report_show.flow_csv(told).splitlines()
    assert rows[0].startswith("group,step,reached") and rows[2] == "messenger,name,10,6,6,2,3,1,30,0" and len(rows) == 7


def test_a_step_that_the_file_has_no_more_is_marked_wherever_it_stands() -> None:
    told = a_flow()
    told.funnel.steps = ("hello", "thanks")
    long = "a_step_whose_name_is_longer_than_any_column"
    told.funnel.add("", long, "next", 4, 1)
    for wide in (120, 60):
        text = report_show.flow_text(told, wide)
        assert "name (removed)" in text and "a_step_whose_name… (removed)" in text and "hello (removed)" not in text
    rows = report_show.flow_csv(told).splitlines()
    assert rows[0].endswith(",gone") and [row[-1] for row in rows[1:]] == ["0", "0", "1", "1"]
    steps = told.plain()["groups"][0]["steps"]
    assert [(one["step"], one["gone"]) for one in steps] == [
        ("hello", False),
        ("thanks", False),
        ("name", True),
        (long, True),
    ]
    picture = svg(report_show.flow_picture(told))
    assert "name (removed)" in picture and "a_step_whos… (removed)" in picture


def test_a_sequence_for_eyes_and_as_csv() -> None:
    text = report_show.sequence_text(a_sequence(), 120)
    assert "tips: 6 people enrolled, 3 in it, 1 through it, 2 left it" in text and "opt_out marketing" in text
    assert "hello: she has had enough for now" in text
    assert report_show.sequence_csv(a_sequence()).splitlines()[1] == "hello,,whatsapp,it,6,0,4,0,0,0,0,1,0"
    assert a_sequence().plain()["steps"][1]["waiting"] == 3


@pytest.mark.parametrize("empty", [False, True])
def test_charts_are_well_formed(empty: bool) -> None:
    pictures = [
        report_show.flow_picture(a_flow()),
        report_show.sequence_picture(a_sequence()),
        campaign_chart("x", Report()),
    ]
    if empty:
        pictures = [report_show.flow_picture(FlowReport("lead", None, Funnel("lead"), ()))]
    for picture in pictures:
        root = ET.fromstring(svg(picture))
        assert all(0 <= float(node.get("width", "0")) <= WIDTH for node in root.iter())
        data = png(picture)
        assert data.startswith(b"\x89PNG\r\n") and struct.unpack(">II", data[16:24]) == (2 * WIDTH, 2 * picture.height)


def test_without_the_library_it_is_said_how_to_get_a_png(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ConfigError, match=r"trinario\[charts\]"):
        drawn(report_show.flow_picture(a_flow()), "png")
