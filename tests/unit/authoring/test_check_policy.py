"""Policy in files: what is read, and that a flow is never looser than its bot."""

from datetime import timedelta

import pytest

from tests.unit.authoring.test_check import BOTH, check
from trinario.authoring.assemble import assemble
from trinario.authoring.issue import Issue, Severity
from trinario.authoring.parse_bot import parse_bot
from trinario.model.duration import Duration
from trinario.model.policy import Cap, Disclosure, Rules, tighter
from trinario.runtime.build import LIMITS, WINDOWS

TOLD = "disclosure: {when: [start]}\n"


def told(policy: str = "", *, bot: str = "", purpose: str = "marketing") -> list[Issue]:
    lines = f"policy: {policy}\n" if policy else ""
    source = f"flow: sale\npurpose: {purpose}\ntriggers: [{{keyword: sale}}]\n{lines}steps:\n  s: {{send: Hi}}\n"
    return [
        one for one in check(source, bot=BOTH + bot) if one.code in ("T160", "T161", "T162", "T013", "T021", "T011")
    ]


def codes(policy: str = "", *, bot: str = TOLD, purpose: str = "marketing") -> list[str]:
    return [one.code for one in told(policy, bot=bot, purpose=purpose)]


def test_what_a_bot_says_is_read() -> None:
    parsed = parse_bot(
        (BOTH + 'policy: {quiet_hours: ["21:00-09:00", "13:00-15:00"], late: skip after 3h, cap: [{max: 2, per: 1d}], '
         "consent: {messenger: opt_in}}\ndisclosure: {when: [start, lapse], after: 7d, countries: [DE]}\n").encode(),
        "bots/demo/bot.yaml", {},
    )  # fmt: skip
    bot = assemble(parsed, {}, LIMITS, WINDOWS)
    assert bot.policy == Rules(
        ((1260, 540), (780, 900)), (Cap(2, Duration(1)),), {"messenger": "opt_in"}, timedelta(hours=3)
    )  # fmt: skip
    assert bot.disclosure == Disclosure(frozenset(("start", "lapse")), Duration(7), ("DE",))


def test_what_nobody_says() -> None:
    bot = assemble(parse_bot(BOTH.encode(), "bots/demo/bot.yaml", {}), {}, LIMITS, WINDOWS)
    assert (bot.policy, bot.disclosure) == (Rules(), None)
    assert bot.policy.need("whatsapp", "whatsapp") == "opt_out"


LOOSER = [
    ('quiet_hours: "21:00-09:00"', 'quiet_hours: "22:00-09:00"', ["T161"]),
    ('quiet_hours: "21:00-09:00"', 'quiet_hours: "20:00-10:00"', []),
    ('quiet_hours: "21:00-09:00"', 'quiet_hours: ["21:00-00:00", "00:00-09:00"]', []),
    ("cap: [{max: 2, per: 1d}]", "cap: [{max: 3, per: 1d}]", ["T161"]),
    ("cap: [{max: 2, per: 1d}]", "cap: [{max: 2, per: 12h}]", ["T161"]),
    ("cap: [{max: 2, per: 1d}]", "cap: [{max: 2, per: 1d}]", []),
    ("cap: [{max: 2, per: 1d}]", "cap: [{max: 1, per: 1h}, {max: 3, per: 7d}]", []),
    ("consent: opt_in", "consent: opt_out", ["T161"]),
    ("consent: {messenger: opt_in}", "consent: {messenger: opt_out}", ["T161"]),
    ("consent: opt_out", "consent: opt_in", []),
    ("late: skip after 3h", "late: skip after 4h", ["T161"]),
    ("late: skip after 3h", "late: skip after 1h", []),
    ('quiet_hours: "21:00-09:00"', 'quiet_hours: ["21:00-09:00", "09:00-21:00"]', ["T160"]),
]


@pytest.mark.parametrize(("bot", "flow", "expected"), LOOSER)
def test_a_flow_is_never_looser(bot: str, flow: str, expected: list[str]) -> None:
    assert codes(f"{{{flow}}}", bot=f"policy: {{{bot}}}\n{TOLD}") == expected


def test_the_place_is_named() -> None:
    (issue,) = told(
        "{cap: [{max: 1, per: 1d}, {max: 9, per: 1d}]}", bot=f"policy: {{cap: [{{max: 2, per: 1d}}]}}\n{TOLD}"
    )
    assert issue.message == "9 in 1d is more than the bot allows: 2 in 1d"
    assert issue.excerpt[issue.column - 1 :].startswith("{max: 9")


def test_a_policy_without_an_effect() -> None:
    assert codes('{quiet_hours: "21:00-09:00"}', purpose="service") == ["T160"]
    assert codes(bot='policy: {quiet_hours: ["21:00-09:00", "09:00-21:00"]}\n' + TOLD) == ["T160"]
    assert codes(bot="disclosure: {when: [start], after: 2d}\n") == ["T160"]
    assert codes(bot="policy: {cap: [{max: 0, per: 1d}]}\n" + TOLD) == ["T021"]
    assert codes(bot="policy: {cap: [{max: 2, per: 0s}]}\n" + TOLD) == ["T160"]
    assert codes("{cup: 3}") == ["T011"]


def test_a_bot_that_sends_marketing_says_what_it_is() -> None:
    (issue,) = told()
    assert (issue.code, issue.severity) == ("T162", Severity.WARNING)
    assert codes() == [] and codes(bot="", purpose="service") == []


def test_both_together_forbid_what_either_forbids() -> None:
    one = Rules(((0, 60),), (Cap(1, Duration(1)),), {"": "opt_in"}, timedelta(hours=3))
    two = Rules(((60, 120),), (Cap(2, Duration(7)),), {"whatsapp": "opt_out"}, timedelta(hours=1))
    both = tighter(one, two)
    assert both.quiet == ((0, 60), (60, 120)) and len(both.caps) == 2 and both.late == timedelta(hours=1)
    assert both.need("whatsapp", "whatsapp") == "opt_in"
    assert tighter(two, Rules(needs={"": "opt_in"})).need("whatsapp", "whatsapp") == "opt_in"
    assert tighter(one, None) is one
