"""Strict YAML: what is read, what is refused and in which words; bombs; any bytes at all."""

import resource

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import cost
from trinario.authoring.issue import Issue, Place, Severity
from trinario.authoring.source import Document, Mapping, Node, Scalar, Sequence, read_source

FLOW = """\
# yaml-language-server: $schema=flow.json
flow: lead_capture               # a remark
vars: {tries: 0}
steps:
  hello:
    send: "Hi {{ contact.first_name or 'there' }}! Three questions."
  interest:
    ask: What are you after?
    choices: [Plants, Yes, No, 0123, 10:00]
    phone: +33612345678
    on_timeout: &where thanks
    on_invalid: *where
  thanks:
    send: |
      Thank you!
        {{ globals.catalogue }}
    note: >-
      one
      two {{ x }}
"""


def plain(node: Node) -> object:
    match node:
        case Scalar(text=text):
            return text
        case Sequence(items=items):
            return [plain(item) for item in items]
        case Mapping(pairs=pairs):
            return {key.text: plain(value) for key, value in pairs}


def good(text: str) -> Document:
    document = read_source(text.encode(), "f.yaml")
    assert isinstance(document, Document), document
    return document


def bad(text: str | bytes) -> list[Issue]:
    issues = read_source(text.encode() if isinstance(text, str) else text, "f.yaml")
    assert isinstance(issues, list)
    assert issues and all(issue.message for issue in issues) and issues == sorted(issues)
    return issues


def test_every_scalar_keeps_its_text_and_place() -> None:
    root = good(FLOW).root
    assert isinstance(root, Mapping)
    steps = root.get("steps")
    assert isinstance(steps, Mapping)
    assert plain(steps) == {
        "hello": {"send": "Hi {{ contact.first_name or 'there' }}! Three questions."},
        "interest": {
            "ask": "What are you after?", "choices": ["Plants", "Yes", "No", "0123", "10:00"], "phone": "+33612345678",
            "on_timeout": "thanks", "on_invalid": "thanks",
        },
        "thanks": {"send": "Thank you!\n  {{ globals.catalogue }}\n", "note": "one two {{ x }}"},
    }  # fmt: skip
    interest = steps.get("interest")
    assert isinstance(interest, Mapping)
    choices, where = interest.get("choices"), interest.get("on_timeout")
    assert isinstance(choices, Sequence) and isinstance(where, Scalar)
    assert choices.items[1] == Scalar("Yes", Place("f.yaml", 9, 23, 9, 26))
    assert choices.place == Place("f.yaml", 9, 14, 9, 44)
    assert where.place == Place("f.yaml", 11, 24, 11, 30)
    assert interest.place.end_line == 12
    assert root.get("nothing") is None
    key = root.key("vars")
    assert key is not None and key.place.line == 3


def test_quoted_and_empty() -> None:
    root = good("a: \"\"\nb:\nc: ~\nd: 'null'\ne: null\n").root
    assert isinstance(root, Mapping)
    values = [value for _, value in root.pairs if isinstance(value, Scalar)]
    assert [value.is_empty for value in values] == [False, True, True, False, True]
    assert [value.quoted for value in values] == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("word", "line", "column"), [("contact", 6, 18), ("globals", 16, 12), ("x }}", 19, 14), ("Thank", 15, 7)]
)
def test_a_place_within_a_text(word: str, line: int, column: int) -> None:
    document = good(FLOW)

    def scalars(node: Node) -> list[Scalar]:
        match node:
            case Scalar():
                return [node]
            case Sequence(items=items):
                return [each for item in items for each in scalars(item)]
            case Mapping(pairs=pairs):
                return [each for _, value in pairs for each in scalars(value)]

    (scalar,) = (each for each in scalars(document.root) if word in each.text)
    place = document.within(scalar, scalar.text.index(word), len(word))
    assert (place.line, place.column, place.end_column) == (line, column, column + len(word))
    assert document.excerpt(line)[column - 1 :].startswith(word)


