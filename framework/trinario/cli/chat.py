"""`chat`: a flow talked with in the terminal, on the real machine in memory."""

import io
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trinario.cli.run import only_bot
from trinario.cli.screen import BAD_CONFIGURATION, USAGE, colored, note, out, refuse

if TYPE_CHECKING:
    import asyncio

    from trinario.authoring.load import LoadedBot
    from trinario.testing.chat.bubbles import Screen
    from trinario.testing.chat.room import Chat, Heard


def chat(
    flow: Annotated[
        str | None, typer.Argument(metavar="[FLOW]", help="The flow to begin with, by name or file; else write first.")
    ] = None,
    on: Annotated[str, typer.Option("--on", help="The phone in your hand: a channel or a platform.")] = "",
    name: Annotated[str, typer.Option("--as", help="Your name, as the bot knows it.")] = "",
    language: Annotated[str, typer.Option("--language", help="Your language, like it or pt_BR.")] = "",
    bot: Annotated[
        Path | None, typer.Option("--bot", help="The bot's folder; may be left out if bots/ holds only one.")
    ] = None,
    at: Annotated[
        datetime | None, typer.Option("--at", help="When it begins, in UTC; now when left out.", show_default=False)
    ] = None,
) -> None:
    """Talk to a bot in the terminal: the real machine in memory, three phones, a clock that you move.

    A line that begins with a slash is an order: /tap 2, /on instagram, /follow, /after 2h, /state; /help tells all.
    The clock goes on ten seconds with each thing you do, and stands still while you think.

    \b
    Examples:
      trinario chat
      trinario chat lead_capture --on messenger --as Ana --language it
      printf 'info\\n/tap 1\\n' | trinario chat
    """
    import asyncio

    from trinario.errors import ConfigError
    from trinario.testing.run import load

    try:
        loaded = load(bot or only_bot(Path()))
    except ConfigError as error:
        refuse(str(error), BAD_CONFIGURATION)
    room = _room(loaded, on, name, language, at)
    begun = _flow(loaded, flow) if flow else ""
    with asyncio.Runner() as runner:
        try:
            _talk(room, runner, begun)
        finally:
            runner.run(room.leave())
            room.close()


def _room(loaded: "LoadedBot", on: str, name: str, language: str, at: datetime | None) -> "Chat":
    from trinario.authoring.scalars import locale
    from trinario.authoring.unreadable import Unreadable
    from trinario.testing.chat.room import Chat, Person, now
    from trinario.testing.scene import Broken

    try:
        tongue = locale(language) if language else None
        who = Person(on or next(iter(loaded.bot.channels)), name, tongue)
        return Chat(loaded, who, at.replace(tzinfo=UTC) if at else now())
    except Unreadable as fault:
        refuse(fault.message, USAGE)
    except Broken as broken:
        refuse(broken.reason, USAGE)


def _flow(loaded: "LoadedBot", wanted: str) -> str:
    """The flow of that name or file."""
    from trinario.authoring.files import shown
    from trinario.authoring.near import mend

    flows = loaded.bot.flows
    if wanted in flows:
        return wanted
    found = next((flow.name for flow in flows.values() if flow.file == shown(Path(wanted))), None)
    return found or refuse(f'the bot has no flow "{wanted}": {mend(wanted, flows)}', USAGE)


def _talk(room: "Chat", runner: "asyncio.Runner", flow: str) -> None:
    """Until the input ends, or /quit."""
    from trinario.testing.chat.bubbles import Screen

    platforms = {name: channel.platform for name, channel in room.bot.channels.items()}
    screen = Screen(shutil.get_terminal_size((80, 24)).columns, colored(), platforms)
    terminal = sys.stdin.isatty()
    if terminal:
        note(f"  {room.bot.title or room.bot.name} on {room.channel}. /help tells the orders, /quit ends.\n")
    if flow and not _told(room, screen, runner.run(room.begin(flow))):
        return
    for line in _lines(room, terminal):
        if not _told(room, screen, runner.run(room.hear(line))):
            return


def _told(room: "Chat", screen: "Screen", heard: "list[Heard]") -> bool:
    """Print what came of something; gives False when the chat is over."""
    from trinario.testing.chat.orders import Asks
    from trinario.testing.chat.room import Remark
    from trinario.testing.chat.state import print_state

    for one in heard:
        if isinstance(one, Asks):
            if one.what == "quit":
                return False
            out(screen.help() if one.what == "help" else print_state(room))
        else:
            out(screen.remark(one) if isinstance(one, Remark) else screen.bubble(one))
    return True


def _lines(room: "Chat", terminal: bool) -> Iterator[str]:
    """What is typed; what comes through a pipe is shown as it is read. What is no UTF-8 becomes question marks."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    if not terminal:
        for line in sys.stdin:
            out(f"{room.channel}> {line.rstrip()}\n")
            yield line
        return
    _completed()
    while True:
        try:
            yield input(f"{room.channel}> ")
        except EOFError:
            out("\n")
            return


def _completed() -> None:
    """The terminal remembers lines and completes orders, where Python has readline."""
    from trinario.testing.chat.orders import NAMES

    try:
        import readline
    except ImportError:  # Windows
        return
    orders = [f"/{name} " for name in NAMES]

    def complete(text: str, state: int) -> str | None:
        found = [order for order in orders if order.startswith(text)] if text.startswith("/") else []
        return found[state] if state < len(found) else None

    readline.set_completer_delims(" ")
    readline.set_completer(complete)
    readline.parse_and_bind("tab: complete")
