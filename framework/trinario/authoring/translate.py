"""Translations of a flow: gettext files beside it, by the key of each text."""

import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel.messages.pofile import PoFileError, read_po

from trinario.authoring.issue import Issue, Place, Severity
from trinario.authoring.near import listed, mend
from trinario.authoring.notes import Notes, Written
from trinario.authoring.spec.messages import PLURALS
from trinario.engine.plural import forms_of
from trinario.errors import PhraseError
from trinario.expressions import Phrase, compile_phrase
from trinario.model.flow import Flow

MOST_BYTES = 4 * 1024 * 1024

_BEFORE = re.compile(rb"^#~\|[^\r\n]*", re.MULTILINE)
"""What an obsolete entry said before: gettext writes it, babel cannot read it, and nobody needs it."""

_CONTEXT = re.compile(r'msgctxt\s+"([^"]+)"\s*$')


@dataclass(frozen=True, slots=True)
class Translation:
    """One language of one flow: the phrases by key, and what is wrong with the file."""

    locale: str
    words: Mapping[str, Phrase]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    source: str
    text: str
    key_line: int
    text_line: int


@dataclass(slots=True)
class _File:
    """A PO file while it is read; places are whole lines."""

    name: str
    locale: str
    lines: list[str]
    issues: list[Issue]

    def seek(self, keyword: str, line: int, way: int) -> int:
        """The nearest line from `line` on, forwards (1) or back (-1), that begins with the keyword; else `line`."""
        ahead = range(line, len(self.lines) + 1) if way > 0 else range(min(line, len(self.lines)), 0, -1)
        return next((number for number in ahead if self.lines[number - 1].startswith(keyword)), line)

    def note(self, code: str, line: int, message: str, hint: str, severity: Severity = Severity.ERROR) -> None:
        excerpt = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        place = Place(self.name, line, 1, line, len(excerpt) + 1)
        self.issues.append(Issue.at(place, code, message, hint=hint, severity=severity, excerpt=excerpt))


def translate(data: bytes, file: str, locale: str, notes: Notes, flow_file: str) -> Translation:
    """The translations that fit the flow whose texts are in `notes`; never raises, whatever the bytes.

    A text whose source has changed since it was translated is not used: better the source than another meaning.
    """
    source = {written.key: written for written in notes.written if written.translated}
    data = data.removeprefix(BOM_UTF8)
    po = _File(file, locale, data.decode("utf-8", "replace").splitlines(), [])
    _check_twice(po)
    words: dict[str, Phrase] = {}
    for entry in _entries(data, po):
        written = _source_of(entry.key, source)
        if written is None:
            hint = mend(entry.key, source, "the flow has")
            po.note("T062", entry.key_line, f'no text of {flow_file} has the key "{entry.key}"', hint, Severity.WARNING)
        elif (phrase := _fitting(entry, written, po)) is not None:
            words[entry.key] = phrase
    seen = set(words) | {key for key in texts_for(locale, notes) if _blamed(key, po)}
    missing = {key: written for key, written in texts_for(locale, notes).items() if key not in seen}
    issues = [_missing(key, found, notes, file, locale) for key, found in missing.items()] if not _broken(po) else []
    return Translation(locale, words, tuple(sorted([*po.issues, *issues])))


def texts_for(locale: str, notes: Notes) -> dict[str, Written]:
    """What a language has to say, by key, in the order of the flow: of plural forms those that it has.

    A form that the flow does not have is translated from `other`. "" gives the texts as they are in the flow.
    """
    source = {written.key: written for written in notes.written if written.translated}
    if not locale:
        return source
    found: dict[str, Written] = {}
    for key, written in source.items():
        stem, _, last = key.rpartition(".")
        if last not in PLURALS or f"{stem}.other" not in source:
            found[key] = written
        elif last == "other":
            forms = [form for form in PLURALS if form in forms_of(locale)]
            found |= {f"{stem}.{form}": source.get(f"{stem}.{form}", written) for form in forms}
    return found


def translated(flow: Flow, translations: Mapping[str, Translation], revision: str) -> Flow:
    """The flow with its translations, under the revision that they are part of."""
    from dataclasses import replace

    return replace(flow, words={locale: found.words for locale, found in translations.items()}, revision=revision)


