"""templates.yaml: what is read, what Meta would refuse, and calls that do not fit."""

from pathlib import Path
from typing import Any

import pytest

from trinario.authoring.check import check_bot
from trinario.authoring.load import load_project
from trinario.authoring.parse_templates import parse_templates
from trinario.model.template import DeclaredButton, DeclaredHeader, TemplateSpec, TemplateWords
from trinario.runtime.build import LIMITS, WINDOWS

GOOD = """
templates:
  spring:
    category: marketing
    params: [name]
    languages:
      en: {body: "Hi {{name}}, spring is here.", header: Spring, footer: Lucky Garden,
        buttons: [{url: "https://shop.example/spring", title: See it}, {phone: "+390651234567", title: Call}, {reply: Stop}]}
      pt_BR: {body: "Oi {{ name }}, a primavera chegou.", header: {image: "https://shop.example/spring.jpg"}}
  sign_in:
    category: authentication
    params: [code]
    languages: {en: {body: "{{code}} is your code.", buttons: [{code: "{{code}}"}]}}
"""


def issues(text: str) -> list[tuple[str, str]]:
    return [(issue.code, issue.message) for issue in parse_templates(text.encode(), "templates.yaml").issues]


def one(words: str, *, category: str = "utility", params: str = "[name]") -> str:
    return f"templates:\n  t:\n    category: {category}\n    params: {params}\n    languages:\n      en: {words}\n"


def test_what_is_read() -> None:
    parsed = parse_templates(GOOD.encode(), "templates.yaml")

    assert not parsed.issues
    assert list(parsed.templates) == ["spring", "sign_in"]
    buttons = (
        DeclaredButton("url", "See it", "https://shop.example/spring"),
        DeclaredButton("phone", "Call", "+390651234567"),
        DeclaredButton("reply", "Stop"),
    )
    header = DeclaredHeader("image", "https://shop.example/spring.jpg")
    assert parsed.templates["spring"] == TemplateSpec(
        "spring",
        "marketing",
        ("name",),
        {
            "en": TemplateWords(
                "Hi {{name}}, spring is here.", DeclaredHeader("text", "Spring"), "Lucky Garden", buttons
            ),
            "pt-BR": TemplateWords("Oi {{ name }}, a primavera chegou.", header),
        },
    )


HI = "body: 'Hi {{name}}, hello.'"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("{body: '{{name}}, hello.'}", "its words begin or end with a place"),
        ("{body: 'Hello {{name}}'}", "its words begin or end with a place"),
        ("{body: 'Hi {{name}} {{name}}.'}", "two places stand side by side"),
        ("{body: 'Hi {{nme}}.'}", '"nme" is not among its params'),
        ("{body: 'Hi {{ name | upper }}.'}", "{{ name | upper }} is no place"),
        ("{body: Hello.}", 'its place "name" stands in no text'),
        ("{body: '" + "x" * 1025 + "{{name}}.'}", "its body has 1034 characters"),
        ("{HI, header: '{{name}} and {{name}} " + "x" * 60 + "'}", "its header has"),
        ("{HI, footer: 'for {{name}} only'}", "a footer has no places"),
        ("{HI, footer: " + "x" * 61 + "}", "its footer has 61 characters"),
        ("{HI, buttons: [{reply: " + "x" * 26 + "}]}", "has 26 characters"),
        ("{HI, buttons: [{reply: A}, {reply: A}]}", 'two buttons say "A"'),
        ("{HI, buttons: [{reply: A}, {phone: '+390651', title: C}, {reply: B}]}", "its replies do not stand together"),
        ("{HI, buttons: [{url: 'https://a.example/0', title: T0}, {url: 'https://a.example/1', title: T1},"
         " {url: 'https://a.example/2', title: T2}]}",
         "it has 3 buttons of the kind url"),
        ("{HI, buttons: [" + ", ".join(f"{{reply: R{number}}}" for number in range(11)) + "]}", "it has 11 buttons"),
        ("{HI, buttons: [{url: 'https://a.example/{{name}}/x', title: T}]}", "the place of an address stands at its end"),
        ("{HI, buttons: [{code: ABCDEFGHIJKLMNOP}]}", "the code ABCDEFGHIJKLMNOP has 16 characters"),
    ],
)  # fmt: skip
def test_what_meta_refuses(words: str, message: str) -> None:
    found = issues(one(words.replace("HI", HI, 1)))
    assert list(dict.fromkeys(code for code, _ in found)) == ["T150"]
    assert any(message in told for _, told in found), found


