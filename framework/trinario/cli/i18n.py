"""`i18n`: the texts of flows for translators, as gettext PO files beside them."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trinario.cli.screen import ISSUES, USAGE, note, out, refuse

if TYPE_CHECKING:
    from trinario.authoring.catalogue import Catalogue
    from trinario.cli.flows import FlowTexts

app = typer.Typer(
    name="i18n", help="The texts of flows, for translators: gettext PO files beside each flow.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip

Flow = Annotated[
    str, typer.Option("--flow", help="One flow, by name or file (or campaign/NAME, sequence/NAME); without it all.")
]
Language = Annotated[str, typer.Option("--language", help="One language, like it or pt_BR.")]


class Form(StrEnum):
    """How data is printed."""

    text = "text"
    json = "json"


@app.command()
def extract(flow: Flow = "", language: Language = "") -> None:
    """Write the texts of flows to FLOW.pot, or begin FLOW.LANGUAGE.po for a language that has no file yet.

    \b
    Examples:
      trinario i18n extract
      trinario i18n extract --flow lead_capture --language it
    """
    from trinario.authoring.translating import blank, merged, wanted

    locale = _locale(language)
    for texts in _flows(flow):
        file = texts.translation(locale) if locale else texts.file.with_suffix(".pot")
        if locale and file.exists():
            note(f"{texts.shown(file)} is there already: trinario i18n merge brings it up to date")
            continue
        asked = wanted(texts.notes, locale)
        _write(texts, file, merged(blank(locale), asked, texts.name_of_file), f"{len(asked)} texts")


@app.command()
def merge(flow: Flow = "", language: Language = "") -> None:
    """Bring PO files up to their flows: add new texts, mark changed ones fuzzy, keep what lost its text as obsolete.

    A text that moved to another step keeps its translation. Nothing that a translator wrote is thrown away.

    \b
    Examples:
      trinario i18n merge
      trinario i18n merge --flow lead_capture --language it
    """
    from trinario.authoring.translating import merged, progress, wanted

    locale, seen = _locale(language), 0
    for texts in _flows(flow):
        for name, file in texts.translations(locale):
            seen += 1
            asked = wanted(texts.notes, name)
            found = merged(_read(texts, file), asked, texts.name_of_file)
            state = progress(found, asked, ())
            counts = f"{len(state.translated)} translated, {len(state.missing)} missing, {len(state.changed)} changed"
            _write(texts, file, found, counts)
    if not seen:
        refuse(f"there is no translation to merge: begin one with trinario i18n extract --language {locale or 'it'}",
               USAGE)  # fmt: skip


@app.command()
def status(
    flow: Flow = "",
    language: Language = "",
    form: Annotated[Form, typer.Option("--format", help="How the table is printed.")] = Form.text,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 when something is missing or changed.")] = False,
) -> None:
    """Say how far each language of each flow is: translated, missing, changed and orphaned texts.

    \b
    Examples:
      trinario i18n status
      trinario i18n status --language it --strict
      trinario i18n status --format json
    """
    rows = [row for texts in _flows(flow) for row in _rows(texts, _locale(language))]
    out(_as_json(rows) if form is Form.json else _as_table(rows))
    if strict and any(row["missing"] or row["changed"] for row in rows):
        raise typer.Exit(ISSUES)


Row = dict[str, str | list[str]]


def _rows(texts: "FlowTexts", locale: str) -> list[Row]:
    from dataclasses import asdict

    from trinario.authoring.catalogue import Catalogue
    from trinario.authoring.translating import progress, wanted

    known = [one.key for one in wanted(texts.notes, "")]
    rows: list[Row] = []
    for name, file in texts.translations(locale) or ([(locale, texts.translation(locale))] if locale else []):
        found = progress(_read(texts, file) if file.exists() else Catalogue(), wanted(texts.notes, name), known)
        counts = {state: list(keys) for state, keys in asdict(found).items()}
        rows.append({"flow": texts.name, "language": name, "file": texts.shown(file), **counts})
    return rows


def _as_json(rows: list[Row]) -> str:
    import json

    return json.dumps({"translations": rows}, ensure_ascii=False, indent=2) + "\n"


def _as_table(rows: list[Row]) -> str:
    states = ("translated", "missing", "changed", "orphaned")
    lines = [["flow", "language", *states]]
    lines += [[str(row["flow"]), str(row["language"]), *(str(len(row[state])) for state in states)] for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    if not rows:
        return "no flow is translated yet: trinario i18n extract --language it\n"
    return "".join(_line(line, widths) for line in lines)


def _line(cells: list[str], widths: list[int]) -> str:
    """Names stand left, numbers right."""
    placed = zip(cells, widths, strict=True)
    shown = [cell.ljust(width) if number < 2 else cell.rjust(width) for number, (cell, width) in enumerate(placed)]
    return "  ".join(shown).rstrip() + "\n"


def _flows(wanted: str) -> "list[FlowTexts]":
    from trinario.cli.flows import flow_texts
    from trinario.errors import ConfigError

    try:
        return flow_texts(wanted)
    except ConfigError as error:
        refuse(str(error), USAGE)


def _locale(language: str) -> str:
    from trinario.authoring.scalars import locale
    from trinario.authoring.unreadable import Unreadable

    try:
        return locale(language) if language else ""
    except Unreadable as fault:
        refuse(fault.message, USAGE)


def _read(texts: "FlowTexts", file: Path) -> "Catalogue":
    from trinario.authoring.catalogue import CatalogueFault, read_catalogue

    try:
        return read_catalogue(file.read_text(encoding="utf-8-sig"))
    except CatalogueFault as fault:
        refuse(f"{texts.shown(file)}:{fault.line}: {fault.reason}", ISSUES)
    except UnicodeDecodeError:
        refuse(f"{texts.shown(file)} is not UTF-8: save it as UTF-8", ISSUES)


def _write(texts: "FlowTexts", file: Path, catalogue: "Catalogue", what: str) -> None:
    """Write a file if that changes it, and say so."""
    from trinario.authoring.catalogue import print_catalogue

    text = print_catalogue(catalogue)
    if file.exists() and file.read_text(encoding="utf-8") == text:
        note(f"{texts.shown(file)}: {what}; nothing to change")
        return
    file.write_text(text, encoding="utf-8", newline="\n")
    note(f"{texts.shown(file)}: {what}")
