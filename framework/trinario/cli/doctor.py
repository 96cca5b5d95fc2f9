"""`doctor`: whether everything that a bot needs is in place, and what to do about what is not."""

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trinario.cli.run import only_bot
from trinario.cli.screen import BAD_CONFIGURATION, ISSUES, colored, out, refuse

if TYPE_CHECKING:
    from trinario.runtime.finding import Finding


class Form(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"


def doctor(
    bot: Annotated[
        Path | None, typer.Option("--bot", help="The bot's folder; may be left out if bots/ holds only one.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How findings are printed.")] = Form.text,
    webhook_secret: Annotated[
        bool, typer.Option("--webhook-secret", help="Print only the secret that webhooks of ours are signed with.")
    ] = False,
) -> None:
    """Look at the configuration, the database, the clock and the Graph's accounts, and say what to do.

    Ends with 0 when nothing is wrong (doubts may be left), else with 1.

    \b
    Example:
      trinario doctor --bot bots/demo
    """
    import asyncio

    from trinario.errors import ConfigError
    from trinario.runtime.doctor import examine

    if webhook_secret:
        out(_webhook_secret())
        return
    try:
        findings = asyncio.run(examine(bot or only_bot(Path()), os.environ))
    except ConfigError as error:
        refuse(str(error), BAD_CONFIGURATION)
    out(_as_json(findings) if form is Form.json else "".join(map(_as_text, findings)))
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(ISSUES)


def _webhook_secret() -> str:
    """As the Standard Webhooks specification writes it, for the one who receives them."""
    from base64 import b64encode

    from trinario.errors import ConfigError
    from trinario.jobs.notices import webhook_secret
    from trinario.runtime.chance import SecretChance
    from trinario.runtime.settings import load_settings

    try:
        secret = webhook_secret(SecretChance(load_settings().secret_key))
    except ConfigError as error:
        refuse(str(error), BAD_CONFIGURATION)
    return f"whsec_{b64encode(secret).decode()}\n"


_MARKS = {"fine": ("ok   ", "32"), "doubtful": ("doubt", "33"), "wrong": ("WRONG", "31")}


def _as_text(finding: "Finding") -> str:
    mark, color = _MARKS[finding.state]
    shown = f"\033[{color}m{mark}\033[0m" if colored() else mark
    first, *further = [*finding.what.splitlines(), *([f"do: {finding.mend}"] if finding.mend else [])]
    lines = [f"{shown}  {finding.about}: {first}", *(f"       {line}" for line in further)]
    return "".join(line + "\n" for line in lines)


def _as_json(findings: "list[Finding]") -> str:
    import json

    rows = [
        {"about": finding.about, "state": finding.state, "what": finding.what, "mend": finding.mend}
        for finding in findings
    ]
    return json.dumps({"findings": rows}, ensure_ascii=False, indent=2) + "\n"
