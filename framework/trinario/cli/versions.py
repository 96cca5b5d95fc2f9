"""`plan`, `deploy`, `rollback`, `deployments`, `diff`: versions of the flows of a bot that runs."""

import sys
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from trinario.cli.screen import BAD_CONFIGURATION, ISSUES, USAGE, colored, note, out, refuse

if TYPE_CHECKING:
    from trinario.model.deployment import Deployment
    from trinario.runtime.versions import Database, Prospect

T = TypeVar("T")

PATIENCE = 6.0
"""Seconds without progress after which `deploy` no longer waits for the runtime to move sessions."""


class Form(StrEnum):
    """How data is printed."""

    text = "text"
    json = "json"


class Page(StrEnum):
    """How a diff is printed."""

    markdown = "markdown"
    json = "json"


BotOption = Annotated[
    Path | None, typer.Option("--bot", help="The bot's folder; may be left out if bots/ holds only one.")
]
FormOption = Annotated[Form, typer.Option("--format", help="How it is printed.")]


def plan(bot: BotOption = None, form: FormOption = Form.text) -> None:
    """Say what a deploy of the files would do: steps, triggers and texts that change, and what becomes of who waits.

    Ends with 1 when the files have errors, which `deploy` would refuse.

    \b
    Examples:
      trinario plan
      trinario plan --bot bots/demo --format json
    """
    from trinario.authoring.versions.plan import plan_json
    from trinario.authoring.versions.show import plan_text

    async def look(store: "Database") -> "Prospect":
        return await _seen(store, bot)

    found = on_database(look, make=False)
    if form is Form.json:
        print_json({"current": found.newest.id if found.newest else None, **plan_json(found.plan)})
    else:
        out(_shown(f"{_current(found.newest)}\n{plan_text(found.plan)}"))
    if found.disk.errors:
        raise typer.Exit(ISSUES)


def deploy(
    bot: BotOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    form: FormOption = Form.text,
) -> None:
    """Make the flows of the files current: every process of the bot takes them over, without stopping.

    Sessions that wait finish on their revision, unless the flow has `migrations`: then the runtime moves them.
    Ends with 1 when the files have errors, or somebody says no.

    \b
    Examples:
      trinario deploy
      TRINARIO_DATABASE_URL=postgresql://bot@db/bot trinario deploy --bot bots/demo --yes
    """
    result = on_database(lambda store: _deploy(store, bot, yes, form), make=True)
    if form is Form.json:
        print_json(result)


async def _deploy(store: "Database", bot: Path | None, yes: bool, form: Form) -> dict[str, Any]:
    from trinario.authoring.printing import print_issues
    from trinario.authoring.versions.plan import plan_json
    from trinario.authoring.versions.show import plan_text
    from trinario.runtime import versions

    found = await _seen(store, bot)
    if found.disk.errors:
        refuse(f"these files cannot be deployed:\n\n{print_issues(found.disk.errors)}", ISSUES)
    if form is Form.text:
        out(_shown(f"{_current(found.newest)}\n{plan_text(found.plan)}"))
    if found.plan.nothing and found.newest is not None and found.newest.pinned:
        return {"deployment": found.newest.id, "moving": False, "plan": plan_json(found.plan)}
    _confirm("deploy this?", yes)
    made = await versions.deploy(store, found)
    after = await versions.until_moved(store, made.id, PATIENCE) if made.moving else made
    moving = after is not None and after.id == made.id and after.moving
    if form is Form.text:
        note(f"deployment {made.id} is current")
        if moving:
            note("no process moves the waiting sessions now; the next one that runs will")
    return {"deployment": made.id, "moving": moving, "plan": plan_json(found.plan)}


