"""Campaigns and sequences: what is read, every fault at its place, and what the checks of a bot say of them."""

import re
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from trinario.authoring.check import check_bot
from trinario.authoring.issue import Severity
from trinario.authoring.load import load_bot, load_project
from trinario.authoring.parse_campaign import parse_campaign
from trinario.authoring.printing import print_issues
from trinario.authoring.schema import schema
from trinario.campaign.as_flow import flows_of, flows_of_sequence
from trinario.expressions import Condition, Phrase
from trinario.model.campaign import Campaign, Sequence
from trinario.model.duration import Duration
from trinario.model.flow import Send, Start
from trinario.runtime.limits import LIMITS, WINDOWS

GOLDEN = Path(__file__).parents[2] / "golden/campaigns"
FILES = sorted(GOLDEN.glob("*.yaml"))
NAMES = [file.stem for file in FILES]


# ---- reading: each file with what it means, or with everything that is wrong with it


def told(value: Any, indent: str = "") -> list[str]:
    """A value of the model as lines, what is left at its default left out."""
    if is_dataclass(value) and not isinstance(value, type | Duration):
        lines = [f"{indent}{type(value).__name__}"]
        for one in fields(value):
            given = getattr(value, one.name)
            if one.name not in ("revision", "file", "line") and given not in (None, "", (), {}, 0, frozenset()):
                lines += _named(one.name, given, indent + "  ")
        return lines
    if isinstance(value, tuple | list):
        return [line for one in value for line in told(one, indent)]
    if isinstance(value, dict):
        return [line for name, one in value.items() for line in _named(name, one, indent)]
    source = isinstance(value, Condition | Phrase)
    return [f"{indent}{value.source if source else sorted(value) if isinstance(value, frozenset) else value}"]


def _named(name: str, value: Any, indent: str) -> list[str]:
    below = told(value, indent + "  ")
    return [f"{indent}{name}: {below[0].strip()}", *below[1:]] if len(below) == 1 else [f"{indent}{name}:", *below]


def shown(file: Path) -> str:
    parsed = parse_campaign(file.read_bytes(), file.name)
    issues = print_issues(parsed.issues)
    made = "\n".join(told(parsed.made)) if parsed.made else "nothing that could be run"
    return f"{issues}\n\n{made}\n".lstrip()


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_what_a_file_says(file: Path) -> None:
    assert shown(file) == file.with_suffix(".txt").read_text("utf-8")


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_the_flows_that_are_checked_are_those_that_are_sent(file: Path) -> None:
    """What the checks prove of a part holds of the flow that says it."""
    parsed = parse_campaign(file.read_bytes(), file.name)
    if parsed.made is None:
        return
    sent = {flow.name: flow for flow in
            (flows_of(parsed.made) if isinstance(parsed.made, Campaign) else flows_of_sequence(parsed.made))}  # fmt: skip
    parts = [part.flow for part in parsed.parts.values() if part.flow and part.flow.name in sent]
    assert parts or isinstance(parsed.made, Campaign)
    for part in parts:
        (name, checked), (called, step) = *part.steps.items(), *sent[part.name].steps.items()
        assert (name, part.purpose, part.words) == (called, sent[part.name].purpose, sent[part.name].words)
        if isinstance(checked, Send) and isinstance(step, Send):
            assert (checked.messages, checked.delivery) == (step.messages, step.delivery)
        else:
            assert isinstance(checked, Start) and isinstance(step, Start) and checked.flow == step.flow
    assert {one.words.key for flow in sent.values() for one in _words(flow.steps.values())} <= {
        written.key for written in (parsed.texts.written if parsed.texts else [])
    }


def _words(steps: Any) -> list[Any]:
    class One:
        def __init__(self, words: Any) -> None:
            self.words = words

    return [One(message.text) for step in steps if isinstance(step, Send) for message in step.messages if message.text]


# ---- the schema is of one mind with the reader


class Editor(yaml.SafeLoader):
    """As editors read YAML: 10:00 is a text, not 600."""


