"""Translations: what fits is used, what does not is told, whatever the bytes."""

from hypothesis import given
from hypothesis import strategies as st

from trinario.authoring.issue import Severity
from trinario.authoring.parse import parse_flow
from trinario.authoring.translate import Translation, translate

SOURCE = b"""\
flow: a
steps:
  hello: {send: "Hi {{ contact.first_name }}!"}
  many: {send: {text: {one: A plant, other: Plants}, count: now}}
  pick: {ask: Which?, choices: [Red, {title: Blue, value: b}]}
"""
PARSED = parse_flow(SOURCE, "flows/a.yaml")


def po(data: str | bytes) -> Translation:
    assert PARSED.notes is not None
    raw = data.encode() if isinstance(data, str) else data
    return translate(raw, "flows/a.it.po", "it", PARSED.notes, PARSED.file)


def entry(key: str, source: str, text: str) -> str:
    return f'msgctxt "{key}"\nmsgid "{source}"\nmsgstr "{text}"\n\n'


WHOLE = (
    entry("hello.send", "Hi {{ contact.first_name }}!", "Ciao {{ contact.first_name }}!")
    + entry("many.send.text.one", "A plant", "Una pianta")
    + entry("many.send.text.other", "Plants", "Piante")
    + entry("pick.ask", "Which?", "Quale?")
    + entry("pick.choices.0.title", "Red", "Rosso")
    + entry("pick.choices.1.title", "Blue", "Blu")
)


def test_a_whole_translation_has_no_issue() -> None:
    found = po(WHOLE)
    assert found.issues == ()
    assert found.words["pick.choices.0.title"].source == "Rosso"


def test_a_plural_form_of_the_other_language_may_be_added() -> None:
    found = po(WHOLE + entry("many.send.text.many", "Plants", "Tante piante"))
    assert found.issues == () and "many.send.text.many" in found.words


def test_missing_is_a_warning_at_the_text() -> None:
    (issue,) = po(WHOLE.replace(entry("pick.ask", "Which?", "Quale?"), "")).issues
    assert (issue.code, issue.severity, issue.file, issue.line) == ("T061", Severity.WARNING, "flows/a.yaml", 5)
    assert "pick.ask" in issue.message and "flows/a.it.po" in issue.hint


def test_orphaned_is_a_warning_with_the_nearest() -> None:
    (issue,) = po(WHOLE + entry("helo.send", "Hi", "Ciao")).issues
    assert (issue.code, issue.severity, issue.line) == ("T062", Severity.WARNING, 25)
    assert issue.hint == 'did you mean "hello.send"?'


def test_a_changed_source_is_not_used() -> None:
    found = po(WHOLE.replace('msgid "Which?"', 'msgid "What?"'))
    (issue,) = found.issues
    assert issue.code == "T063" and "Which?" in issue.hint and "pick.ask" not in found.words


def test_a_stranger_among_the_placeholders_is_an_error() -> None:
    (issue,) = po(WHOLE.replace("Ciao {{ contact.first_name }}", "Ciao {{ contact.last_name }}")).issues
    assert (issue.code, issue.severity) == ("T064", Severity.ERROR) and "contact.last_name" in issue.message


def test_a_lost_placeholder_is_a_warning() -> None:
    found = po(WHOLE.replace("Ciao {{ contact.first_name }}", "Ciao"))
    assert [(issue.code, issue.severity) for issue in found.issues] == [("T064", Severity.WARNING)]
    assert found.words["hello.send"].source == "Ciao!"


def test_a_broken_expression_is_told() -> None:
    (issue,) = po(WHOLE.replace("Ciao {{ contact.first_name }}", "Ciao {{ contact. }}")).issues
    assert issue.code == "T030" and issue.line == 3


def test_fuzzy_and_empty_count_as_missing() -> None:
    text = WHOLE.replace('msgstr "Quale?"', 'msgstr ""').replace('msgctxt "pick.choices.0.title"',
                         '#, fuzzy\nmsgctxt "pick.choices.0.title"')  # fmt: skip
    assert [issue.code for issue in po(text).issues] == ["T061", "T061"]


def test_no_po_file_at_all() -> None:
    (issue,) = po(b"\xff\xfe rubbish").issues
    assert issue.code == "T060"


@given(st.binary(max_size=400))
def test_bytes_never_raise(data: bytes) -> None:
    po(data)


@given(st.lists(st.sampled_from([*WHOLE.split("\n"), '"', "msgid", "#~", "\\", 'msgid_plural "x"', 'msgstr[1] "y"'])))
def test_lines_in_any_order_never_raise(lines: list[str]) -> None:
    po("\n".join(lines))


def test_obsolete_entries_of_gettext_are_no_fault() -> None:
    assert po(WHOLE + '#, fuzzy\n#~| msgid "Before"\n#~ msgctxt "gone"\n#~ msgid "Now"\n#~ msgstr "Ora"\n').issues == ()


def test_a_language_with_more_forms_wants_them_all() -> None:
    assert PARSED.notes is not None
    found = translate(WHOLE.encode(), "flows/a.pl.po", "pl", PARSED.notes, PARSED.file)
    assert [issue.message for issue in found.issues] == [
        '"many.send.text.few" is not translated into pl', '"many.send.text.many" is not translated into pl',
    ]  # fmt: skip


def test_blanks_are_no_translation() -> None:
    found = po(WHOLE.replace('msgstr "Quale?"', 'msgstr "   "'))
    assert "pick.ask" not in found.words and [issue.code for issue in found.issues] == ["T061"]


def test_a_byte_order_mark_says_nothing() -> None:
    found = po(b"\xef\xbb\xbf" + WHOLE.encode())
    assert found.issues == () and found.words["hello.send"].source.startswith("Ciao")


def test_two_entries_of_one_text_are_told() -> None:
    for other in ("Which?", "What?"):
        found = po(WHOLE + entry("pick.ask", other, "Che cosa?")).issues
        twice = [issue for issue in found if issue.code == "T017"]
        assert [(issue.line, issue.severity) for issue in twice] == [(25, Severity.ERROR)]
        assert "line 13" in twice[0].message
    assert "T017" in {issue.code for issue in po(WHOLE + "#, fuzzy\n" + entry("pick.ask", "Which?", "Che?")).issues}
