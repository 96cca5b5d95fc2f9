"""The table: its examples and defaults can be read by the reader that it drives, and it says everything."""

from collections.abc import Iterator

import pytest

from trinario.authoring.forms import BAD
from trinario.authoring.notes import Notes
from trinario.authoring.reader import default_of, read
from trinario.authoring.source import read_source
from trinario.authoring.spec import SHAPES, VERB_TABLES
from trinario.authoring.spec.bot import PATTERNS
from trinario.authoring.spec.kinds import Key, Verb, Verbs


def keys() -> Iterator[tuple[str, Key]]:
    for shape in SHAPES.values():
        yield from ((f"{shape.name}.{key.name}", key) for key in shape.keys)
    for table in VERB_TABLES.values():
        yield from ((f"{table.name}.{key.name}", key) for key in table.common)
        for verb in table.verbs:
            yield from ((f"{table.name}.{verb.name}.{key.name}", key) for key in verb.keys)


KEYS = dict(keys())
VERBS = {f"{table.name}.{verb.name}": (table.name, verb) for table in VERB_TABLES.values() for verb in table.verbs}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_the_example_of_a_key_can_be_read(key: Key) -> None:
    if key.name == "channels" and "platform" in key.example:
        pytest.skip("an example that is cut short on purpose")
    document = read_source(key.example.encode(), "example")
    assert not isinstance(document, list)
    notes = Notes(document)
    assert read(key.kind, document.root, ("steps", "x"), notes) is not BAD
    assert [issue.message for issue in notes.issues] == []


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_key_is_described(key: Key) -> None:
    assert key.about.endswith((".", "?")) and key.about[0].isupper() and len(key.about) < 100
    if key.default:
        default_of(key)


@pytest.mark.parametrize(("table", "verb"), [pair for pair in VERBS.values() if pair[0] != "channel"],
                         ids=[name for name in VERBS if not name.startswith("channel.")])  # fmt: skip
def test_the_example_of_a_verb_can_be_read(table: str, verb: Verb) -> None:
    document = read_source(verb.example.encode(), "example")
    assert not isinstance(document, list)
    notes = Notes(document)
    assert read(Verbs(table), document.root, ("steps", "x"), notes) is not BAD
    assert [issue.message for issue in notes.issues] == []


def test_verbs_and_exits_are_described() -> None:
    for _, verb in VERBS.values():
        assert verb.about.endswith(".")
        assert all(way.about.endswith(".") and way.default for way in verb.exits)


def test_what_comes_later_is_not_there_already() -> None:
    for table in VERB_TABLES.values():
        assert not table.later & {verb.name for verb in table.verbs}


def test_patterns_are_told_once() -> None:
    assert len(set(PATTERNS)) == len(PATTERNS)
