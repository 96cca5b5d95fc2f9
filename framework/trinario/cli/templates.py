"""`templates`: those that are declared, and those that Meta has."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trinario.cli.run import only_bot
from trinario.cli.screen import BAD_CONFIGURATION, ISSUES, USAGE, note, out, refuse

if TYPE_CHECKING:
    from trinario.authoring.check_standing import Standing
    from trinario.channels.whatsapp.templates import Compared, Known
    from trinario.model.template import TemplateSpec
    from trinario.ports import TemplateState

app = typer.Typer(
    name="templates", help="Message templates: here, and at Meta.", no_args_is_help=True, rich_markup_mode=None
)

Bot = Annotated[Path | None, typer.Option("--bot", help="The bot's folder; may be left out if bots/ holds only one.")]


class Form(StrEnum):
    """How data is printed."""

    text = "text"
    json = "json"


@app.command()
def status(
    bot: Bot = None, form: Annotated[Form, typer.Option("--format", help="How the outcome is printed.")] = Form.text
) -> None:
    """Say what Meta thinks of every template, and where its words differ from those declared.

    Ends with 0 when all that is declared is approved as it stands, else with 1.

    \b
    Example:
      trinario templates status --bot bots/demo
    """
    found = _compared(_bot(bot))
    if form is Form.json:
        out(_as_json(found))
    else:
        out("".join(line + "\n" for channel, all_ in found.items() for line in _lines(channel, all_)))
    if any(one.state not in ("approved", "undeclared") for all_ in found.values() for one in all_):
        raise typer.Exit(ISSUES)


@app.command()
def push(
    bot: Bot = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Hand in the templates that Meta does not have, or has in other words. It looks at each of them anew.

    \b
    Example:
      trinario templates push --bot bots/demo --yes
    """
    folder = _bot(bot)
    found = _compared(folder)
    wanted = {name: [one for one in all_ if _differs(one)] for name, all_ in found.items()}
    for name, all_ in wanted.items():
        for line in _lines(name, all_):
            note(line)
    if not any(wanted.values()):
        out("nothing to hand in: Meta has every template in these words\n")
        return
    if not yes and not sys.stdin.isatty():
        refuse("nobody is there to be asked: say --yes", USAGE)
    if not yes and not typer.confirm("Hand them in?"):
        raise typer.Exit(ISSUES)
    told = _run(_hand_in(folder, wanted))
    out("".join(f"{line}\n" for line, _ in told))
    if not all(good for _, good in told):
        raise typer.Exit(ISSUES)


