"""`check`, `explain`: the files of a project, without running anything."""

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trinario.cli.screen import ISSUES, USAGE, colored, note, out, refuse

if TYPE_CHECKING:
    from trinario.authoring.issue import Issue
    from trinario.runtime.versions import Database


class Form(StrEnum):
    """How issues are printed."""

    text = "text"
    json = "json"
    github = "github"
    sarif = "sarif"


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH", help="Files or folders; without any, the whole project.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How issues are printed.")] = Form.text,
    explore: Annotated[
        bool, typer.Option("--explore", help="Also play every flow with made-up answers, and show what goes wrong.")
    ] = False,
    budget: Annotated[
        str, typer.Option("--budget", metavar="TIME", help="How long --explore may play with one bot.")
    ] = "20s",
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where --explore writes the talks that show a fault.")
    ] = None,
    meta: Annotated[
        bool, typer.Option("--meta", help="Also ask Meta what it thinks of the templates: approval, category, quality.")
    ] = False,
) -> None:
    """Check flows and bots: everything that is wrong, where it is, and how to mend it.

    Ends with 0 when there is no error (warnings may be left), 1 when there is one, 2 when a path cannot be checked.

    \b
    Examples:
      trinario check
      trinario check flows/booking.yaml
      trinario check --explore --out tests/talks/found
      trinario check --format sarif > issues.sarif
      trinario check --meta
    """
    from trinario.cli.files import checked
    from trinario.errors import ConfigError

    try:
        issues = checked(paths or [])
        if explore:
            issues = _explored(issues, paths or [], budget, folder, form)
        if meta:
            issues = tuple(sorted(dict.fromkeys((*issues, *_at_meta(paths or [])))))
    except ConfigError as error:
        refuse(str(error), USAGE)
    if not (explore and form in (Form.text, Form.json)):
        out(_printed(issues, form))
    errors = sum(issue.severity == "error" for issue in issues)
    if form is Form.text:
        note(_summary(errors, len(issues) - errors))
    if errors:
        raise typer.Exit(ISSUES)


def _explored(
    issues: "tuple[Issue, ...]", paths: list[Path], budget: str, folder: Path | None, form: Form
) -> "tuple[Issue, ...]":
    """The issues with what playing shows. Texts and JSON bring the talks, so they are printed here."""
    from trinario.cli import exploring

    plays = exploring.play(paths, exploring.seconds(budget))
    written = exploring.write(plays, folder) if folder is not None else {}
    found = exploring.issues_of(plays)
    if form is Form.json:
        out(exploring.as_json((*issues, *found), plays, written))
    elif form is Form.text:
        out(_printed(issues, form) + exploring.as_text(plays, written, colored()))
        for remark in exploring.remarks(plays):
            note(remark)
    return (*issues, *found)


def _at_meta(paths: list[Path]) -> "list[Issue]":
    """What Meta says of the templates of the bots that are meant: those of the paths, else all of the project."""
    from trinario.authoring.check_standing import check_standing
    from trinario.authoring.load import load_project
    from trinario.cli.files import project_of
    from trinario.cli.templates import standings

    found: list[Issue] = []
    for root in dict.fromkeys(project_of(path) or path for path in paths or [Path()]):
        project = load_project(root, None, os.environ)
        for name, bot in project.bots.items():
            if bot.templates.templates:
                for channel, told in standings(root / "bots" / name).items():
                    found += check_standing(bot, channel, told)
    return found


def _printed(issues: "tuple[Issue, ...]", form: Form) -> str:
    from trinario import __version__
    from trinario.authoring import printing

    match form:
        case Form.text:
            return printing.print_issues(issues, color=colored())
        case Form.json:
            return printing.print_json(issues)
        case Form.github:
            return printing.print_github(issues)
        case Form.sarif:
            return printing.print_sarif(issues, __version__)


def _summary(errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return "no issues"
    counts = [(errors, "error"), (warnings, "warning")]
    return ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count)


def explain(
    code: Annotated[
        str,
        typer.Argument(
            metavar="CODE", help="The code of an issue, like T012, a step, a trigger, an answer type; or message."
        ),
    ],
    id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="With `message`: the id of one that we said.")
    ] = None,
) -> None:
    """Say what the code of an issue means, what a word of the language does, or why a message went or not.

    \b
    Examples:
      trinario explain T012
      trinario explain http
      trinario explain message i4711/1/1/0/0
    """
    if id is not None:
        if code != "message":
            refuse("an id goes with `message`: trinario explain message i4711/1/1/0/0", USAGE)
        _explain_message(id)
        return
    from difflib import get_close_matches

    from trinario.authoring.codes import CODES, explained
    from trinario.authoring.described import described, words

    text = explained(code) or described(code)
    if text is None:
        near = get_close_matches(code.upper(), CODES, 1) or get_close_matches(code.lower(), words(), 1)
        hint = (
            f"did you mean {near[0]}?" if near else f"issues have {min(CODES)} to {max(CODES)}; words are send, ask ..."
        )
        refuse(f"nothing is called {code!r}; {hint}", USAGE)
    out(text)


def _explain_message(id: str) -> None:
    """Why a message of ours went or not, why there, and why not elsewhere."""
    from trinario.cli.versions import on_database
    from trinario.policy.why import Sending, sentences

    async def look(store: "Database") -> Sending | None:
        return await store.read(lambda unit: unit.sending(id))

    found = on_database(look, make=False)
    if found is None:
        refuse(
            f"no message of ours has the id {id}: they are those of the thread, GET /api/v1/contacts/ID/messages", USAGE
        )
    out("\n".join(sentences(found)))
