"""How texts that are worked out are read: phrases, conditions, words, calls; BAD with an issue at the very character."""

import re
from collections.abc import Callable
from typing import Any

from trinario.authoring.forms import BAD
from trinario.authoring.nodes import Scalar
from trinario.authoring.notes import Notes, Path, Written, words_key
from trinario.errors import PhraseError
from trinario.expressions import compile_condition, compile_phrase
from trinario.model.flow import Words

Reader = Callable[[Scalar, Path, Notes], Any]


def phrase_reader(kind: str) -> Reader:
    """A reader of phrases; `kind` is what is written down of them for the checks."""

    def reader(scalar: Scalar, path: Path, notes: Notes) -> Any:
        text = compiled(compile_phrase, scalar, scalar.text, notes)
        if text is not BAD:
            notes.written.append(Written(text, scalar, path, kind))
        return text

    return reader


read_phrase = phrase_reader("phrase")


def read_condition(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """A condition, without braces."""
    text = compiled(compile_condition, scalar, scalar.text, notes)
    if text is not BAD:
        notes.written.append(Written(text, scalar, path, "condition"))
    return text


def read_result(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """What a flow gives back is written without braces, and kept as the phrase that keeps its type."""
    if "{{" in scalar.text:
        return read_phrase(scalar, path, notes)
    text = compiled(compile_phrase, scalar, "{{ " + scalar.text + " }}", notes, shift=3)
    if text is not BAD:
        notes.written.append(Written(text, scalar, path, "phrase", shift=3))
    return text


def compiled(compiler: Callable[[str], Any], scalar: Scalar, source: str, notes: Notes, shift: int = 0) -> Any:
    """The phrase or condition, or BAD with an issue at the very character."""
    try:
        return compiler(source)
    except PhraseError as error:
        notes.fault_within("T030", scalar, error.offset - shift, error.length, error.reason, error.hint)
        return BAD


def read_words(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """Words for her, with the key under which they are translated."""
    text = phrase_reader("words")(scalar, path, notes)
    return BAD if text is BAD else Words(words_key(path), text)


def read_title(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """The bare title of a choice has the key that it would have if it were written out."""
    text = phrase_reader("title")(scalar, (*path, "title"), notes)
    return BAD if text is BAD else Words(words_key((*path, "title")), text)


def read_request(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """(method, address as a phrase) of `POST https://...`."""
    match = re.match(r"(GET|POST|PUT|PATCH|DELETE|HEAD) +(?=\S)", scalar.text)
    if match is None:
        word = scalar.text.split(maxsplit=1)[0]
        hint = "write the method first: GET https://..., or POST https://..."
        if word.upper() in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"):
            hint = f"write {word.upper()}, a space, and the address: {word.upper()} https://cal.example/holds"
        notes.fault("T050", scalar, f'"{scalar.text[:60]}" does not say with which method what is called', hint)
        return BAD
    text = compiled(compile_phrase, scalar, scalar.text[match.end() :].rstrip(), notes, shift=-match.end())
    if text is not BAD:
        notes.written.append(Written(text, scalar, path, "phrase", shift=-match.end()))
    return BAD if text is BAD else (match[1], text)


def read_address(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """An https address, as a phrase."""
    text = scalar.text
    if text.startswith("http://"):
        notes.fault("T021", scalar, "an address has to begin with https://", f"write https://{text[7:]}")
        return BAD
    if " " in text.strip() and "{{" not in text:
        notes.fault("T021", scalar, "there is a space in this address", "write it without, or as %20")
        return BAD
    return read_phrase(scalar, path, notes)


def read_per(scalar: Scalar, path: Path, notes: Notes) -> Any:
    """`contact`, `post`, or a condition that gives the value."""
    return scalar.text if scalar.text in ("contact", "post") else read_condition(scalar, path, notes)
