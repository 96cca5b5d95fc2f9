"""`contacts consent`, `takeout` and `erase`: what a person allows, what is known of her, and forgetting her."""

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from trinario.cli.screen import BAD_CONFIGURATION, ISSUES, USAGE, note, out, refuse

if TYPE_CHECKING:
    from trinario.runtime.settings import Settings
    from trinario.runtime.versions import Database

T = TypeVar("T")

Who = Annotated[str, typer.Argument(help="Her number, or channel:id as in messenger:24839573245810593.")]
BotOption = Annotated[
    Path | None, typer.Option("--bot", help="The bot's folder; may be left out if bots/ holds only one.")
]


class Form(StrEnum):
    """How data is printed."""

    text = "text"
    json = "json"


FormOption = Annotated[Form, typer.Option("--format", help="How it is printed.")]


class Said(StrEnum):
    """What somebody of the team may record."""

    granted = "granted"
    withdrawn = "withdrawn"


def register(app: typer.Typer) -> None:
    """Add these commands to `contacts`."""
    app.command(short_help="Show what she allows, and how it came to that.")(consent)
    app.command(short_help="Write everything that is known of her to a file.")(takeout)
    app.command(short_help="Forget her: everything, from every table and file.")(erase)


def consent(
    who: Who,
    set_: Annotated[Said | None, typer.Option("--set", help="Record this for marketing.")] = None,
    reason: Annotated[str, typer.Option(help="With --set: how we know.")] = "",
    channel: Annotated[
        list[str] | None, typer.Option(help="With --set: only there; may be given several times.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Entries at most.")] = 50,
    form: FormOption = Form.text,
) -> None:
    """Show the ledger of what a person allows, newest first; with --set, write an entry as somebody of the team.

    \b
    Examples:
      trinario contacts consent 12
      trinario contacts consent whatsapp:393331234567 --set withdrawn --reason "letter of 3 May"
    """
    from trinario.model.consent import MARKETING, RecordConsent
    from trinario.runtime import privacy

    if set_ is None:
        contact, entries = run_on(lambda settings, store: privacy.ledger(store, who, limit))
        out(as_json({"contact": contact.id, "now": dict(contact.consent), "entries": entries}) if form is Form.json
            else _told(dict(contact.consent), entries))  # fmt: skip
        return
    if not reason.strip():
        refuse("say with --reason how we know: it is what you show when somebody asks", USAGE)
    entry = RecordConsent(MARKETING, set_.value, "operator", tuple(channel or ()), said=reason.strip())
    contact = run_on(lambda settings, store: privacy.record(store, who, entry))
    note(f"contact {contact.id}: {set_.value} is in her inbox; the process that runs the bot works it off")


def takeout(
    who: Who,
    to: Annotated[Path, typer.Option("--to", help="The ZIP file that is made; it must not be there yet.")],
    bot: BotOption = None,
) -> None:
    """Write everything that is known of a person to a ZIP file: rows of every table, and copies of what she sent.

    \b
    Example:
      trinario contacts takeout 12 --to anna.zip
    """
    from trinario.runtime import privacy

    found = run_on(lambda settings, store: privacy.take_out(settings, store, bot_folder(bot), who, to))
    contact, rows, files = found
    note(f"{to}: contact {contact.id}, {_count(rows, 'row')}, {_count(files, 'file')}")


def erase(
    who: Who,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    bot: BotOption = None,
    form: FormOption = Form.text,
) -> None:
    """Forget a person: everything of her goes from every table and file, and nothing brings it back.

    A keyed hash of her ids stays, so that an import does not bring her back. If she writes again, she is somebody new.

    \b
    Examples:
      trinario contacts erase 12
      trinario contacts erase whatsapp:393331234567 --yes --format json
    """
    from trinario.runtime import privacy

    confirmed(f"erase {who}, with everything said and heard on all her channels? This cannot be undone.", yes)
    done = run_on(lambda settings, store: privacy.forget(settings, store, bot_folder(bot), who))
    if form is Form.json:
        left = {"removed": done.removed, "stuck": done.stuck, "scrubbed": done.scrubbed}
        out(as_json({"code": done.code, "contacts": done.contacts, "rows": done.rows, "files": left}))
        return
    total = _count(sum(done.rows.values()), "row")
    note(f"{who} is forgotten: {total} of {_count(len(done.rows), 'table')}, {_count(done.removed, 'file')}")
    if done.stuck:
        note(f"{_count(done.stuck, 'file')} cannot be removed now; the process that runs the bot goes on trying")
    if done.scrubbed is False:
        note("the database is in use: what was deleted is overwritten where it stood; say this again when the bot is "
             "stopped, to write its file anew")  # fmt: skip


def _told(state: dict[str, bool], entries: list[dict[str, Any]]) -> str:
    """The ledger for eyes."""
    now = ", ".join(f"{name}: {'yes' if given else 'no'}" for name, given in sorted(state.items())) or "never asked"
    lines = [f"now  {now}"]
    for one in entries:
        at = datetime.fromtimestamp(one["at"] / 1000, UTC).strftime("%Y-%m-%d %H:%M")
        where = f" on {one['channel']}" if one["channel"] else ""
        said = f" “{one['said']}”" if one["said"] else ""
        lines.append(f"{at}  {one['purpose']} {one['state']}{where} · {one['evidence']}{said}")
        if one["wording"]:
            lines.append(f"                  she was shown: {one['wording']} ({one['version']})")
    return "\n".join(lines) + "\n"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def as_json(data: Any) -> str:
    """Data as it is printed for machines."""
    import json

    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def bot_folder(given: Path | None) -> Path:
    """The bot that is meant: the only one, if none is named."""
    from trinario.cli.run import only_bot

    return given or only_bot(Path())


def run_on(work: Callable[["Settings", "Database"], Awaitable[T]], make: bool = False) -> T:
    """Do some work on the database of the settings; what is wrong with either ends the command. `make`: a SQLite file that
    is not there is made."""
    import asyncio

    from trinario.errors import ConfigError
    from trinario.runtime.privacy import Nobody, UnknownContact
    from trinario.runtime.settings import load_settings
    from trinario.runtime.versions import database

    async def do() -> T:
        async with database(settings, make=make) as store:
            return await work(settings, store)

    try:
        settings = load_settings()
        looked_in, path = settings.database.told, settings.database.path
        if path is not None and not make and not path.exists():
            note(f"nobody is known yet: looked in {looked_in} (TRINARIO_DATABASE_URL)")
        return asyncio.run(do())
    except Nobody as error:
        refuse(f"{error}\nlooked in {looked_in} (TRINARIO_DATABASE_URL)", USAGE)
    except UnknownContact as error:
        refuse(str(error), USAGE)
    except ConfigError as error:
        refuse(str(error), BAD_CONFIGURATION)


def confirmed(question: str, yes: bool) -> None:
    """Ask, unless it was said already; who says no ends the command."""
    if yes:
        return
    if not sys.stdin.isatty():
        refuse("nobody is here to be asked: say --yes", USAGE)
    if not typer.confirm(question):
        raise typer.Exit(ISSUES)
