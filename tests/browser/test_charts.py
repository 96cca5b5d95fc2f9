"""Charts in a real browser: no word leaves the paper, and none stands on another one, whatever the typeface there is."""

from itertools import pairwise
from typing import Any

import pytest

from tests.unit.cli.test_report_golden import CASES, printed
from trinario.campaign.funnel import Funnel
from trinario.cli.campaign_report import ReportForm
from trinario.cli.picture import WIDTH, svg
from trinario.cli.report_show import flow_picture
from trinario.jobs.reporting import FlowReport

MEASURE = """() => [...document.querySelectorAll('text')].map(one => {
  const box = one.getBBox(); return {text: one.textContent, x: box.x, y: box.y, right: box.x + box.width, base: +one.getAttribute('y')}
})"""
STEPS = ("wwwwwwww_mmmmmmmm_wwwwwwww", "ask_for_the_name_of_her_dog", "WHERE_DOES_SHE_LIVE_NOW_AND_WHY")


def a_funnel() -> str:
    told = Funnel("lead", "", STEPS)
    for step in STEPS:
        told.add("", step, "next", 123_456_789, 7200)
        told.add("", step, "timeout/end", 12, 3600)
    return svg(flow_picture(FlowReport("lead", None, told, ())))


CHARTS = {name: str(printed(case, ReportForm.svg)) for name, case in CASES.items()} | {"funnel": a_funnel()}


@pytest.mark.parametrize("name", CHARTS)
async def test_every_word_of_a_chart_is_on_its_paper(name: str, browser: Any) -> None:
    page = await browser.new_page()
    await page.set_content(f'<div style="width:{WIDTH}px">{CHARTS[name]}</div>')
    words: list[dict[str, Any]] = await page.evaluate(MEASURE)
    assert words
    out = [one["text"] for one in words if one["x"] < 0 or one["right"] > WIDTH]
    assert not out, f"these leave the paper: {out}"
    lines: dict[float, list[dict[str, Any]]] = {}
    for one in sorted(words, key=lambda found: found["x"]):
        lines.setdefault(one["base"], []).append(one)
    over = [
        (one["text"], other["text"])
        for line in lines.values()
        for one, other in pairwise(line)
        if one["right"] > other["x"]
    ]
    assert not over, f"these stand on one another: {over}"
