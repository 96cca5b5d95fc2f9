"""PO files: read and printed without loss, merged without loss."""

import io

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from trinario.authoring.catalogue import Catalogue, CatalogueFault, Entry, print_catalogue, read_catalogue
from trinario.authoring.parse import parse_flow
from trinario.authoring.translate import translate
from trinario.authoring.translating import Wanted, blank, merged, progress, wanted

TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")) | st.sampled_from('\n\t"\\'), max_size=30)
LINE = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), max_size=20).map(
    lambda text: f" {text}".rstrip()
)
KEY = st.sampled_from(["a.send", "b.send", "b.ask", "c.choices.0.title", "c.choices.1.title"])
SOURCE = st.sampled_from(["Hello", "Bye", "Two\nlines", 'A "word"', "Plants"])


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    text = draw(TEXT)
    fuzzy = bool(text) and draw(st.booleans())
    return Entry(
        draw(KEY), draw(SOURCE), text, tuple(draw(st.lists(LINE, max_size=2))), (), (), ("fuzzy",) if fuzzy else (),
        draw(SOURCE) if fuzzy else None, draw(st.booleans()),
    )  # fmt: skip


CATALOGUES = st.lists(entries(), max_size=6).map(lambda found: Catalogue(blank("it").head, tuple(found)))
TEXTS = st.dictionaries(KEY, SOURCE, max_size=5).map(
    lambda found: [Wanted(key, source, line, "a hint") for line, (key, source) in enumerate(found.items(), 1)]
)


@given(CATALOGUES)
def test_what_is_printed_is_read_again(catalogue: Catalogue) -> None:
    assert read_catalogue(print_catalogue(catalogue)) == catalogue


@given(CATALOGUES)
def test_babel_reads_the_same(catalogue: Catalogue) -> None:
    found = read_po(io.BytesIO(print_catalogue(catalogue).encode()), abort_invalid=True, charset="utf-8")
    live = {(entry.key, entry.source): entry.text for entry in catalogue.entries if not entry.obsolete}
    read = {(one.context, one.id): one.string for one in found if one.id}
    assert read.keys() == live.keys()
    if len(live) == sum(not entry.obsolete for entry in catalogue.entries):
        assert read == live


@given(CATALOGUES, TEXTS)
def test_merging_twice_is_merging_once(catalogue: Catalogue, texts: list[Wanted]) -> None:
    once = merged(catalogue, texts, "f.yaml")
    assert merged(once, texts, "f.yaml") == once
    assert merged(read_catalogue(print_catalogue(once)), texts, "f.yaml") == once


@given(CATALOGUES, TEXTS, TEXTS)
def test_merging_loses_nothing_of_a_translator(catalogue: Catalogue, one: list[Wanted], other: list[Wanted]) -> None:
    after = merged(merged(catalogue, one, "f.yaml"), other, "f.yaml").entries
    assert {entry.text for entry in catalogue.entries if entry.text} <= {entry.text for entry in after}
    comments = {comment for entry in after for comment in entry.comments}
    assert {comment for entry in catalogue.entries for comment in entry.comments} <= comments


@given(CATALOGUES, TEXTS)
def test_after_a_merge_every_text_has_one_entry(catalogue: Catalogue, texts: list[Wanted]) -> None:
    found = [(entry.key, entry.source) for entry in merged(catalogue, texts, "f.yaml").entries if not entry.obsolete]
    assert found == [(one.key, one.source) for one in texts]


def file(*found: Entry) -> Catalogue:
    return Catalogue(blank("it").head, found)


def test_a_changed_text_is_fuzzy_with_the_source_before() -> None:
    once = merged(file(Entry("a.send", "Hello", "Ciao")), [Wanted("a.send", "Hi", 3, "x")], "f.yaml")
    (entry,) = once.entries
    assert (entry.text, entry.flags, entry.previous) == ("Ciao", ("fuzzy",), "Hello")
    (again,) = merged(once, [Wanted("a.send", "Hey", 3, "x")], "f.yaml").entries
    assert (again.source, again.previous) == ("Hey", "Hello")
    assert '#, fuzzy\n#| msgid "Hello"\nmsgctxt "a.send"' in print_catalogue(once)


def test_a_choice_put_in_first_moves_the_others_with_their_translations() -> None:
    before = file(Entry("q.choices.0.title", "Plants", "Piante"), Entry("q.choices.1.title", "Tools", "Attrezzi"))
    now = [
        Wanted(f"q.choices.{number}.title", title, 1, "") for number, title in enumerate(("Seeds", "Plants", "Tools"))
    ]
    assert [(one.text, one.fuzzy) for one in merged(before, now, "f.yaml").entries] == [
        ("", False), ("Piante", False), ("Attrezzi", False),
    ]  # fmt: skip


