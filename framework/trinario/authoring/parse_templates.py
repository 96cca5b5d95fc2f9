"""templates.yaml to declared templates, or every issue they have: also what Meta would refuse."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from trinario.authoring.forms import BAD
from trinario.authoring.issue import Issue
from trinario.authoring.nodes import Node
from trinario.authoring.notes import Notes
from trinario.authoring.reader import Deed, Record, read_shape
from trinario.authoring.source import read_source
from trinario.authoring.spec import SHAPES
from trinario.authoring.template_form import check_form
from trinario.model.duration import Duration
from trinario.model.interactive import Shelf
from trinario.model.template import (
    DeclaredButton,
    DeclaredCard,
    DeclaredHeader,
    DeclaredOffer,
    DeclaredPin,
    TemplateSpec,
    TemplateWords,
    places_of,
)

_FILES = ("image", "video", "document")


@dataclass(frozen=True, slots=True)
class ParsedTemplates:
    """What became of a templates.yaml. `names` are the templates as written, those with faults too; `notes` what was seen
    in reading (None: it is no YAML of ours), `files` the files of media/ that it names: sort, name, where."""

    file: str
    templates: Mapping[str, TemplateSpec] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    notes: Notes | None = None
    files: tuple[tuple[str, str, Node], ...] = ()


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
    named = tuple(_named_files(given.values()))
    return ParsedTemplates(file, found, tuple(given), tuple(sorted(notes.issues)), notes, named)


def _named_files(records: Iterable[Record]) -> Iterator[tuple[str, str, Node]]:
    """Every file that stands in a header or on a card and has no address of its own: sort, name, where."""
    for template in records:
        for words in (template.get("languages") or {}).values():
            cards = words.get("cards") or ()
            for record in (one for one in (words.get("header"), *cards) if isinstance(one, Record)):
                kind = next((kind for kind in _FILES if record.has(kind)), "image")
                for key in (kind, "example"):
                    name = record.values.get(key)
                    if isinstance(name, str) and "://" not in name and not places_of(name):
                        yield kind, name, record.nodes[key]


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
        declared = _pin(header, notes) if header.has("location") else _file(header, notes)
        if declared is None:
            return None
    buttons = tuple(_buttons(record.get("buttons") or ()))
    if len(buttons) < len(record.get("buttons") or ()):
        return None
    cards = tuple(made for card in record.get("cards") or () if (made := _card(card, notes)))
    if len(cards) < len(record.get("cards") or ()):
        return None
    offer: Record | None = record.get("offer")
    ends = DeclaredOffer(offer.get("text"), offer.get("until") or "") if offer and offer.whole else None
    if offer and ends is None:
        return None
    return TemplateWords(record.get("body"), declared, record.get("footer") or "", buttons, cards, ends)


def _pin(record: Record, notes: Notes) -> DeclaredHeader | None:
    """A place on the map in place of a file; None where a part of it could not be read."""
    pin: Record | None = record.values.get("location")
    others = [key for key in (*_FILES, "filename", "example") if record.has(key)]
    if others:
        notes.fault("T015", record.node, f"a header with a pin has no {others[0]}", "take one of them out")
    if others or pin is None or not pin.whole:
        return None
    parts = [pin.get(name) or "" for name in ("latitude", "longitude", "name", "address")]
    if not all(isinstance(part, str) for part in parts):
        notes.fault("T021", pin.node, "degrees are numbers", 'write {latitude: "41.8902", longitude: "12.4922"}')
        return None
    return DeclaredHeader("location", pin=DeclaredPin(*parts))


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
    kind, value = kinds[0], str(record.get(kinds[0]))
    example, filename = record.get("example") or "", record.get("filename") or ""
    if filename and kind != "document":
        notes.fault("T015", record.nodes["filename"], f"a header with {kind} has no filename", "leave it out")
        return None
    return DeclaredHeader(kind, value, example, filename)  # type: ignore[arg-type]


def _buttons(deeds: tuple[Deed, ...]) -> Iterator[DeclaredButton]:
    for deed in deeds:
        if deed.record is None or not deed.record.whole:
            continue
        kind, record = deed.verb.name, deed.record
        if kind == "products":
            shelves = tuple(
                Shelf(one.get("title"), one.get("items")) for one in deed.value if one.whole and one.get("items")
            )
            if len(shelves) < len(deed.value) or not shelves:
                continue
            first = record.get("thumbnail") or shelves[0].products[0]
            yield DeclaredButton("products", record.get("title"), first, shelves=shelves)
        elif kind in _TITLED:
            span: Duration | None = record.get("for") if kind == "call" else None
            minutes = max(round(span.elapsed.total_seconds() / 60), 1) if span else 0
            given = record.get("thumbnail" if kind == "catalog" else "value") or ""
            yield DeclaredButton(kind, deed.value, given, minutes=minutes)  # type: ignore[arg-type]
        else:
            title = record.get("title") or "" if kind != "code" else ""
            screen = record.get("screen") or "" if kind == "form" else ""
            data = tuple((record.get("data") or {}).items()) if kind == "form" else ()
            yield DeclaredButton(kind, title, deed.value, screen, data=data)  # type: ignore[arg-type]


_TITLED = frozenset({"reply", "catalog", "call"})
"""Buttons whose main value is what they say."""