@pytest.mark.parametrize(
    "words",
    [
        "{body: '{{code}} is it.'}",
        "{body: 'It is {{code}}.', buttons: [{code: '{{code}}'}], footer: Bye}",
        "{body: 'It is a code.', buttons: [{code: '{{code}}'}]}",
    ],
)
def test_a_code_to_sign_in_has_a_form_of_its_own(words: str) -> None:
    assert {code for code, _ in issues(one(words, category="authentication", params="[code]"))} == {"T150"}


@pytest.mark.parametrize(
    ("words", "category", "message"),
    [
        ("{body: Hi., header: Hello, buttons: [{reply: A}, {url: 'https://a.example/x', title: T}]}", "utility", ""),
        ("{body: Hi.}", "marketing", "Messenger takes utility messages only"),
        ("{body: Hi., buttons: [{phone: '+390651', title: C}]}", "utility", "its buttons in en cannot be had"),
        ("{body: Hi., header: {image: 'https://a.example/x.png'}}", "utility", "its image in en cannot be had"),
        (
            "{body: Hi., header: {location: {latitude: '1', longitude: '2'}}}",
            "utility",
            "its location in en cannot be had",
        ),
    ],
)
def test_what_messenger_has_of_templates(words: str, category: str, message: str) -> None:
    text = one(words, category=category, params="[]").replace("params: []", "channels: [whatsapp, messenger]")
    found = issues(text)
    assert all(code == "T150" for code, _ in found) and bool(found) is bool(message)
    assert not message or message in found[0][1]


BILL = """
templates:
  spring:
    category: marketing
    params: [file, code]
    languages:
      en: {body: Spring is here., header: {image: "{{file}}"}, buttons: [{code: "{{code}}"}]}
"""


@pytest.mark.parametrize(
    ("params", "codes"),
    [
        ("{file: 'https://shop.example/x.png', code: ABCDEFGHIJKLMNO}", []),
        ("{file: '{{ fields.nothing or 1 }}', code: '{{ contact.first_name }}'}", []),
        ("{file: lost.png, code: A}", ["T049"]),
        ("{file: 'https://shop.example/x.png', code: ABCDEFGHIJKLMNOP}", ["T110"]),
    ],
)
def test_values_that_stand_there_fit(tmp_path: Path, params: str, codes: list[str]) -> None:
    found = checked(tmp_path, f"{{name: spring, params: {params}}}", templates=BILL)
    assert [code for code, _, _ in found] == codes


@pytest.mark.parametrize(("name", "code"), [("lost.png", "T049"), ("x.gif", "T112"), ("x.png", "")])
def test_a_file_above_a_template_is_there_and_fits(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "bots/b/media").mkdir(parents=True)
    for there in ("x.gif", "x.png"):
        (tmp_path / "bots/b/media" / there).write_bytes(b"a picture")
    words = f"{{body: Spring is here., header: {{image: {name}}}}}"
    text = one(words, category="marketing", params="[]").replace("  t:", "  spring:")
    found = checked(tmp_path, "{name: spring}", templates=text)
    assert [(code, line) for code, line, _ in found] == ([(code, 6)] if code else [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("templates: {Spring: {category: utility, languages: {en: {body: Hi.}}}}", "T021"),
        (one("{body: Hi., header: {image: 'https://a.example/x', video: 'https://a.example/x'}}", params="[]"), "T015"),
        (one("{body: Hi., header: {image: 'http://a.example/x'}}", params="[]"), "T021"),
        (one("{body: Hi., buttons: [{url: 'https://a.example/x'}]}", params="[]"), "T014"),
        (one("{body: Hi., buttons: [{link: 'https://a.example/x'}]}", params="[]"), "T016"),
        (one("{body: Hi.}", category="promo", params="[]"), "T021"),
        ("templates: {t: {category: utility}}", "T014"),
        ("- x", "T020"),
    ],
)
def test_forms(text: str, code: str) -> None:
    assert {found for found, _ in issues(text)} == {code}


# ---- calls

BOT = """
bot: b
locale: en
timezone: UTC
flows: [f]
channels: {wa: {platform: whatsapp, phone_number_id: "1", phone: "+1", waba_id: "2", access_token: t, app_secret: s, verify_token: v}}
"""