# the text, the code, line and column of its first issue, and words of message or hint
FAULTS: list[tuple[str | bytes, str, int, int, str]] = [
    ("a: *Ciao* x", "S013", 1, 4, 'write: a: "*Ciao* x"'),
    ("a: *ciao", "S013", 1, 4, 'write: a: "*ciao"'),
    ("a: {{ x }}", "S013", 1, 4, 'write: a: "{{ x }}"'),
    ("a: {{ x }} said \"no\"", "S013", 1, 4, "write: a: '{{ x }} said \"no\"'"),
    ("a: {{ x | upper }}, y  # why", "S013", 1, 4, 'write: a: "{{ x | upper }}, y"  # why'),
    ("a: [{{ x }}, b]", "S013", 1, 5, 'write: a: ["{{ x }}", b]'),
    ("a: {% if x %}y{% endif %}", "S013", 1, 4, 'write: a: "{% if x %}y{% endif %}"'),
    ("- @ana: hello", "S013", 1, 3, 'write: - "@ana: hello"'),
    ("a: %x", "S013", 1, 4, 'write: a: "%x"'),
    ("a: &Ciao tutti", "S013", 1, 4, 'write: a: "&Ciao tutti"'),
    ("a: !Ciao tutti", "S013", 1, 4, 'write: a: "!Ciao tutti"'),
    ("a: `x`", "S013", 1, 4, "a backtick"),
    ("a: [b, *c*, d]", "S013", 1, 8, 'write: a: [b, "*c*", d]'),
    ("a: - b", "S013", 1, 4, 'write: a: "- b"'),
    ("a: >x", "S013", 1, 4, 'write: a: ">x"'),
    ("a: Hours: 9 to 5", "S014", 1, 9, 'write: a: "Hours: 9 to 5"'),
    ("a: Choose one:\nb: 2", "S014", 1, 14, 'write: a: "Choose one:"'),
    ("a: {text: Hi: you}", "S014", 1, 13, 'write: a: {text: "Hi: you"}'),
    ("a:\n\tb: 1", "S009", 2, 1, "spaces"),
    ("a:\n  \tb: 1", "S009", 2, 1, "spaces"),
    ("a: 1\n\nb: 2\na: 3", "S006", 4, 1, '"a" stands twice, first on line 1, column 1'),
    ("a: {b: 1, b: 2}", "S006", 1, 11, "first on line 1, column 5"),
    ("a: !!python/object:os.system x", "S007", 1, 4, "python/object"),
    ("a: !!int 3", "S007", 1, 4, "int"),
    ("a: 1\n---\nb: 2", "S008", 2, 1, "second document"),
    ("x: &x {a: b}\ny:\n  <<: *x", "S010", 3, 3, "write the keys out"),
    ("%YAML 1.1\n---\na: 1", "S011", 1, 1, "directive"),
    ("%what\na: 1", "S011", 1, 1, "directive"),
    ("", "S012", 0, 0, "empty"),
    ("# only a remark\n", "S012", 0, 0, "empty"),
    ("send:Hello\nnext: x", "S015", 1, 6, "write: send: Hello"),
    ("a: 1\nfoo\nb: 2", "S015", 2, 1, "no colon"),
    ("a:\n  b: 1\n c: 2", "S015", 3, 2, "it has 1 spaces before it, line 2 has 2"),
    ("a: b\n  c: d", "S015", 2, 3, "part of the value above"),
    ("a: [1, 2\nb: 3", "S015", 1, 4, "write: a: [1, 2]"),
    ("- a\nb: 1", "S015", 2, 1, "missing its `-`"),
    ('a: "x', "S016", 1, 4, 'write: a: "x"'),
    ('a: "x\nb: "y"', "S016", 1, 4, "never closed"),
    ('a: "Hi" she said', "S016", 1, 8, "write: a: '\"Hi\" she said'"),
    ('a: "\\d+"', "S016", 1, 5, 'write: a: "\\\\d+"'),
    ("a: 'don't stop'", "S016", 1, 9, "write: a: \"don't stop\""),
    ("a: [Yes, No", "S015", 1, 4, "write: a: [Yes, No]"),
    ("a: b\n- c", "S015", 2, 1, "among keys"),
    ('"a"\nb: 1', "S015", 2, 1, "does not belong"),
    ("? [a]\n: b", "S017", 1, 3, "plain text"),
    ("a: x\0y", "S002", 1, 5, "NUL"),
    ("a: \ufeffx", "S002", 1, 4, "U+FEFF"),
    (b"a: caf\xe9\nb: x", "S001", 1, 7, "0xe9"),
    ("a: x".encode("utf-16"), "S001", 0, 0, "UTF-16"),
    (b"x" * (1024 * 1024 + 1), "S003", 0, 0, "1 MiB"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "column", "words"), FAULTS)
def test_a_fault_in_an_authors_words(text: str | bytes, code: str, line: int, column: int, words: str) -> None:
    first = bad(text)[0]
    assert (first.code, first.line, first.column) == (code, line, column)
    assert words in f"{first.message} {first.hint}"


def test_a_mended_line_is_right() -> None:
    for text, code, *_ in FAULTS:
        (first, *_) = bad(text)
        if first.hint.startswith("write: ") and isinstance(text, str) and text.count("\n") == 0:
            assert isinstance(read_source(first.hint.removeprefix("write: ").encode(), "f"), Document), (text, code)