def rollback(
    to: Annotated[
        str | None, typer.Option(help="The deployment to go back to, or `files`; the one before without.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    form: FormOption = Form.text,
) -> None:
    """Make an earlier deployment current again. Sessions begun on the newer one finish on it.

    `--to files` ends the time of deployments: every process serves the files of its own disk again.

    \b
    Examples:
      trinario rollback
      trinario rollback --to 12 --yes
    """
    from trinario.runtime import versions

    _confirm(f"go back to {to or 'the deployment before'}?", yes)
    made, target = on_database(lambda store: versions.rollback(store, to), make=False)
    if form is Form.json:
        print_json({"deployment": made.id, "source": target.id, "kind": made.kind})
    elif made.kind == "files":
        note(f"deployment {made.id}: every process serves its own files")
    else:
        note(f"deployment {made.id} is current: the flows of {target.id} ({target.at:%Y-%m-%d %H:%M} UTC) again")


def deployments(
    last: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20, form: FormOption = Form.text
) -> None:
    """List what was current, newest first.

    \b
    Example:
      trinario deployments --last 5
    """
    found = on_database(lambda store: store.read(lambda unit: unit.versions.deployments(last)), make=False)
    if form is Form.json:
        print_json([_told(one) for one in found])
        return
    if not found:
        note("nothing was deployed so far: every process serves its own files (trinario deploy)")
    for one in found:
        source = f" {'after' if one.kind == 'files' else 'to'} {one.source}" if one.source else ""
        state = "  (sessions are being moved)" if one.moving else ""
        out(
            f"{one.id:>5}  {one.at:%Y-%m-%d %H:%M}  {one.kind}{source}  {one.author}  {len(one.manifest)} flows{state}\n"
        )


def diff(
    before: Annotated[
        str, typer.Argument(metavar="A", help="live, disk, a deployment, or the beginning of a revision.")
    ] = "live",
    after: Annotated[str, typer.Argument(metavar="B", help="The same.")] = "disk",
    bot: BotOption = None,
    page: Annotated[Page, typer.Option("--format", help="Markdown for reviewers, or data.")] = Page.markdown,
) -> None:
    """Show two versions to a reviewer: steps, words, and a Mermaid figure in which what changed is coloured.

    \b
    Examples:
      trinario diff
      trinario diff 11 12 > review.md
      trinario diff 3fa9c2d1 disk --bot bots/demo
    """
    from trinario.authoring.versions.compare import compare
    from trinario.authoring.versions.plan import change_json
    from trinario.authoring.versions.review import review
    from trinario.runtime import versions

    async def look(store: "Database") -> tuple[dict[str, Any], dict[str, Any]]:
        folder = folder_of(bot) if "disk" in (before, after) else Path()
        return await versions.side(store, before, folder), await versions.side(store, after, folder)

    old, new = on_database(look, make=False)
    shared = [side for side, name in ((old, before), (new, after)) if len(side) == 1 and not _whole(name)]
    for only in shared:  # one side is one flow: so is the other
        old, new = ({name: side[name] for name in side if name in only} for side in (old, new))
    if page is Page.json:
        changed = [n for n in {**old, **new} if n not in old or n not in new or old[n].revision != new[n].revision]
        print_json([change_json(compare(name, old.get(name), new.get(name))) for name in changed])
    else:
        out(review(old, new, before, after))


def _whole(name: str) -> bool:
    return name in ("disk", "live") or (name.isdigit() and len(name) < 8)


# ---- what they share


async def _seen(store: "Database", bot: Path | None) -> "Prospect":
    from trinario.runtime import versions

    return await versions.prospect(store, versions.read_disk(folder_of(bot)))


def folder_of(bot: Path | None) -> Path:
    from trinario.cli.run import only_bot

    return bot or only_bot(Path())


def on_database(work: Callable[["Database"], Awaitable[T]], make: bool) -> T:
    from trinario.errors import ConfigError
    from trinario.runtime.settings import load_settings
    from trinario.runtime.versions import database

    async def do() -> T:
        async with database(load_settings(), make) as store:
            return await work(store)

    try:
        import asyncio

        return asyncio.run(do())
    except ConfigError as error:
        refuse(str(error), BAD_CONFIGURATION)


def _confirm(question: str, yes: bool) -> None:
    """Ask at a terminal; elsewhere nobody is there to answer."""
    if yes:
        return
    if not sys.stdin.isatty():
        refuse("nobody is here to be asked: say --yes", USAGE)
    if not typer.confirm(question, err=True):
        raise typer.Exit(ISSUES)


def _shown(text: str) -> str:
    """A plan, on a terminal in colours: green comes, red goes, yellow is otherwise."""
    if not colored():
        return text
    return "".join(_painted(line) for line in text.splitlines(keepends=True))


def _painted(line: str) -> str:
    code = {"+ ": "32", "- ": "31", "~ ": "33", "> ": "33", "? ": "36", "! ": "31;1"}.get(line.lstrip()[:2])
    return f"\x1b[{code}m{line.rstrip()}\x1b[0m\n" if code else line


def _current(newest: "Deployment | None") -> str:
    if newest is None:
        return "nothing was ever served from this database"
    what = f"deployment {newest.id}" if newest.pinned else "the files of a process"
    told = f"current: {what}, of {newest.at:%Y-%m-%d %H:%M} UTC, by {newest.author}"
    # what a first deploy does besides: until then a saved file is served at once
    return told if newest.pinned else f"{told}; from a deploy on, files are served only when they are deployed"


def _told(one: "Deployment") -> dict[str, Any]:
    return {
        "id": one.id, "at": one.at.isoformat(), "kind": one.kind, "author": one.author, "source": one.source,
        "moving": one.moving, "flows": {name: list(place) for name, place in one.manifest.items()},
    }  # fmt: skip


def print_json(data: Any) -> None:
    import json

    out(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