def _broken(po: _File) -> bool:
    return any(issue.code == "T060" for issue in po.issues)


def _blamed(key: str, po: _File) -> bool:
    """Whether an issue names the key already, so that it need not be called missing as well."""
    return any(f'"{key}"' in issue.message for issue in po.issues)


def _entries(data: bytes, po: _File) -> Iterator[_Entry]:
    """The entries of the file that say something; obsolete and fuzzy ones are passed over."""
    if len(data) > MOST_BYTES:
        po.note("T060", 0, "the file is larger than 4 MiB", "cut the flow into several")
        return
    try:
        data.decode("utf-8")
        catalog = read_po(io.BytesIO(_BEFORE.sub(b"#", data)), abort_invalid=True, charset="utf-8")
    except PoFileError as error:
        line = getattr(error, "lineno", 0) or 0
        po.note(
            "T060", line + 1, f"this is no entry of a PO file: {error.args[0]}", "check quotation marks and keywords"
        )
        return
    except UnicodeDecodeError as error:
        po.note("T060", data.count(b"\n", 0, error.start) + 1, "the file is not UTF-8", "save it as UTF-8")
        return
    except Exception as error:
        po.note("T060", 0, f"this is no PO file ({type(error).__name__})", "begin anew from the flow's texts")
        return
    for message in catalog:
        if message.id and not message.fuzzy:
            yield from _entry(message, po)


def _check_twice(po: _File) -> None:
    """T017 for a key with two entries, of which one would never be used."""
    seen: dict[str, int] = {}
    for number, line in enumerate(po.lines, 1):
        if (match := _CONTEXT.match(line)) is None:
            continue
        first = seen.setdefault(match[1], number)
        if first != number:
            po.note(
                "T017", number, f'the text "{match[1]}" has an entry already, in line {first}', "take one of them out"
            )


def _entry(message: Any, po: _File) -> Iterator[_Entry]:
    line = message.lineno or 0
    if not message.context:
        po.note("T062", line, "this entry has no msgctxt, so it belongs to no text", "write msgctxt and the key of the text",
                Severity.WARNING)  # fmt: skip
    elif isinstance(message.id, (tuple, list)):
        po.note(
            "T060", line, "msgid_plural is not used here", "each plural form has a key of its own, like x.send.text.few"
        )
    elif message.string.strip():
        yield _Entry(
            message.context, message.id, message.string, po.seek("msgctxt", line, -1), po.seek("msgstr", line, 1)
        )


def _source_of(key: str, source: Mapping[str, Written]) -> Written | None:
    """The text of that key; a plural form that only the other language has is translated from `other`."""
    stem, _, last = key.rpartition(".")
    return source.get(key) or (source.get(f"{stem}.other") if last in PLURALS else None)


def _fitting(entry: _Entry, written: Written, po: _File) -> Phrase | None:
    if entry.source != written.scalar.text:
        po.note("T063", entry.key_line, f'the text "{entry.key}" has changed since it was translated',
                f"the flow now says: {written.scalar.text[:100]}", Severity.WARNING)  # fmt: skip
        return None
    try:
        phrase = compile_phrase(entry.text)
    except PhraseError as error:
        po.note("T030", entry.text_line, f'the translation of "{entry.key}": {error.reason}', error.hint)
        return None
    strangers = {".".join(name) for name in phrase.names - written.text.names}
    lost = {".".join(name) for name in written.text.names - phrase.names}
    if strangers:
        po.note("T064", entry.text_line, f'the translation of "{entry.key}" uses {listed(sorted(strangers))}, its source does not',
                f"the source uses {listed(sorted(map('.'.join, written.text.names))) or 'nothing'}")  # fmt: skip
    elif lost:
        po.note("T064", entry.text_line, f'the translation of "{entry.key}" leaves out {listed(sorted(lost))}',
                "put it in, unless the language needs it not", Severity.WARNING)  # fmt: skip
    return phrase


def _missing(key: str, written: Written, notes: Notes, file: str, locale: str) -> Issue:
    message = f'"{key}" is not translated into {locale}'
    hint = f"add it to {file}"
    return notes.document.issue(written.scalar.place, "T061", message, hint=hint, severity=Severity.WARNING)
