"""`demo`: a bot, Meta beside it, and three phones in the browser; no account needed."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trinario.cli.screen import BAD_CONFIGURATION, note, refuse

if TYPE_CHECKING:
    from aiohttp import web

    from trinario.cli.demo_bot import DemoBot
    from trinario.cli.emulator_child import EmulatorChild
    from trinario.runtime.engine_room import EngineRoom

STATE = Path(".trinario")
"""Holds a folder for each bot and port that demos ran on."""


PATIENT = {"disable_after": 0}
"""The demo's Meta goes on telling a bot that was away for hours, whoever moved the clock; Meta itself unsubscribes a Page."""


def demo(
    bot: Annotated[
        Path | None,
        typer.Option("--bot", help="The bot's folder; without it bots/demo, or the only bot of the project."),
    ] = None,
    port: Annotated[
        int, typer.Option(min=1, max=65534, help="The bot's port; the emulator takes the next one.")
    ] = 8080,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the page.")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what earlier demos on this port left in .trinario/.")
    ] = False,
) -> None:
    """Play a bot against Meta's emulator, with three phones in the browser. Ctrl-C ends it.

    No account is needed: what ${} in bot.yaml lacks is made up, and the emulator gets the accounts of its channels.

    \b
    Examples:
      trinario demo
      trinario demo --bot bots/garden
      trinario demo --port 8181 --no-browser
    """
    from trinario.errors import ConfigError

    try:
        raise typer.Exit(_demo(bot, port, not no_browser and _desktop(), fresh))
    except ConfigError as error:
        refuse(str(error), BAD_CONFIGURATION)


def _demo(given: Path | None, port: int, browser: bool, fresh: bool) -> int:
    from trinario.cli.demo_bot import chosen_bot, prepared
    from trinario.cli.demo_templates import hand_in
    from trinario.cli.emulator_child import EmulatorChild
    from trinario.errors import ConfigError

    folder = chosen_bot(Path(), given)
    if _in_use(port):
        raise ConfigError(f"something listens on port {port} already, maybe another demo: choose another with --port")
    state = STATE / f"{folder.resolve().name}-{port}"
    bot = prepared(folder)
    for channel in bot.left_out:
        note(f"channel {channel} has no phone here: the emulator has one account for each platform")
    _environment(bot, port, state)
    emulator = EmulatorChild(state, port + 1, {**bot.accounts(port), **PATIENT})
    with _ended_by_signals():
        try:
            if fresh:
                emulator.forget()
            state.mkdir(parents=True, exist_ok=True)
            (STATE / ".gitignore").write_text("*\n", encoding="ascii")
            if not emulator.start():
                note(f"Meta's emulator is still running at {emulator.url}; the demo goes on with it")
            hand_in(folder, emulator.url)
            return _serve(bot, port, browser, emulator)
        except KeyboardInterrupt:
            return 0
        finally:
            emulator.stop()


def _in_use(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _environment(bot: "DemoBot", port: int, state: Path) -> None:
    """Supply what is not set; the Graph is the emulator, whatever is set."""
    from trinario.cli.demo_calendar import HOST

    emulator = f"http://127.0.0.1:{port + 1}"
    ours = {"DATABASE_URL": f"sqlite:///{state}/demo.db", "LOG": "text", "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    for name, value in ours.items():
        os.environ[f"TRINARIO_{name}"] = os.environ.get(f"TRINARIO_{name}") or value
    for name in ("TRINARIO_GRAPH_URL", "TRINARIO_INSTAGRAM_URL", "TRINARIO_TELEGRAM_URL"):
        os.environ[name] = emulator
    os.environ["TRINARIO_TELEGRAM_URL"] = emulator  # a demo writes to nobody outside
    os.environ["TRINARIO_CLOCK_URL"] = f"{emulator}/_emulator/clock"
    if bot.calls_calendar:
        os.environ["TRINARIO_HTTP_STAND_INS"] = f"{HOST}=http://127.0.0.1:{port}/calendar"


def _serve(bot: "DemoBot", port: int, browser: bool, emulator: "EmulatorChild") -> int:
    """The bot in this process, with the phones page beside its webhooks."""
    from trinario.cli.demo_calendar import calendar_app
    from trinario.runtime import process
    from trinario.runtime.settings import load_settings
    from trinario.web.phones import Backstage, phones_app

    def ready(listening: int) -> None:
        page = f"http://127.0.0.1:{listening}/phones"
        note(f"\n  {_phones(bot):<15}{page}\n  Meta's log:    {emulator.url}/_emulator/log\n  Ctrl-C ends the demo\n")
        if browser:
            threading.Thread(target=_open, args=(page,), daemon=True).start()

    def faces(room: "EngineRoom") -> dict[str, "web.Application"]:
        title = room.world().bot().title
        behind = Backstage(room.inspect, title, room.trouble, bot.platforms, room.world().bot, room.raise_event)
        found = {"/phones": phones_app(emulator.url, behind)}
        return found | ({"/calendar": calendar_app(emulator.folder / "calendar.json")} if bot.calls_calendar else {})

    return process.run(bot.folder, "127.0.0.1", port, "all", load_settings(), faces, ready)


def _phones(bot: "DemoBot") -> str:
    """What the page shows, in words."""
    count = len(bot.platforms)
    return {1: "one phone:", 2: "two phones:", 3: "three phones:"}.get(count, "four phones:")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM ends the demo as Ctrl-C does, and so does a closed terminal: the emulator must not be left behind.

    Once the bot runs it handles SIGTERM and Ctrl-C itself, and drains.
    """

    def end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    def hang_up(_number: int, _frame: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    before = {signal.SIGTERM: signal.signal(signal.SIGTERM, end)}
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means it
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, hang_up)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _desktop() -> bool:
    """Whether there is a person's desktop to open a page on."""
    if sys.platform in ("darwin", "win32"):
        return not os.environ.get("SSH_CONNECTION")
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open(page: str) -> None:
    import webbrowser

    webbrowser.open(page)
