"""`contacts import` and `contacts export`: people in and out as CSV."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trinario.cli.privacy import BotOption, Form, FormOption, as_json, bot_folder, run_on
from trinario.cli.screen import ISSUES, USAGE, note, out, refuse

if TYPE_CHECKING:
    from trinario.runtime.sheets import Brought

SegmentOption = Annotated[str, typer.Option("--segment", help="Only those of whom this is true, as in a campaign.")]


def import_(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file; its first line names the columns.")
    ],
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help="HEADER=COLUMN says what a column means, HEADER=- leaves it out; several times."),
    ] = None,
    key: Annotated[
        str, typer.Option(help="What tells people apart: phone, a channel, field:NAME, contact; else any id.")
    ] = "",
    consent: Annotated[str, typer.Option(help="marketing: all of these people have agreed to it.")] = "",
    evidence: Annotated[str, typer.Option(help="How we know what they allow; it stays in the ledger.")] = "",
    renew: Annotated[bool, typer.Option(help="A yes dated (marketing_at) after her no undoes it.")] = False,
    join: Annotated[bool, typer.Option(help="Several contacts who are found by one row are one person.")] = False,
    locale: Annotated[str, typer.Option(help="The language in which numbers and dates are written, like it.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and do nothing.")] = False,
    bot: BotOption = None,
    form: FormOption = Form.text,
) -> None:
    """Bring contacts in from a CSV file: found by their ids or a key, made where there are none, and changed.

    An empty cell changes nothing, and the same file twice changes nothing. What cannot be read is in FILE.rejected.csv
    with the reason; the other rows are in. Somebody who was erased does not come back, and a no stays a no.

    \b
    Examples:
      trinario contacts import people.csv --dry-run
      trinario contacts import people.csv --map "Telefono=whatsapp" --consent marketing --evidence "fair 2026, forms on paper"
    """  # fmt: skip
    from trinario.runtime import sheets

    if consent not in ("", "marketing"):
        refuse(f"--consent {consent}: the only purpose that needs permission is marketing", USAGE)
    wanted = sheets.Wanted(_maps(map_ or ()), key, bool(consent), evidence, renew, join, locale, dry_run)
    brought = run_on(
        lambda settings, store: sheets.bring(settings, store, bot_folder(bot), file, wanted, _bar), make=not dry_run
    )
    _clear()
    out(as_json(_data(brought, dry_run)) if form is Form.json else _told(brought, dry_run))
    if brought.rejected:
        raise typer.Exit(ISSUES)


def export(
    segment: SegmentOption = "",
    to: Annotated[Path | None, typer.Option("--to", help="The file that is made; else it is printed.")] = None,
    bot: BotOption = None,
) -> None:
    """Write contacts to a CSV file that `contacts import` reads back as it was.

    Cells that a spreadsheet would compute or round begin with an apostrophe, which the import takes away.

    \b
    Examples:
      trinario contacts export --to people.csv
      trinario contacts export --segment "'customer' in tags" > customers.csv
    """
    from trinario.runtime import sheets

    folder = bot_folder(bot)
    if to is not None and to.exists():
        refuse(f"{to} is there already: name another file with --to", USAGE)
    if to is None:
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
        count = run_on(lambda settings, store: sheets.write_out(settings, store, folder, segment, sys.stdout, _nothing))
        return
    part = to.with_name(f"{to.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            count = run_on(lambda settings, store: sheets.write_out(settings, store, folder, segment, file, _bar))
        os.replace(part, to)
    finally:
        part.unlink(missing_ok=True)
    _clear()
    note(f"{to}: {count:,} contact{'' if count == 1 else 's'}")


def _maps(given: Any) -> dict[str, str]:
    found = {}
    for one in given:
        header, mark, column = one.rpartition("=")
        if not mark or not header or not column:
            refuse(f'--map {one!r}: say HEADER=COLUMN, as in --map "Telefono=whatsapp"', USAGE)
        found[header.strip()] = column.strip()
    return found


WIDTH = 30


def _bar(reached: int, size: int, rows: int) -> None:
    """How far it is, on a terminal."""
    if not sys.stderr.isatty():
        return
    share = reached / size if size else 0
    bar = f"[{'#' * int(share * WIDTH):<{WIDTH}}] {share:4.0%}  " if size else ""
    typer.echo(f"\r{bar}{rows:,} contacts ", err=True, nl=False)


def _nothing(reached: int, size: int, rows: int) -> None:
    """Nobody sees a bar among the rows."""


def _clear() -> None:
    if sys.stderr.isatty():
        typer.echo("\r" + " " * (WIDTH + 40) + "\r", err=True, nl=False)


def _data(brought: "Brought", dry_run: bool) -> dict[str, Any]:
    total = brought.total
    return {
        "dry_run": dry_run, "columns": brought.columns, "examples": brought.examples, "rows": total.rows, "created": total.created,
        "changed": total.changed, "queued": total.queued, "unchanged": total.unchanged, "joined": total.joined,
        "granted": total.granted, "taken_back": total.taken_back, "kept_no": total.kept_no, "forgotten": total.forgotten,
        "rejected": brought.rejected, "rejects": str(brought.rejects) if brought.rejects else None,
        "reasons": [{"line": line, "why": why} for line, why in brought.told],
    }  # fmt: skip


LABELS = {
    "created": "new", "changed": "changed", "unchanged": "as they were", "joined": "joined with another",
    "queued": "have their turn when the bot runs", "granted": "marketing granted", "taken_back": "marketing taken back",
    "kept_no": "said no before, and it stays", "forgotten": "were erased, and stay so",
}  # fmt: skip


def _preview(brought: "Brought", header: str, meant: str) -> str:
    example = brought.examples.get(header)
    return f"  {header} -> {meant}{f', like {example}' if example else ''}"


def _told(brought: "Brought", dry_run: bool) -> str:
    lines = [_preview(brought, header, meant) for header, meant in brought.columns.items()] if dry_run else []
    lines.append(
        f"{brought.total.rows:,} row{'' if brought.total.rows == 1 else 's'}{' (nothing was written)' if dry_run else ''}"
    )
    lines += [f"{count:>9,} {label}" for name, label in LABELS.items() if (count := getattr(brought.total, name))]
    if brought.rejected:
        where = f", in {brought.rejects}" if brought.rejects else ""
        lines.append(f"{brought.rejected:>9,} rejected{where}")
        lines += [f"  line {line}: {why}" for line, why in brought.told]
    return "\n".join(lines) + "\n"