def test_a_renamed_step_keeps_its_translation() -> None:
    (entry,) = merged(file(Entry("old.ask", "Who?", "Chi?")), [Wanted("new.ask", "Who?", 1, "")], "f.yaml").entries
    assert (entry.key, entry.text, entry.fuzzy) == ("new.ask", "Chi?", False)


def test_what_lost_its_text_is_obsolete_and_comes_back() -> None:
    gone = merged(file(Entry("a.send", "Hello", "Ciao", (" mine",))), [], "f.yaml")
    assert '# mine\n#~ msgctxt "a.send"\n#~ msgid "Hello"\n#~ msgstr "Ciao"\n' in print_catalogue(gone)
    (back,) = merged(gone, [Wanted("a.send", "Hello", 1, "")], "f.yaml").entries
    assert (back.text, back.comments, back.obsolete) == ("Ciao", (" mine",), False)


def test_what_nobody_translated_is_dropped() -> None:
    assert merged(file(Entry("a.send", "Hello")), [], "f.yaml").entries == ()


def test_foreign_files_keep_their_head_and_wrapped_texts() -> None:
    text = '# By Carla\nmsgid ""\nmsgstr ""\n"X-Generator: Poedit\\n"\n\n#, c-format\nmsgctxt "a"\nmsgid ""\n"Hel"\n"lo"\nmsgstr "Ciao"\n# last words\n'
    found = read_catalogue(text.replace("\n", "\r\n"))
    assert found.head is not None and found.head.comments == (" By Carla",)
    assert found.entries[0].source == "Hello" and found.entries[0].flags == ("c-format",)
    assert found.tail == (" last words",)
    assert "X-Generator: Poedit" in print_catalogue(merged(found, [], "f.yaml"))


@pytest.mark.parametrize("text, line", [
    ('msgid "a\nmsgstr "b"\n', 1),
    ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n', 2),
    ('msgid "a"\nnonsense\n', 2),
    ('"alone"\n', 1),
    ('msgid "a"\nmsgid "b"\n', 2),
])  # fmt: skip
def test_faults_have_their_line(text: str, line: int) -> None:
    with pytest.raises(CatalogueFault) as fault:
        read_catalogue(text)
    assert fault.value.line == line


FLOW = b"""\
flow: a
steps:
  hello: {send: {text: {one: A plant, other: Plants}, count: now}}
  pick: {ask: Which?, choices: [Red, {title: Blue, value: b}], error: "No."}
"""


def test_each_language_has_its_own_plural_forms() -> None:
    notes = parse_flow(FLOW, "flows/a.yaml").notes
    assert notes is not None
    forms = {
        name: [one.key for one in wanted(notes, name) if one.key.startswith("hello")] for name in ("", "it", "pl", "ja")
    }
    assert forms[""] == forms["it"] == ["hello.send.text.one", "hello.send.text.other"]
    assert forms["pl"] == [f"hello.send.text.{form}" for form in ("one", "few", "many", "other")]
    assert forms["ja"] == ["hello.send.text.other"]
    assert [one.source for one in wanted(notes, "pl")][:4] == ["A plant", "Plants", "Plants", "Plants"]


@pytest.mark.parametrize("language", ["it", "pl", "ja", "ar"])
def test_what_is_merged_and_translated_is_all_that_the_check_wants(language: str) -> None:
    parsed = parse_flow(FLOW, "flows/a.yaml")
    assert parsed.notes is not None
    texts = wanted(parsed.notes, language)
    empty = merged(blank(language), texts, "a.yaml")
    whole = Catalogue(empty.head, tuple(Entry(one.key, one.source, "x") for one in empty.entries))
    data = print_catalogue(whole).encode()
    assert translate(data, f"flows/a.{language}.po", language, parsed.notes, parsed.file).issues == ()
    none = translate(print_catalogue(empty).encode(), f"flows/a.{language}.po", language, parsed.notes, parsed.file)
    assert [issue.code for issue in none.issues] == ["T061"] * len(texts)
    assert progress(whole, texts, ()).translated == tuple(one.key for one in texts)


def test_progress_sorts_by_what_is_to_be_done() -> None:
    found = file(
        Entry("a", "A", "x"),
        Entry("b", "old", "x"),
        Entry("c", "C", " "),
        Entry("z", "Z", "x"),
        Entry("form", "F", "x"),
    )
    asked = [Wanted(key, key.upper(), 1, "") for key in "abcd"]
    state = progress(found, asked, ["form"])
    assert (state.translated, state.changed, state.missing, state.orphaned) == (("a",), ("b",), ("c", "d"), ("z",))


def test_hints_tell_where_a_text_is_said() -> None:
    notes = parse_flow(FLOW, "flows/a.yaml").notes
    assert notes is not None
    hints = {one.key: one.hint for one in wanted(notes, "it")}
    assert hints["pick.error"] == "step pick: error, said to a wrong answer"
    assert hints["hello.send.text.one"] == "step hello: send, for numbers of the form `one`"
    assert "a title: keep it short" in hints["pick.choices.1.title"]
