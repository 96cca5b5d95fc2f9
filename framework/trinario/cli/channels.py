"""`channels`: whether they send, and going on after the trouble of one was mended."""

import getpass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trinario.cli.privacy import Form, FormOption, as_json, run_on
from trinario.cli.screen import ISSUES, note, out

if TYPE_CHECKING:
    from trinario.ports import Trouble

app = typer.Typer(
    name="channels",
    help="Channels that the platform refuses, and going on.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list", short_help="Show the channels that do not send as they could.")
def list_(form: FormOption = Form.text) -> None:
    """Show the channels that do not send as they could: why, since when, until when. Ends with 1 if there are any.

    \b
    Example:
      trinario channels list
    """
    from trinario.runtime.channels import troubles_now

    known = run_on(lambda settings, store: troubles_now(store))
    if form is Form.json:
        out(as_json({"channels": [_data(one) for one in known]}))
    else:
        out("".join(_line(one) + "\n" for one in known) or "all channels send\n")
    if known:
        raise typer.Exit(ISSUES)


@app.command(short_help="Try again at once.")
def resume(channel: Annotated[str, typer.Argument(help="Its name in bot.yaml.")], form: FormOption = Form.text) -> None:
    """Try again at once, after what was the matter with a channel has been mended: a token, a payment, a permission.

    Without it a channel in trouble tries by itself, every 30 seconds at first and every 15 minutes at last. One message
    goes first; the others follow when it went.

    \b
    Example:
      trinario channels resume whatsapp
    """
    from trinario.runtime.channels import resume_now

    due = run_on(lambda settings, store: resume_now(store, channel, getpass.getuser()))
    if form is Form.json:
        out(as_json({"channel": channel, "due": due}))
    else:
        note(
            f"{channel} tries again; {due:,} message{'' if due == 1 else 's'} that had been refused {'is' if due == 1 else 'are'} due"
        )


def _data(one: "Trouble") -> dict[str, Any]:
    return {"channel": one.channel, "code": one.code, "reason": one.reason, "since": _iso(one.since),
            "rests_until": _iso(one.rests_until), "marketing_waits_until": _iso(one.bulk_until),
            "percent_of_pace": one.share}  # fmt: skip


def _line(one: "Trouble") -> str:
    parts = [f"refused with {one.code} {one.reason}".rstrip()] if one.code else []
    parts += [f"since {one.since:%Y-%m-%d %H:%M} UTC"] if one.code and one.since else []
    parts += [f"rests until {one.rests_until:%H:%M:%S} UTC"] if one.rests_until else []
    parts += [f"marketing waits until {one.bulk_until:%H:%M} UTC"] if one.bulk_until else []
    parts += [f"at {one.share} percent of its pace"] if one.share < 100 else []
    return f"{one.channel}: {', '.join(parts)}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