def checked(tmp_path: Path, send: str, *, purpose: str = "marketing", templates: str | None = GOOD, locale: str = "en",
            top: str = "") -> list[tuple[str, int, str]]:  # fmt: skip
    (tmp_path / "bots/b").mkdir(parents=True, exist_ok=True)
    (tmp_path / "flows").mkdir()
    (tmp_path / "bots/b/bot.yaml").write_text(BOT.replace("locale: en", f"locale: {locale}"))
    if templates is not None:
        (tmp_path / "bots/b/templates.yaml").write_text(templates)
    triggers = "triggers: [{keyword: go}]"
    (tmp_path / "flows/f.yaml").write_text(
        f"flow: f\npurpose: {purpose}\n{triggers}\n{top}\nsteps:\n  x:\n    send:\n      template:\n        {send}\n"
    )
    project = load_project(tmp_path, None, {})
    return [
        (one.code, one.line, one.message)
        for one in check_bot(project, LIMITS, WINDOWS)
        if one.code[:3] in ("T04", "T15") or one.code in ("T110", "T112")
    ]


def test_a_call_that_fits(tmp_path: Path) -> None:
    assert checked(tmp_path, '{name: spring, params: {name: "{{ contact.first_name }}"}}') == []


@pytest.mark.parametrize(
    ("send", "more", "code", "message"),
    [
        ("{name: sprin, params: {name: x}}", {}, "T048", 'there is no template "sprin"'),
        ("{name: spring, params: {name: x}}", {"templates": None}, "T048", 'there is no template "spring"'),
        ("{name: spring}", {}, "T151", "needs name"),
        ("{name: spring, params: {name: x, day: y}}", {}, "T151", 'has no place "day"'),
        ("{name: spring, language: it, params: {name: x}}", {}, "T151", "has no words in it"),
        ("{name: spring, params: {name: x}}", {"locale": "de"}, "T151", "has no words in de, the language of the bot"),
        (
            "{name: spring, params: {name: x}}",
            {"purpose": "service"},
            "T152",
            "is for marketing, and the flow for service",
        ),
        ("{name: sign_in, params: {code: x}}", {}, "T152", "is for authentication, and the flow for marketing"),
    ],
)
def test_calls_that_do_not_fit(tmp_path: Path, send: str, more: dict[str, Any], code: str, message: str) -> None:
    ((found, line, told),) = checked(tmp_path, send, **more)
    assert (found, line) == (code, 9)
    assert message in told


def test_a_template_of_the_flow_is_looked_at_too(tmp_path: Path) -> None:
    top = "delivery: {template: {name: sprng, params: {name: x}}}"
    ((code, line, _),) = checked(tmp_path, "{name: spring, params: {name: x}}", top=top)
    assert (code, line) == ("T048", 4)


def test_a_template_with_faults_is_not_called_unknown(tmp_path: Path) -> None:
    broken = GOOD.replace("Hi {{name}}, spring", "{{name}}, spring")
    assert [code for code, _, _ in checked(tmp_path, "{name: spring, params: {name: x}}", templates=broken)] == ["T150"]


# ---- templates that bring a code

CODE = """flow: f
purpose: {purpose}
triggers: [{{keyword: go}}]
steps:
  n: {{ask: Number?, type: phone}}
  x:
    ask: Code?
    type: otp
    phone: {phone}
    template: {name}
"""
PAGE = BOT.replace("wa: {platform: whatsapp, phone_number_id: \"1\", phone: \"+1\", waba_id: \"2\", ",
                   "page: {platform: messenger, page_id: \"1\", page_name: shop, ")  # fmt: skip
HERS = '"{{ answers.n }}"'


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, []),
        ({"purpose": "marketing"}, []),
        ({"name": "spring"}, [("T153", 10)]),
        ({"name": "sign_up"}, [("T048", 10)]),
        ({"phone": '"+393331234567"'}, [("T153", 9)]),
        ({"bot": PAGE}, [("T153", 8)]),
        ({"bot": BOT.replace("locale: en", "locale: de")}, [("T151", 10)]),
    ],
)
def test_a_code_goes_by_an_authentication_template_to_the_number_that_she_named(
    tmp_path: Path, more: dict[str, str], found: list[tuple[str, int]]
) -> None:
    values = {"purpose": "service", "phone": HERS, "name": "sign_in", "bot": BOT, **more}
    (tmp_path / "bots/b").mkdir(parents=True)
    (tmp_path / "flows").mkdir()
    (tmp_path / "bots/b/bot.yaml").write_text(values.pop("bot"))
    (tmp_path / "bots/b/templates.yaml").write_text(GOOD)
    (tmp_path / "flows/f.yaml").write_text(CODE.format(**values))
    issues = check_bot(load_project(tmp_path, None, {}), LIMITS, WINDOWS)
    assert [(one.code, one.line) for one in issues if one.code[:3] in ("T04", "T15")] == found