@app.command()
def pull(
    bot: Bot = None,
    write: Annotated[
        bool, typer.Option("--write", help="Put it into templates.yaml; comments there are lost.")
    ] = False,
) -> None:
    """Print what Meta has as a templates.yaml, to be merged by hand; with --write it is merged into the bot's file.

    \b
    Example:
      trinario templates pull --bot bots/demo > from-meta.yaml
    """
    import yaml

    from trinario.channels.whatsapp.template_file import written

    folder = _bot(bot)
    _, known, platforms = _run(_known(folder))
    found: dict[str, Any] = {}
    for channel, all_ in known.items():
        here = written([one for one in all_ if one.status not in ("DELETED", "PENDING_DELETION")])
        for name, entry in here.items():
            on = [*found.get(name, {}).get("channels", ["whatsapp"] if name in found else []), platforms[channel]]
            entry = found.get(name) or entry
            found[name] = entry if on == ["whatsapp"] else {**entry, "channels": sorted(set(on), reverse=True)}
    file = folder / "templates.yaml"
    standing = _standing(file) if write else {}
    merged = {"templates": {**standing, **found}}
    text = yaml.safe_dump(merged, allow_unicode=True, sort_keys=False, width=120)
    if not write:
        out(text)
        return
    try:
        beside = file.with_suffix(".yaml.new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)  # whole, or as it was
    except OSError as error:
        refuse(f"{file} cannot be written: {error.strerror or error}; look at who may write there", BAD_CONFIGURATION)
    out(f"{file}: {len(found)} templates of Meta's, {len(standing.keys() - found.keys())} that only stood here\n")


def _standing(file: Path) -> dict[str, Any]:
    """What the file declares so far. A file with faults is not replaced."""
    import yaml

    from trinario.authoring.parse_templates import parse_templates

    if not file.exists():
        return {}
    data = file.read_bytes()
    if parse_templates(data, str(file)).issues:
        refuse(f"{file} has issues: see `trinario check`, and mend them first", ISSUES)
    content = yaml.safe_load(data)
    return dict(content.get("templates") or {})


def _differs(one: "Compared") -> bool:
    return one.body is not None and (one.known is None or bool(one.differences) or one.known.status == "REJECTED")


async def _hand_in(folder: Path, wanted: "Mapping[str, Sequence[Compared]]") -> list[tuple[str, bool]]:
    """(a line that says what became of a template, whether that is good)"""
    from trinario.channels.whatsapp.templates import TemplateTrouble
    from trinario.runtime.settings import load_settings
    from trinario.runtime.templates import open_desks

    told = []
    async with open_desks(folder, load_settings(), os.environ) as desks:
        for channel, all_ in wanted.items():
            for one in all_:
                if one.hindrance:
                    told.append((f"{one.name} ({one.language}): not handed in: {one.hindrance}", False))
                    continue
                try:
                    state = await desks.desks[channel].hand_in(one)
                    told.append((f"{one.name} ({one.language}): {state}", True))
                except TemplateTrouble as trouble:
                    told.append((f"{one.name} ({one.language}): Meta refuses it: {trouble}", False))
    return told


async def _known(folder: Path) -> "tuple[Mapping[str, TemplateSpec], dict[str, list[Known]], Mapping[str, str]]":
    """What is declared, and by channel what Meta has, and the platform."""
    from trinario.channels.whatsapp.templates import TemplateTrouble
    from trinario.errors import ConfigError
    from trinario.runtime.settings import load_settings
    from trinario.runtime.templates import open_desks

    async with open_desks(folder, load_settings(), os.environ) as desks:
        try:
            known = {channel: await desk.known() for channel, desk in desks.desks.items()}
            return desks.specs, known, desks.platforms
        except TemplateTrouble as trouble:
            raise ConfigError(f"Meta does not tell of its templates: {trouble}; see `trinario doctor`") from trouble


def _compared(folder: Path) -> "dict[str, list[Compared]]":
    """What is declared beside what is known, by channel."""
    from trinario.channels.whatsapp.templates import compared, with_news

    specs, known, platforms = _run(_known(folder))
    told = _run(_told(list(known)))
    return {
        channel: with_news(compared(specs, all_, platforms[channel]), told.get(channel, ()))
        for channel, all_ in known.items()
    }


async def _told(channels: "Sequence[str]") -> "dict[str, Sequence[TemplateState]]":
    """By channel what Meta has told the bot by webhook; nothing while there is no database, or none that answers."""
    from trinario.errors import ConfigError
    from trinario.runtime.settings import load_settings
    from trinario.runtime.versions import database

    try:
        async with database(load_settings(), make=False) as store:
            return {one: await store.read(lambda unit, one=one: unit.templates.states(one, ())) for one in channels}  # type: ignore[misc]
    except ConfigError as error:
        note(f"what Meta has told of templates meanwhile is left out: {error}")
        return {}


def standings(folder: Path) -> "dict[str, list[Standing]]":
    """Every declared template of a bot's folder as Meta has it, by channel. Ends the command where Meta does not tell."""
    from trinario.authoring.check_standing import Standing

    return {
        channel: [
            Standing(
                one.name, one.language, one.state, one.known.reason if one.known else "",
                one.known.category.lower() if one.known else "", one.known.quality if one.known else "", one.becomes,
                one.becomes_at,
            )
            for one in all_ if one.body is not None
        ]
        for channel, all_ in _compared(folder).items()
    }  # fmt: skip


def _run(work: Any) -> Any:
    import asyncio

    from trinario.errors import ConfigError

    try:
        return asyncio.run(work)
    except ConfigError as error:
        refuse(str(error), BAD_CONFIGURATION)


def _bot(bot: Path | None) -> Path:
    folder = bot or only_bot(Path())
    return folder.parent if folder.name == "bot.yaml" else folder


def _lines(channel: str, all_: "Sequence[Compared]") -> Iterator[str]:
    for one in all_:
        reason = f": {one.known.reason}" if one.known and one.known.reason else ""
        yield f"{channel}  {one.name} ({one.language})  {one.state}{reason}{_aside(one)}"
        for part, theirs, ours in one.differences:
            yield f"    {part}: {word_by_word(theirs, ours)}"
        if one.hindrance:
            yield f"    {one.hindrance}"


def _aside(one: "Compared") -> str:
    """Category, quality, and what is announced."""
    if one.known is None:
        return ""
    told = [one.known.category.lower()]
    if one.known.quality:
        told.append(f"quality {one.known.quality}")
    if one.becomes:
        told.append(f"{one.becomes}{f' from {one.becomes_at:%Y-%m-%d} on' if one.becomes_at else ' soon'}")
    return f"  ({', '.join(told)})"


def word_by_word(theirs: str, ours: str) -> str:
    """Both texts in one: [-what only Meta has-] {+what only the file has+}."""
    from difflib import SequenceMatcher

    before, after = theirs.split(" "), ours.split(" ")
    pieces = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces += before[a:b]
            continue
        if gone := " ".join(before[a:b]):
            pieces.append(f"[-{gone}-]")
        if new := " ".join(after[c:d]):
            pieces.append(f"{{+{new}+}}")
    return " ".join(pieces)


def _as_json(found: "Mapping[str, Sequence[Compared]]") -> str:
    import json

    rows = [
        {
            "channel": channel, "name": one.name, "language": one.language, "state": one.state,
            "status": one.known.status.lower() if one.known else None, "reason": one.known.reason if one.known else "",
            "category": one.known.category.lower() if one.known else None, "quality": one.known.quality if one.known else "",
            "becomes": one.becomes, "becomes_at": one.becomes_at.isoformat() if one.becomes_at else None,
            "differences": [{"part": part, "meta": theirs, "file": ours} for part, theirs, ours in one.differences],
        }
        for channel, all_ in found.items() for one in all_
    ]  # fmt: skip
    return json.dumps({"templates": rows}, ensure_ascii=False, indent=2) + "\n"
