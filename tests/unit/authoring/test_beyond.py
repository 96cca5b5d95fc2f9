"""What check says about permission, sequences, notices, events and draws."""

from pathlib import Path

import pytest

from tests.walks import LIMITS, WINDOWS
from trinario.authoring.check import check_bot
from trinario.authoring.load import load_project
from trinario.authoring.parse import parse_flow
from trinario.model.flow import Emit, Notify, OptIn, OptOut, Ticket, Trigger

BOT = """\
bot: club
locale: en
timezone: Europe/Rome
channels:
  messenger: {platform: messenger, page_id: "2", page_name: club, access_token: a, app_secret: b, verify_token: c}
flows: ["*"]
teams:
  care: {notify: [mailto:care@club.example]}
  sales: {}
events: {done: {order: text}}
"""


TIPS = "sequence: {}\npurpose: service\nsteps: {{w: {{day: 0, send: Say STOP at any time.}}}}\n"


def steps(text: str) -> bytes:
    body = "".join(f"  {line}\n" for line in text.splitlines())
    return f"flow: a\ntriggers: [{{keyword: go}}]\nsteps:\n{body}".encode()


def parsed(text: str) -> list[tuple[str, str, str]]:
    return [(issue.code, issue.message, issue.hint) for issue in parse_flow(steps(text), "flows/a.yaml").issues]


def project(folder: Path, text: str, campaigns: dict[str, str] | None = None) -> list[tuple[str, int, str, str]]:
    """(code, line, message, hint) of a project with this flow."""
    (folder / "bots/club/campaigns").mkdir(parents=True)
    (folder / "flows").mkdir()
    (folder / "bots/club/bot.yaml").write_text(BOT)
    (folder / "flows/a.yaml").write_bytes(steps(text))
    for name, content in (campaigns or {}).items():
        (folder / "bots/club/campaigns" / name).write_text(content)
    found = check_bot(load_project(folder, None, {}), LIMITS, WINDOWS)
    return [(issue.code, issue.line, issue.message, issue.hint) for issue in found]


@pytest.mark.parametrize(
    ("text", "code", "what", "hint"),
    [
        ("o: {opt_in: marketing}", "T014", "wording", ""),
        ("o: {opt_in: service, wording: May we?}", "T021", "service", "marketing"),
        ("o: {opt_in: marketing, wording: May we?, confirm_wording: Really?}", "T015", "double: true", "double: true"),
        ("o: {opt_in: marketing, wording: May we?, on_timeout: end}", "T014", "`timeout`", "timeout: 1d"),
        ("o: {opt_in: marketing, wording: May we?, on_granteed: end}", "T011", "on_granteed", "on_granted"),
        ("o: {opt_in: marketing, wording: May we?, retries: 3}", "T011", "retries", "belongs to"),
        ("o: {opt_out: everything}", "T021", "everything", "all"),
        ("o: {notify: care}", "T014", "text", ""),
        ("o: {notify: care@club.example, text: Hi}", "T021", "no address", "mailto:care@club.example"),
        ("o: {notify: 'http://club.example', text: Hi}", "T021", "no address", "https://"),
        ("o: {notify: 'mailto:nobody', text: Hi}", "T021", "no address", "mailto:..."),
        ("o: {emit: done, data: [1, 2]}", "T020", "", ""),
        ("o: {ticket: Spring Draw}", "S040", "Spring Draw", ""),
        ("o: {ticket: spring, save: number}", "T021", "number", "vars.number"),
    ],
)
def test_what_cannot_be_read(text: str, code: str, what: str, hint: str) -> None:
    found, message, mend = parsed(text)[0]
    assert found == code
    assert what in message
    assert hint in mend


def test_what_is_read() -> None:
    text = """\
ok: {opt_in: marketing, wording: {text: May we?, links: [{title: Privacy, url: "https://c.example"}]}, double: true, timeout: 2h}
out: {opt_out: all, channels: [messenger]}
tell: {notify: [care, "mailto:a@b.example", "https://c.example/x"], text: "{{ contact.name }}"}
raise: {emit: order.done, data: {n: 2, who: "{{ contact.name }}"}}
number: {ticket: spring, save: answers.number}"""
    flow = parse_flow(steps(text), "flows/a.yaml").flow
    assert flow
    ok, out, tell, raised, number = flow.steps.values()
    assert isinstance(ok, OptIn) and ok.type == "yes_no" and ok.double and ok.confirm is None and ok.messages[0].links
    assert isinstance(out, OptOut) and out.channels == ("messenger",)
    assert isinstance(tell, Notify) and tell.to == ("care", "mailto:a@b.example", "https://c.example/x")
    assert isinstance(raised, Emit) and set(raised.data) == {"n", "who"}
    assert isinstance(number, Ticket) and number.save == "answers.number"


def test_triggers() -> None:
    data = b"flow: a\ntriggers: [{opt_in: marketing}, {opt_out: all, channels: [messenger]}]\nsteps: {s: {tag: x}}"
    flow = parse_flow(data, "flows/a.yaml").flow
    assert flow
    assert [(one.kind, one.value) for one in flow.triggers] == [("opt_in", "marketing"), ("opt_out", "all")]
    assert isinstance(flow.triggers[1], Trigger) and flow.triggers[1].channels == {"messenger"}


def test_a_sequence_that_is_not_there(tmp_path: Path) -> None:
    found = project(
        tmp_path,
        "o: {enroll: newsleter}",
        {
            "n.yaml": TIPS.format("newsletter"),
            "c.yaml": "campaign: x\npurpose: service\nsegment: channel.window_open\nsend: Hi\n",
        },
    )
    ((code, line, message, hint),) = found
    assert (code, line) == ("T057", 4)
    assert 'there is no sequence "newsleter"' in message
    assert hint == 'did you mean "newsletter"?'


def test_where_a_sequence_belongs(tmp_path: Path) -> None:
    ((code, _, message, hint),) = project(tmp_path, "o: {unenroll: tips}")
    assert code == "T057"
    assert message.endswith("bots/club/campaigns")
    assert hint.endswith("bots/club/campaigns/tips.yaml, which begins with sequence: tips")


def test_a_campaign_that_is_no_yaml_is_told(tmp_path: Path) -> None:
    found = project(tmp_path, "o: {enroll: tips}", {"tips.yaml": "sequence: tips\nsequence: more\n"})
    assert {code for code, *_ in found} >= {"T057"}
    assert len(found) == 2


def test_teams_that_cannot_be_told(tmp_path: Path) -> None:
    text = "o: {notify: [crae, sales, care], text: Hi}"
    found = project(tmp_path, text)
    assert [(code, hint) for code, _, _, hint in found] == [
        ("T041", 'did you mean "care"?'),
        ("T058", "write teams: {sales: {notify: [mailto:sales@shop.example]}}"),
    ]


def test_a_circle_of_permission_that_was_given_has_no_wait(tmp_path: Path) -> None:
    found = project(tmp_path, "o: {opt_in: marketing, wording: May we?}\nn: {tag: x, next: o}")
    assert [code for code, *_ in found] == ["T103"]


def test_what_a_declared_event_brings_is_declared(tmp_path: Path) -> None:
    text = "o: {emit: done, data: {ordre: A7}}\nn: {emit: done, data: {order: A7}}\nm: {emit: other, data: {x: 1}}"
    ((code, line, message, hint),) = project(tmp_path, text)
    assert (code, line, hint) == ("T045", 4, 'did you mean "order"?')
    assert message == 'event "done" is declared without "ordre"'
