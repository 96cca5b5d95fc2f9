"""Choices, defaults and words that mean two things, in every language of a bot."""

import pytest

from tests.unit.authoring.test_check import BOTH, check, steps
from trinario.authoring.issue import Issue


def po(*pairs: tuple[str, str, str]) -> str:
    return "\n\n".join(f'msgctxt "{key}"\nmsgid "{source}"\nmsgstr "{text}"' for key, source, text in pairs) + "\n"


def told(code: str, *flows: str, bot: str = BOTH, words: str = "") -> list[Issue]:
    return [issue for issue in check(*flows, bot=bot, po=words) if issue.code == code]


@pytest.mark.parametrize("titles", ["[Red, Red!]", "[Café, cafe]", "['Go  on', go-on]", "['🌱 Plants', Plants]"])
def test_titles_are_compared_as_they_are_understood(titles: str) -> None:
    assert len(told("T113", steps(f"q: {{ask: A?, choices: {titles}}}"))) == 1
    assert told("T113", steps("q: {ask: A?, choices: ['👍', '👎']}")) == []


def test_titles_are_alike_in_one_language_only() -> None:
    words = po(("q.choices.0.title", "Red", "Rosso"), ("q.choices.1.title", "Ruby", "rosso!"))
    (issue,) = told("T113", steps("q: {ask: A?, choices: [Red, Ruby]}"), words=words)
    assert "in it" in issue.message and '"rosso!"' in issue.message and '"Red"' in issue.message
    assert "flows/0.it.po" in issue.hint and issue.excerpt[issue.column - 1 :].startswith("Ruby")


def test_a_translated_stop_word_names_its_file() -> None:
    (issue,) = told(
        "T114", steps("q: {ask: A?, choices: [Go, Enough]}"), words=po(("q.choices.1.title", "Enough", "Basta"))
    )
    assert "in it" in issue.message and "flows/0.it.po" in issue.hint
    (issue,) = told("T114", steps("q: {ask: A?, choices: [Go, Stop]}"))
    assert ".po" not in issue.hint


@pytest.mark.parametrize(("one", "two", "clash"), [
    ("page", "messenger", True), ("whatsapp", "messenger", False), ("page", "whatsapp", False), ("page", "page", True),
])  # fmt: skip
def test_a_channel_and_its_platform_tie(one: str, two: str, clash: bool) -> None:
    flows = [
        f"flow: {name}\ntriggers: [{{keyword: info, channels: [{where}]}}]\nsteps:\n  s: {{send: Hi}}\n"
        for name, where in (("a", one), ("b", two))
    ]
    assert bool(told("T115", *flows)) is clash


@pytest.mark.parametrize(("ask", "good"), [
    ("type: number, default: unknown", False), ("type: number, default: '12'", True),
    ("type: number, min: 5, default: '2'", False), ("type: email, default: nobody", False),
    ("type: date, default: never", False), ("type: date, default: tomorrow", True),
    ("type: date, min: 2027-01-01, default: 2027-02-01", True), ("type: duration, default: 2h", True),
    ("type: yes_no, default: perhaps", False), ("type: yes_no, default: sì", True), ("type: nps, default: '11'", False),
    ("choices: [Red, Blue], default: Green", False), ("choices: [Red, Blue], default: red", True),
    ("choices: [{title: Red, value: r}, Blue], default: r", True), ("choices: [{title: Red, value: 1}, Blue], default: 1", True),
    ("type: multi_choice, choices: [Red, Blue], default: 'Red, Blue'", True), ("type: text, default: none", True),
    ("type: number, default: '{{ fields.x }}'", True), ("type: location, default: nowhere", False),
    ("type: phone, default: '+39 333 1234567'", True), ("type: number, min: '{{ fields.x }}', default: '3'", True),
])  # fmt: skip
def test_a_default_is_an_answer(ask: str, good: bool) -> None:
    found = told("T021", steps(f"q: {{ask: A?, timeout: 2h, {ask}}}"))
    assert (found == []) is good, found


def test_nothing_is_told_in_order() -> None:
    (issue,) = told("T022", steps("s: {send: ''}"))
    assert issue.message == "there is nothing here" and issue.hint.startswith("behind the colon belongs a text")


@pytest.mark.parametrize(("pattern", "text", "fault"), [
    ("late", "You chose {{ chosen }}, {{ contact.first_name }}", ""), ("help", "{{ chosen }}", "chosen"),
    ("help", "Hi {{ contact.fist_name }}", "fist_name"), ("stop", "Bye {{ fields.nme }}", "nme"),
    ("stop", "Bye {{ fields.x }}", ""), ("help", "{{ answers.q }}", "answers"), ("error", "{{ vars.n }}", "vars"),
    ("error.number_range", "{{ min }} to {{ max }}", ""), ("error.number_min", "{{ max }}", "max"),
    ("switch.text", "See you on {{ channel }}", ""), ("switch.done", "{{ fields.x }}", "fields"),
    ("switch.confirm", "{{ name }} {{ contact.first_name }}", ""),
])  # fmt: skip
@pytest.mark.parametrize("form", ['"{}"', '{{it: Ciao, en: "{}"}}'])
def test_names_in_the_texts_of_the_bot(pattern: str, text: str, fault: str, form: str) -> None:
    bot = BOTH + f"patterns: {{{pattern}: {{text: {form.format(text)}}}}}\n"
    found = told("T031", steps("s: {send: Hi}"), bot=bot)
    assert [issue.excerpt[issue.column - 1 : issue.end_column - 1] for issue in found] == ([fault] if fault else [])


def test_names_in_the_template_of_the_bot() -> None:
    text = 'delivery: {{template: {{name: t, params: {{a: "{{{{ {} }}}}"}}}}}}\n'
    for name, good in (("contact.first_name", True), ("vars.n", True), ("fields.nope", False)):
        assert (told("T031", steps("s: {send: Hi}"), bot=BOTH + text.format(name)) == []) is good
