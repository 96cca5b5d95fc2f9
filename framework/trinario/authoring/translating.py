"""What translators work with: the texts of a flow, brought together with what was translated before."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from trinario.authoring.catalogue import Catalogue, Entry, unused
from trinario.authoring.notes import Notes
from trinario.authoring.translate import texts_for


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text that has to be translated; `line` is where it stands in the flow's file."""

    key: str
    source: str
    line: int
    hint: str


@dataclass(frozen=True, slots=True)
class Progress:
    """The keys of one language of one flow, by what is to be done about them."""

    translated: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()


def wanted(notes: Notes, locale: str) -> list[Wanted]:
    """Every text of a flow that a language has to say, in the order of the file; "" gives the flow's own."""
    return [
        Wanted(key, written.scalar.text, written.scalar.place.line, _hint(key, written.path, notes))
        for key, written in texts_for(locale, notes).items()
    ]


def _hint(key: str, path: tuple[str, ...], notes: Notes) -> str:
    """What a translator should know of a text: whose step it is, and what it is there."""
    if path[:1] != ("steps",):
        return f"{' '.join(path[:1])} of the flow"
    what = {"title": ", a title: keep it short", "error": ", said to a wrong answer", "button": ", the word on a button",
            "caption": ", words under a file", "description": ", a second line under a choice"}  # fmt: skip
    last = key.rpartition(".")[2]
    form = f", for numbers of the form `{last}`" if path[-2:-1] == ("text",) else ""
    return f"step {path[1]}: {path[2]}{what.get(path[-1], '')}{form}"


def blank(locale: str) -> Catalogue:
    """A file that nobody has translated anything in; the locale "" makes a template."""
    lines = (f"Language: {locale}", "MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8",
             "Content-Transfer-Encoding: 8bit")  # fmt: skip
    return Catalogue(Entry(None, "", "".join(f"{line}\n" for line in lines)))


def merged(catalogue: Catalogue, texts: Iterable[Wanted], file: str) -> Catalogue:
    """The catalogue brought up to the texts of the flow; what translators wrote and no text needs becomes obsolete.

    A text that moved keeps its translation; one whose source has changed is marked fuzzy, with the source before.
    """
    asked = list(texts)
    found = _matched(catalogue.entries, asked)
    entries = [_renewed(one, found.get(one.key), file) for one in asked]
    used = {id(entry) for entry in found.values()}
    gone = unused(entry for entry in catalogue.entries if id(entry) not in used)
    return Catalogue(catalogue.head or blank("").head, (*entries, *gone), catalogue.tail)


def _matched(entries: Iterable[Entry], asked: list[Wanted]) -> dict[str, Entry]:
    """For each text its own entry; else one of the same words whose place is gone; else its own with other words."""
    rest = [entry for entry in entries if entry.key is not None]
    found: dict[str, Entry] = {}
    for fits in (_own, _moved, _changed):
        for one in asked:
            if one.key not in found and (entry := _best(entry for entry in rest if fits(entry, one))):
                found[one.key] = entry
        taken = {id(entry) for entry in found.values()}
        rest = [entry for entry in rest if id(entry) not in taken]
    return found


def _own(entry: Entry, one: Wanted) -> bool:
    return (entry.key, entry.source) == (one.key, one.source)


def _moved(entry: Entry, one: Wanted) -> bool:
    """Whether the same words, in the same kind of place, were translated."""
    return (
        entry.source == one.source
        and bool(entry.text.strip())
        and not entry.fuzzy
        and _last(entry.key) == _last(one.key)
    )


def _changed(entry: Entry, one: Wanted) -> bool:
    return entry.key == one.key


def _best(entries: Iterable[Entry]) -> Entry | None:
    """One that is in use before an obsolete one, one with a text before one without."""
    return min(entries, key=lambda entry: (entry.obsolete and not entry.text, not entry.text, entry.obsolete),
               default=None)  # fmt: skip


def _last(key: str | None) -> str:
    return (key or "").rpartition(".")[2]


def _renewed(one: Wanted, found: Entry | None, file: str) -> Entry:
    """The entry of a text, with what was translated put in."""
    fresh = Entry(one.key, one.source, hints=(one.hint,), places=(f"{file}:{one.line}",))
    if found is None:
        return fresh
    flags = tuple(flag for flag in found.flags if flag != "fuzzy")
    kept = replace(fresh, text=found.text, comments=found.comments, flags=flags)
    if not found.text:
        return kept
    if found.source == one.source:
        return replace(kept, flags=found.flags, previous=found.previous)
    before = found.previous if found.fuzzy and found.previous is not None else found.source
    return replace(kept, flags=("fuzzy", *flags), previous=before)


def progress(catalogue: Catalogue, texts: Iterable[Wanted], known: Iterable[str]) -> Progress:
    """How far a language is. `known` are the keys that mean a text of the flow, also those the language needs not."""
    entries: dict[str | None, Entry] = {}
    for entry in catalogue.entries:
        if not entry.obsolete:
            entries.setdefault(entry.key, entry)
    asked = {one.key: one.source for one in texts}
    stands: dict[str, list[str]] = {"translated": [], "missing": [], "changed": []}
    for key, source in asked.items():
        stands[_stands(entries.get(key), source)].append(key)
    strays = [key for key in entries if key is not None and key not in {*asked, *known}]
    done, missing, changed = (tuple(stands[name]) for name in ("translated", "missing", "changed"))
    return Progress(done, missing, changed, tuple(strays))


def _stands(entry: Entry | None, source: str) -> str:
    if entry is None or not entry.text.strip():
        return "missing"
    return "changed" if entry.fuzzy or entry.source != source else "translated"
