"""templates.yaml to declared templates, or every issue they have: also what Meta would refuse."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trinario.authoring.forms import BAD
from trinario.authoring.issue import Issue
from trinario.authoring.notes import Notes
from trinario.authoring.reader import Deed, Record, read_shape
from trinario.authoring.source import read_source
from trinario.authoring.spec import SHAPES
from trinario.authoring.template_form import check_form
from trinario.model.template import DeclaredButton, DeclaredCard, DeclaredHeader, TemplateSpec, TemplateWords

_FILES = ("image", "video", "document")


@dataclass(frozen=True, slots=True)
class ParsedTemplates:
    """What became of a templates.yaml. `names` are the templates as written, those with faults too."""

    file: str
    templates: Mapping[str, TemplateSpec] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()


def parse_templates(data: bytes, file: str) -> ParsedTemplates:
    """The templates of a file; those with faults are left out, their names are kept."""
    document = read_source(data, file)
    if isinstance(document, list):
        return ParsedTemplates(file, issues=tuple(document))
    notes = Notes(document, list(document.warnings))
    record = read_shape(SHAPES["templates"], document.root, (), notes)
    given = {} if record is BAD else record.get("templates") or {}
    found = {}
    for name, one in given.items():
        spec = _template(name, one, notes)
        if spec is not None and check_form(spec, one, notes):
            found[name] = spec
    return ParsedTemplates(file, found, tuple(given), tuple(sorted(notes.issues)))


def _template(name: str, record: Record, notes: Notes) -> TemplateSpec | None:
    """A template that could be read whole; of others the issues are noted."""
    if not record.whole:
        return None
    languages: Mapping[str, Record] = record.get("languages") or {}
    read = {locale.replace("_", "-"): _words(words, notes) for locale, words in languages.items()}
    good = {locale: words for locale, words in read.items() if words is not None}
    if len(good) < len(languages):
        return None
    platforms = tuple(dict.fromkeys(record.get("channels") if record.has("channels") else ("whatsapp",)))
    return TemplateSpec(name, record.get("category"), tuple(record.get("params") or ()), good, platforms)


def _words(record: Record, notes: Notes) -> TemplateWords | None:
    if not record.whole:
        return None
    header = record.get("header")
    declared = DeclaredHeader("text", header) if isinstance(header, str) else None
    if isinstance(header, Record):
        declared = _file(header, notes)
        if declared is None:
            return None
    buttons = tuple(_buttons(record.get("buttons") or ()))
    if len(buttons) < len(record.get("buttons") or ()):
        return None
    cards = tuple(made for card in record.get("cards") or () if (made := _card(card, notes)))
    if len(cards) < len(record.get("cards") or ()):
        return None
    return TemplateWords(record.get("body"), declared, record.get("footer") or "", buttons, cards)


def _card(record: Record, notes: Notes) -> DeclaredCard | None:
    """One card of several; None where a part of it could not be read."""
    header = _file(record, notes) if record.whole else None
    buttons = tuple(_buttons(record.get("buttons") or ()))
    if header is None or len(buttons) < len(record.get("buttons") or ()):
        return None
    return DeclaredCard(header, record.get("body"), buttons)


def _file(record: Record, notes: Notes) -> DeclaredHeader | None:
    kinds = [kind for kind in _FILES if record.has(kind)]
    if len(kinds) != 1 or kinds[0] not in record.values:
        if not kinds or len(kinds) > 1:
            notes.fault("T015", record.node, "a header is one file", "write image: https://..., video: or document:")
        return None
    kind = kinds[0]
    value: str = record.get(kind)
    return DeclaredHeader(kind, value)  # type: ignore[arg-type]


def _buttons(deeds: tuple[Deed, ...]) -> Iterator[DeclaredButton]:
    for deed in deeds:
        if deed.record is None or not deed.record.whole:
            continue
        kind, value = deed.verb.name, deed.value
        title = {"reply": value, "code": ""}.get(kind) if kind in ("reply", "code") else deed.record.get("title")
        given = deed.record.get("value") or "" if kind == "reply" else value
        screen = deed.record.get("screen") or "" if kind == "form" else ""
        yield DeclaredButton(kind, title or "", given, screen)  # type: ignore[arg-type]