def test_all_faults_at_once() -> None:
    text = "a: *x*\nb: {{ y }}\nc: Hi: you\nd: 1\nd: 2\ne: !!int 3\nf: @z\n<<: q\n"
    found = [(issue.code, issue.line) for issue in bad(text)]
    assert found == [("S013", 1), ("S013", 2), ("S014", 3), ("S006", 5), ("S007", 6), ("S013", 7), ("S010", 8)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: Take part #spring", "S020"),
        ("a: x # a remark", ""),
        ("a: x  #remark", ""),
        ("a: 'x' #remark", ""),
        ("a: x#1", ""),
        ("a: [€1,000]", "S021"),
        ("a: [€1, 000]", ""),
        ("a: ['1','000']", ""),
        ("a: [1,2000]", ""),
        ("a: [100,200]", "S021"),
    ],
)
def test_what_yaml_takes_silently_is_a_warning(text: str, code: str) -> None:
    warnings = good(text).warnings
    assert [issue.code for issue in warnings] == [code] * bool(code)
    assert all(issue.severity is Severity.WARNING for issue in warnings)


def test_aliases_are_counted_as_what_they_repeat() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    assert [issue.code for issue in bad(bomb)] == ["S005"]
    deep = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 40))
    assert [issue.code for issue in bad(deep)] == ["S004"]
    assert bad("a: &a [*a]")[0].code == "S013"


MIB = 1 << 20
BOMBS = {
    "brackets": "[" * 100_000,
    "braces": "{" * 100_000,
    "mixed": "[{" * 100_000,
    "keys": "{a: " * 100_000,
    "dashes": "- " * 100_000,
    "questions": "? " * 100_000,
    "colons": ":" * 100_000,
    "indents": "\n".join(" " * n + "a:" for n in range(1400)),
    "plain": "x" * MIB,
    "quote": '"' + "x" * (MIB - 1),
    "spaces": "a:" + " " * (MIB - 3),
    "spaced": "a: x" + " x" * 500_000,
    "newlines": "\n" * MIB,
    "items": "- a\n" * 250_000,
    "flow": "[" + "a," * 500_000,
    "pairs": "{" + "a: b, " * 170_000,
    "same key": "a: 1\n" * 200_000,
    "anchors": "".join(f"- &a{n} x\n" for n in range(50_000)),
    "anchor": "&a " * 300_000,
    "aliases": "- *a\n" * 200_000,
    "starred": "- *a*\n" * 170_000,
    "tags": "- !!int 1\n" * 100_000,
    "tabs": "\ta: 1\n" * 150_000,
    "remarks": "#\n" * 500_000,
    "hash": "- a #b\n" * 140_000,
    "commas": "[" + "1,000," * 170_000,
    "NULs": "\0" * MIB,
    "block": "a: |\n" + " x\n" * 300_000,
    "merge": "<<: *a\n" * 140_000,
    "directives": "%x\n" * 300_000,
    "documents": "---\n" * 250_000,
    "bang": "!" * MIB,
    "amp": "&" * MIB,
    "percent": "%" * MIB,
    "escapes": 'a: "' + "\\q" * 500_000 + '"',
    "braces two": "{{ x }}, " * 110_000,
    "long key": "a" * 1_000_000 + ": b\nc: *",
    "no space": "a:b\n" * 250_000,
    "quotes": '"a" ' * 250_000,
    "one line": "a: b: " * 170_000,
    "blank line": "x" + " " * 500_000 + "\nb: c\n",
    "unicode": "é" * 500_000,
    "breaks": "\u2028" * 300_000,
    "empty items": "-\n" * 500_000,
}


BOMB_SECONDS = 1.5
"""CPU of a bomb of 1 MiB: what grows with the square takes minutes."""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_an_issue_soon(name: str) -> None:
    data = BOMBS[name].encode()[:MIB]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read_source(data, "bomb.yaml")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
    assert isinstance(found, Document) or 1 <= len(found) <= 125
    assert cost(lambda: read_source(data, "bomb.yaml"), BOMB_SECONDS) < BOMB_SECONDS


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(alphabet="abc:-[]{}&*!|>'\"%@`#, \n\t?~<\\.0é\0\u2028", max_size=60).map(str.encode)
)
def test_any_bytes(data: bytes) -> None:
    found = read_source(data, "f.yaml")
    assert isinstance(found, Document) or (found and all(isinstance(issue, Issue) for issue in found))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(FLOW)), st.integers(0, 8), st.text(alphabet=":-[]{}&*!|>'\"%@`# \n\tx\\,", max_size=4))
def test_mutations_of_a_good_file(at: int, cut: int, put: str) -> None:
    text = FLOW[:at] + put + FLOW[at + cut :]
    found = read_source(text.encode(), "f.yaml")
    lines = text.count("\n") + 1
    for issue in found.warnings if isinstance(found, Document) else found:
        assert 0 <= issue.line <= lines and issue.column >= (issue.line > 0) and issue.end_column >= issue.column