Editor.yaml_implicit_resolvers = {
    first: [(tag, found) for tag, found in resolvers if not tag.endswith((":int", ":float"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Editor.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("[-+]?[0-9]+$"), list("-+0123456789"))


def faults(text: str, kind: str) -> list[str]:
    return [error.message for error in Draft202012Validator(schema(kind)).iter_errors(yaml.load(text, Editor))]


@pytest.mark.parametrize("file", [file for file in FILES if "nothing that" not in file.with_suffix(".txt").read_text()],
                         ids=lambda file: file.stem)  # fmt: skip
def test_what_can_be_read_fits_the_schema(file: Path) -> None:
    text = file.read_text("utf-8")
    assert faults(text, "campaign") == []
    assert bool(faults(text, "sequence")) == text.startswith("campaign")


@pytest.mark.parametrize("text", [
    "campaign: Spring\nsend: Hi\n",
    "campaign: a\nsend: Hi\npace: fast\n",
    "campaign: a\nsend: Hi\nschedul: {at: 2026-12-01 10:00}\n",
    "campaign: a\nsend: Hi\nbudget: {max: twenty}\n",
    "campaign: a\nsend: Hi\nif_busy: wait\n",
    "campaign: a\nvariants: {a: {send: Hi}}\n",
    "sequence: a\nsteps: {}\n",
    "sequence: a\nsteps: {x: {send: Hi}}\n",
    "sequence: a\nsteps: {x: {day: 1, when: 3}}\n",
])  # fmt: skip
def test_mistakes_do_not_fit_the_schema(text: str) -> None:
    assert faults(text, "campaign")
    assert faults(text, "sequence")


# ---- whatever the bytes

PIECES = ["campaign: a\n", "sequence: a\n", "send: Hi\n", "send: {text: Hi, image: x}\n", "flow: x\n", "steps:\n", "  a: ", "{day: 1}\n",
          "{day: 0, send: Hi}\n", "variants: {a: 1, b: {weight: 2, send: [x, y]}}\n", "schedule: {at: 2026-12-01 10:00}\n", "schedule: []\n",
          "schedule: {event: x.y, match: event.z}\n", "  split: {a: {}, holdout: 3}\n", "segment: answers.x > 3\n", "[", "]", "{", "}", ":\n",
          "exit_when: [{tag: x}, x]\n", "quiet_hours: 1\n", "variants: {end: {weight: 1, send: x}, message: 4}\n", "delivery: {order: []}\n"]  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_no_file_breaks_the_reader(text: str) -> None:
    parsed = parse_campaign(text.encode(), "x.yaml")
    assert (parsed.made is None) == any(issue.severity is Severity.ERROR for issue in parsed.issues)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    parsed = parse_campaign(data, "x.yaml")
    assert parsed.made is None and parsed.issues


# ---- in a bot

BOT = """
bot: shop
locale: en
timezone: Europe/Rome
region: IT
channels:
  wa: {platform: whatsapp, phone_number_id: "1", phone: "+390612345", waba_id: "2", access_token: t, app_secret: s, verify_token: v}
  ig: {platform: instagram, account_id: "3", page_id: "4", username: shop, login: facebook, access_token: t, app_secret: s, verify_token: v}
flows: [hello, offer]
fields: {city: {type: text}, budget: {type: number}, since: {type: date}}
events: {order.paid: {total: number}}
disclosure: {when: [start]}
policy: {quiet_hours: "21:00-09:00", cap: [{max: 2, per: 1d}]}
"""
HELLO = "flow: hello\ntriggers: [message]\nsteps:\n  hi: {send: Hi, counts: greeted}\n"
OFFER = "flow: offer\npurpose: marketing\ntriggers: [{keyword: offer}]\nsteps:\n  o: {send: Ten per cent. STOP ends this.}\n"
TEMPLATES = """
templates:
  spring: {category: marketing, params: [name], languages: {en: {body: "Hi {{name}}, spring is here.", footer: STOP ends this}}}
  bare: {category: marketing, languages: {en: {body: "Spring is here, come and see."}}}
  paid: {category: utility, languages: {en: {body: "Your payment has arrived, many thanks."}}}
"""
OPEN = "segment: channel.window_open\n"
TEMPLATE = "delivery: {template: {name: spring, params: {name: x}}}\n"


PASSED_OVER = {"T046", "T179"}
"""What is said of the flows and sequences of these small shops, which nothing leads to."""


def project(
    folder: Path, *campaigns: str, now: datetime | None = None, without: set[str] = PASSED_OVER
) -> list[tuple[str, str, str]]:
    """(code, message, hint) of every issue of a shop with these campaigns, but for some codes."""
    files = {
        "bots/shop/bot.yaml": BOT,
        "bots/shop/templates.yaml": TEMPLATES,
        "flows/hello.yaml": HELLO,
        "flows/offer.yaml": OFFER,
    }
    files |= {f"bots/shop/campaigns/c{number}.yaml": text for number, text in enumerate(campaigns)}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    issues = check_bot(load_project(folder, None, {}), LIMITS, WINDOWS, now)
    return [(issue.code, issue.message, issue.hint) for issue in issues if issue.code not in without]


def codes(folder: Path, *campaigns: str, now: datetime | None = None) -> list[str]:
    return [code for code, _, _ in project(folder, *campaigns, now=now)]


SAID = "campaign: c\nsend: Spring is here. STOP ends this.\n"


def test_a_campaign_without_a_fault(tmp_path: Path) -> None:
    assert project(tmp_path, SAID + TEMPLATE) == []
    assert project(tmp_path, SAID + OPEN) == []


def test_a_message_reaches_nobody_whose_window_is_shut(tmp_path: Path) -> None:
    ((code, message, hint),) = project(tmp_path, SAID)
    assert code == "T204"
    assert message.startswith('campaign "c" may be sent with the window shut on wa and ig')
    assert hint == "give it `delivery.template`, or write channel.window_open into `segment`"
    assert codes(tmp_path, SAID.replace("\n", "\nchannels: [wa]\n", 1)) == ["T204"]


def test_the_window_of_sequences(tmp_path: Path) -> None:
    begin = "sequence: s\nsteps:\n  a: {day: 0, send: Say STOP at any time}\n"
    assert codes(tmp_path, begin) == []
    assert codes(tmp_path, begin + "  b: {day: 1, send: More}\n") == ["T204"]
    assert codes(tmp_path, begin + "  b: {day: 1, if: channel.window_open, send: More}\n") == []
    assert codes(tmp_path, begin + "  b: {day: 1, send: {template: {name: spring, params: {name: x}}}}\n") == []
    assert codes(tmp_path, begin.replace("\n", "\nsegment: \"'x' in tags\"\n", 1)) == ["T204"]


def test_the_window_of_a_flow_that_a_campaign_begins(tmp_path: Path) -> None:
    assert codes(tmp_path, "campaign: c\nflow: offer\n" + OPEN) == []
    ((code, message, _),) = project(tmp_path, "campaign: c\nflow: offer\n")
    assert code == "T204"
    assert message.startswith('"o" may be sent with the window shut on wa and ig\ncampaign c -> start offer -> o')


@pytest.mark.parametrize(("condition", "code", "part"), [
    ("answers.x > 3", "T175", "`answers` is of a conversation"),
    ("trigger.kind == 'x' and vars.y", "T175", "`trigger` is of a conversation"),
    ("fields.citty == 'x'", "T031", "citty"),
    ("fields.budget == 'x'", "T120", ""),
    ("nobody == 3", "T031", "nobody"),
    ("fields.city ~ 'x' == 'Milanox'", "T175", ""),
    ("window_open('telegram')", "T175", ""),
])  # fmt: skip
def test_segments_that_ask_for_what_is_not_known(tmp_path: Path, condition: str, code: str, part: str) -> None:
    found = project(tmp_path, SAID + TEMPLATE + f'segment: "{condition}"\n')
    assert [one for one, _, _ in found] == [code]
    assert part in found[0][1]
    assert codes(tmp_path, SAID + TEMPLATE + f'exclude: ["{condition}"]\n') == [code]


@pytest.mark.parametrize(("more", "code", "part", "mend"), [
    ("goal: {name: greetd}\n", "T173", 'no flow counts "greetd"', 'did you mean "greeted"?'),
    ("goal: {name: order.payd}\n", "T173", "order.payd", 'did you mean "order.paid"?'),
    ("channels: [whatsap]\n", "T042", "whatsap", 'did you mean "whatsapp"?'),
    ("schedule: {event: order.payd}\n", "T059", "order.payd", 'did you mean "order.paid"?'),
    ("schedule: {event: order.paid, match: event.totl > 3}\n", "T031", "totl", "did you mean `total`?"),
    ('quiet_hours: "22:00-08:00"\n', "T161", "this campaign is not", "cover them, or leave `quiet_hours` out"),
    ("cap: {max: 5, per: 1d}\n", "T161", "more than the bot allows", "allow less, or leave it out"),
])  # fmt: skip
def test_names_and_bounds(tmp_path: Path, more: str, code: str, part: str, mend: str) -> None:
    ((found, message, hint),) = project(tmp_path, SAID + TEMPLATE + more)
    assert (found, hint) == (code, mend)
    assert part in message


def test_flows_that_are_begun(tmp_path: Path) -> None:
    (code, _, hint), *_ = project(tmp_path, "campaign: c\nflow: ofer\n")
    assert (code, hint) == ("T040", 'did you mean "offer"?')
    found = project(tmp_path, "campaign: c\nflow: hello\n" + OPEN)
    assert ("T174", 'flow "hello" is for service, and the campaign for marketing',
            "write purpose: marketing in flows/hello.yaml, or purpose: service here") in [
        (code, message, hint.replace(f"{tmp_path.as_posix()}/", "")) for code, message, hint in found]  # fmt: skip


def test_templates_of_another_purpose_or_with_places_left_out(tmp_path: Path) -> None:
    paid = SAID + "delivery: {template: {name: paid}}\n"
    assert codes(tmp_path, paid) == ["T176", "T152"]
    assert (
        codes(tmp_path, "campaign: c\npurpose: transactional\nsend: Thanks!\ndelivery: {template: {name: paid}}\n")
        == []
    )
    assert codes(tmp_path, SAID + "delivery: {template: {name: spring}}\n") == ["T151"]
    assert codes(tmp_path, SAID + "delivery: {template: {name: sprig}}\n") == ["T048"]


def test_marketing_says_how_to_end_it(tmp_path: Path) -> None:
    assert codes(tmp_path, "campaign: c\nsend: Spring is here.\n" + TEMPLATE) == ["T176"]
    assert codes(tmp_path, SAID + "delivery: {template: {name: bare}}\n") == ["T176"]
    assert codes(tmp_path, "campaign: c\nsend: Scrivi basta per finire.\n" + TEMPLATE) == []
    assert codes(tmp_path, "campaign: c\nsend: {template: {name: bare}}\n") == ["T176"]
    assert codes(tmp_path, "campaign: c\nsend: We sell stopwatches.\n" + TEMPLATE) == ["T176"]
    variants = "campaign: c\nvariants: {a: {weight: 1, send: STOP ends this}, b: {weight: 1, send: Spring}}\n"
    assert codes(tmp_path, variants + TEMPLATE) == ["T176"]


def test_titles_that_do_not_fit(tmp_path: Path) -> None:
    long = 'campaign: c\nsend: {text: STOP ends this, links: [{title: Have a look at all of our plants, url: "https://x.example"}]}\n'
    assert codes(tmp_path, long + TEMPLATE) == ["T110"]


def test_a_picture_that_is_not_there(tmp_path: Path) -> None:
    assert "T049" in codes(tmp_path, "campaign: c\nsend: {image: fern.jpg, caption: STOP ends this}\n" + TEMPLATE)


def test_what_may_be_spent(tmp_path: Path) -> None:
    ((code, message, _),) = project(tmp_path, SAID + TEMPLATE + "budget: {max: 200 EUR}\n")
    assert code == "T178" and message.startswith("nobody knows")
    (tmp_path / "bots/shop/prices.yaml").write_text(
        "currency: EUR\nprices:\n  - {from: 2026-01-01, elsewhere: {marketing: 0.05}}\n"
    )
    assert codes(tmp_path, SAID + TEMPLATE + "budget: {max: 200 EUR}\n") == []
    ((code, message, hint),) = project(tmp_path, SAID + TEMPLATE + "budget: {max: 200 USD}\n")
    assert (code, hint) == ("T178", "write the budget in EUR") and "and this is in USD" in message


def test_a_sequence_that_nobody_comes_into(tmp_path: Path) -> None:
    text = "sequence: s\nsteps: {a: {day: 0, send: Say STOP at any time}}\n"
    ((code, message, hint),) = project(tmp_path, text, without={"T046"})
    assert (code, message, hint) == (
        "T179",
        'no flow enrolls anybody into "s"',
        "write enroll: s in a flow, or `segment` here",
    )
    (tmp_path / "flows/join.yaml").write_text("flow: join\ntriggers: [{keyword: join}]\nsteps:\n  in: {enroll: s}\n")
    assert project(tmp_path, text, without={"T046"}) == []


def test_one_name_for_two(tmp_path: Path) -> None:
    ((code, message, _),) = project(tmp_path, SAID + TEMPLATE, SAID + TEMPLATE)
    assert code == "T017"
    assert message.startswith('campaign "c" is declared in ') and message.endswith("campaigns/c0.yaml already")


@pytest.mark.parametrize(("schedule", "over"), [
    ("{at: 2026-11-01 10:00}", True),
    ("{at: 2026-11-20 10:01, zone: Europe/Rome}", False),
    ("{at: 2026-11-20 09:59, zone: Europe/Rome}", True),
    ("{at: 2026-11-20 09:59, zone: contact}", False),  # west of us it is still to come
    ("{at: 2026-11-19 09:59, zone: contact}", True),
    ('{cron: "0 10 * * 1"}', False),
])  # fmt: skip
def test_a_time_that_is_over(tmp_path: Path, schedule: str, over: bool) -> None:
    now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    campaign = SAID + TEMPLATE + f"schedule: {schedule}\n"
    assert codes(tmp_path, campaign, now=now) == ["T170"] * over
    assert codes(tmp_path, campaign) == []


@pytest.mark.parametrize(("schedule", "code", "part"), [
    ('{cron: "* * * * *"}', "T184", "it comes 60 times an hour, each time to everybody"),
    ('{cron: "*/15 9 * * 1"}', "T184", "it comes 4 times an hour"),
    ('{cron: "0 10,16 * * *"}', "", ""),
    ("{at: 2027-03-28 02:30, zone: Europe/Rome}", "T185", "the clocks of Europe/Rome skip 02:30: it comes at 03:30 then"),
    ("{at: 2027-03-28 03:30, zone: Europe/Rome}", "", ""),
    ("{at: 2026-10-25 02:30, zone: Europe/Rome}", "", ""),  # it comes twice, and goes once
    ('{cron: "30 2 * * *", zone: Europe/Rome}', "T185", "on 2027-03-28 the clocks of Europe/Rome skip 02:30"),
    ('{cron: "30 2 * * 1", zone: Europe/Rome}', "", ""),  # clocks change on Sundays
    ('{cron: "30 2 * * *", zone: Asia/Tokyo}', "", ""),
])  # fmt: skip
def test_time_tables_that_surprise(tmp_path: Path, schedule: str, code: str, part: str) -> None:
    campaign = SAID + TEMPLATE + f"schedule: {schedule}\n"
    found = project(tmp_path, campaign, now=datetime(2026, 10, 1, 9, 0, tzinfo=UTC))
    assert [one[0] for one in found] == [code] * bool(code) and all(part in one[1] for one in found)


def test_single_braces_and_answers_are_told(tmp_path: Path) -> None:
    text = 'campaign: c\nsend: "{contact.first_name}, STOP ends this. {{ answers.x }}"\n'
    assert codes(tmp_path, text + TEMPLATE) == ["T032", "T031"]


# ---- loaded


def loaded(folder: Path, *campaigns: str) -> Any:
    assert not [code for code in codes(folder, *campaigns) if code.startswith("T2")]
    return load_bot(folder / "bots/shop", LIMITS, {}, WINDOWS).bot


def test_a_bot_has_its_campaigns_and_the_flows_that_say_them(tmp_path: Path) -> None:
    sequence = "sequence: s\nsteps: {a: {day: 0, split: {x: {weight: 1, send: Say STOP at any time}, holdout: 1}}}\n"
    bot = loaded(tmp_path, SAID + TEMPLATE + "variants: {a: 1, b: 1}\n", sequence)
    assert isinstance(bot.campaigns["c"], Campaign) and isinstance(bot.sequences["s"], Sequence)
    assert list(bot.messages) == ["campaign/c/a", "campaign/c/b", "sequence/s/a/x"]
    flow = bot.messages["campaign/c/a"]
    assert bot.flow("campaign/c/a", flow.revision) is flow
    assert flow.delivery is not None and flow.delivery.template is not None
    assert flow.purpose == "marketing" and flow.locale == "en"


def test_translations_stand_beside_and_are_part_of_the_revision(tmp_path: Path) -> None:
    before = loaded(tmp_path, SAID + TEMPLATE).campaigns["c"]
    po = tmp_path / "bots/shop/campaigns/c0.it.po"
    po.write_text(
        'msgctxt "message.send"\nmsgid "Spring is here. STOP ends this."\nmsgstr "Primavera. STOP per finire."\n'
    )
    after = loaded(tmp_path, SAID + TEMPLATE)
    assert after.campaigns["c"].revision != before.revision
    assert after.messages["campaign/c"].words["it"]["message.send"].source == "Primavera. STOP per finire."
    po.write_text('msgctxt "mesage.send"\nmsgid "x"\nmsgstr "y"\n')
    assert codes(tmp_path, SAID + TEMPLATE) == ["T062", "T061"]


def test_files_that_are_not_read(tmp_path: Path) -> None:
    project(tmp_path, SAID + TEMPLATE)
    (tmp_path / "bots/shop/campaigns/x.yml").write_text(SAID)
    (tmp_path / "bots/shop/campaigns/y.it.po").write_text("")
    found = project(tmp_path)
    assert [(code, message) for code, message, _ in found] == [
        ("T018", "this file is not read: campaigns end in .yaml"),
        ("T018", "this translation is not read: no campaign stands beside it"),
    ]


def test_a_bot_with_a_campaign_that_has_faults_does_not_start(tmp_path: Path) -> None:
    project(tmp_path, "campaign: c\nsend: {text: Hi, image: x}\n")
    with pytest.raises(Exception, match="`text` and `image` do not go into one message"):
        load_bot(tmp_path / "bots/shop", LIMITS, {}, WINDOWS)


def test_one_name_for_a_campaign_and_a_sequence(tmp_path: Path) -> None:
    sequence = "sequence: c\nsegment: \"'x' in tags\"\nsteps: {a: {day: 0, send: Say STOP at any time}}\n"
    found = project(tmp_path, SAID + TEMPLATE, sequence)
    assert [message.partition(" is declared")[0] for code, message, _ in found if code == "T017"] == ['campaign "c"']


# ---- sequences that lead back into themselves


def _loop(tmp_path: Path, sequence: str, **flows: str) -> list[tuple[str, str]]:
    for name, steps in flows.items():
        (tmp_path / "flows").mkdir(exist_ok=True)
        (tmp_path / f"flows/{name}.yaml").write_text(f"flow: {name}\npurpose: marketing\nsteps: {steps}\n")
    found = project(tmp_path, sequence, without={"T046", "T179", "T176"})
    return [(code, hint) for code, _, hint in found if code == "T183"]


def test_a_sequence_that_enrolls_itself(tmp_path: Path) -> None:
    joins = "{in: {enroll: s}}"
    ((code, hint),) = _loop(tmp_path, "sequence: s\nsteps: {a: {day: 0, flow: joins}}\n", joins=joins)
    assert (code, hint) == ("T183", 'take enroll: s out of "joins", or give the step a day')
    ((_, hint),) = _loop(tmp_path, "sequence: s\nsteps: {a: {day: 30, flow: joins}}\n", joins=joins)
    assert "exit_when" in hint
    ended = "exit_when: [{opt_out: marketing}]\n"
    assert _loop(tmp_path, f"sequence: s\n{ended}steps: {{a: {{day: 30, flow: joins}}}}\n", joins=joins) == []
    assert _loop(tmp_path, f"sequence: s\n{ended}steps: {{a: {{day: 0, flow: joins}}}}\n", joins=joins)


def test_a_sequence_that_comes_back_by_way_of_a_flow_that_is_called(tmp_path: Path) -> None:
    flows = {"joins": "{over: {call: really}}", "really": "{in: {enroll: s}, on: {start: joins}}"}
    assert _loop(tmp_path, "sequence: s\nsteps: {a: {day: 0, flow: joins}}\n", **flows)


def test_two_sequences_that_lead_into_each_other(tmp_path: Path) -> None:
    (tmp_path / "bots/shop/campaigns").mkdir(parents=True, exist_ok=True)
    flows = {"to_t": "{in: {enroll: t}}", "to_s": "{in: {enroll: s}}"}
    for name, steps in flows.items():
        (tmp_path / "flows").mkdir(exist_ok=True)
        (tmp_path / f"flows/{name}.yaml").write_text(f"flow: {name}\npurpose: marketing\nsteps: {steps}\n")
    both = ("sequence: s\nsteps: {a: {day: 0, flow: to_t}}\n", "sequence: t\nsteps: {b: {day: 0, flow: to_s}}\n")
    found = project(tmp_path, *both, without={"T046", "T179", "T176"})
    assert [code for code, _, _ in found if code == "T183"] == ["T183", "T183"]


# ---- slips that marketers make, each with how to mend it


@pytest.mark.parametrize(("line", "code", "hint"), [
    ("late: skip after 0h", "T021", "write a time, like skip after 3h, or send"),
    ("schedule: {at: 2027-03-01 10:00, zone: GMT+1}", "S043", "write the place whose clock it is, like Europe/Rome"),
    ("schedule: {at: 2027-03-01 10:00, zone: Europe/Rom}", "S043", "write Europe/Rome"),
    ("purpose: promotion", "T021", "write marketing, service or transactional"),
    ("segmant: channel.window_open", "T011", 'did you mean "segment"?'),
    ("schedule: {cron: every monday}", "T021", "write minute, hour, day of the month"),
    ("schedule: {cron: '0 10 30 2 *'}", "T021", "the months named do not have that day"),
    ("variants: {a: 0, b: 0}", "T021", "write a weight, like variants: {a: 50, b: 50}"),
    ("cap: 1 per day", "T020", "write {max: 1, per: 1d}"),
    ("cap: 2/week", "T020", "write {max: 2, per: 1w}"),
    ("cap: once every 3 hours", "T020", "write {max: 1, per: 3h}"),
    ("cap: 4 a month", "T020", "write {max: 4, per: 30d}"),
    ("cap: twice a day", "T020", "write {max: 2, per: 1d}"),
    ("cap: {max: 1, per: day}", "S034", "write 1d"),
    ('quiet_hours: "21:00-21:00"', "S036", "write when it begins and when it ends, like 21:00-09:00, or leave it out"),
])  # fmt: skip
def test_a_slip_is_told_once_and_how_to_mend_it(line: str, code: str, hint: str) -> None:
    parsed = parse_campaign(f"campaign: c\nsend: Hi STOP\n{line}\n".encode(), "c.yaml")
    (issue,) = parsed.issues
    assert (issue.code, issue.line) == (code, 3) and issue.hint.startswith(hint)


@pytest.mark.parametrize(("said", "meant"), [
    ("", None), ("again: never", None), ("again: always", Duration()), ("again: after 30d", Duration(days=30)),
])  # fmt: skip
def test_who_comes_into_a_sequence_once_more(said: str, meant: Duration | None) -> None:
    parsed = parse_campaign(f"sequence: s\n{said}\nsteps: {{a: {{day: 0, send: Hi STOP}}}}\n".encode(), "s.yaml")
    assert isinstance(parsed.made, Sequence) and parsed.made.again == meant, parsed.issues


@pytest.mark.parametrize(("said", "hint"), [
    ("30d", "write never, always, or after 30d"), ("after 0d", "write again: always, or a time, like after 30d"),
    ("after a month", "write"),
])  # fmt: skip
def test_what_again_cannot_be(said: str, hint: str) -> None:
    parsed = parse_campaign(f"sequence: s\nagain: {said}\nsteps: {{a: {{day: 0, send: Hi STOP}}}}\n".encode(), "s.yaml")
    (issue,) = parsed.issues
    assert issue.line == 2 and issue.hint.startswith(hint)


def test_an_empty_file_of_campaigns() -> None:
    (issue,) = parse_campaign(b"", "bots/shop/campaigns/c.yaml").issues
    assert issue.code == "S012" and issue.hint == "a campaign begins with `campaign: its_name`"
