"""`demo`: the bot, Meta beside it, and three phones in the browser; no account needed."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trinario.cli.screen import BAD_CONFIGURATION, note, refuse

if TYPE_CHECKING:
    from trinario.cli.emulator_child import EmulatorChild

BOT = Path("bots/demo")
STATE = Path(".trinario")
"""Holds a folder for each port that demos ran on."""

SUPPLIED = {
    "WHATSAPP_TOKEN": "demo-whatsapp-token",
    "PAGE_TOKEN": "demo-page-token",
    "META_APP_SECRET": "demo-app-secret",
    "META_VERIFY_TOKEN": "demo-verify-token",
}
"""What `${}` in bots/demo/bot.yaml asks for; the emulator is told the same."""


CALENDAR = "calendar.luckygarden.example"
"""The service that the flow `booking` calls; the demo has one of its own."""


def demo(
    port: Annotated[
        int, typer.Option(min=1, max=65534, help="The bot's port; the emulator takes the next one.")
    ] = 8080,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the page.")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what earlier demos on this port left in .trinario/.")
    ] = False,
) -> None:
    """Run the demo bot against Meta's emulator, with three phones in the browser. Ctrl-C ends it.

    \b
    Examples:
      trinario demo
      trinario demo --port 8181 --no-browser
    """
    from trinario.errors import ConfigError

    try:
        raise typer.Exit(_demo(port, not no_browser and _desktop(), fresh))
    except ConfigError as error:
        refuse(str(error), BAD_CONFIGURATION)


def _demo(port: int, browser: bool, fresh: bool) -> int:
    from trinario.cli.demo_templates import hand_in
    from trinario.cli.emulator_child import EmulatorChild
    from trinario.errors import ConfigError

    if not (BOT / "bot.yaml").is_file():
        raise ConfigError(f"there is no {BOT}/bot.yaml here: run the demo in the folder that holds bots/ and flows/")
    if _in_use(port):
        raise ConfigError(f"something listens on port {port} already, maybe another demo: choose another with --port")
    state = STATE / f"demo-{port}"
    _environment(port, state)
    emulator = EmulatorChild(state, port + 1, _accounts(port))
    with _ended_by_signals():
        try:
            if fresh:
                emulator.forget()
            state.mkdir(parents=True, exist_ok=True)
            (STATE / ".gitignore").write_text("*\n", encoding="ascii")
            if not emulator.start():
                note(f"Meta's emulator is still running at {emulator.url}; the demo goes on with it")
            hand_in(Path(), BOT.name, emulator.url)
            return _serve(port, browser, emulator)
        except KeyboardInterrupt:
            return 0
        finally:
            emulator.stop()


def _in_use(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _environment(port: int, state: Path) -> None:
    """Supply what is not set; the Graph is the emulator, whatever is set."""
    emulator = f"http://127.0.0.1:{port + 1}"
    for name, value in SUPPLIED.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("TRINARIO_DATABASE_URL", f"sqlite:///{state}/demo.db")
    os.environ.setdefault("TRINARIO_LOG", "text")
    os.environ.setdefault("TRINARIO_PUBLIC_URL", f"http://127.0.0.1:{port}")
    os.environ["TRINARIO_GRAPH_URL"] = os.environ["TRINARIO_INSTAGRAM_URL"] = emulator
    os.environ["TRINARIO_CLOCK_URL"] = f"{emulator}/_emulator/clock"
    os.environ["TRINARIO_HTTP_STAND_INS"] = f"{CALENDAR}=http://127.0.0.1:{port}/calendar"


def _accounts(port: int) -> dict[str, Any]:
    """The emulator's side of bot.yaml: the same secrets, and where the bot's webhooks are."""
    tokens = {"whatsapp": "WHATSAPP_TOKEN", "messenger": "PAGE_TOKEN", "instagram": "PAGE_TOKEN"}
    return {
        platform: {
            "access_token": os.environ[token],
            "app_secret": os.environ["META_APP_SECRET"],
            "verify_token": os.environ["META_VERIFY_TOKEN"],
            "webhook_url": f"http://127.0.0.1:{port}/webhooks/{platform}",
        }
        for platform, token in tokens.items()
    }


def _serve(port: int, browser: bool, emulator: "EmulatorChild") -> int:
    """The bot in this process, with the phones page beside its webhooks."""
    from trinario.cli.demo_calendar import calendar_app
    from trinario.runtime import process
    from trinario.runtime.settings import load_settings
    from trinario.web.phones.app import phones_app

    def ready(listening: int) -> None:
        page = f"http://127.0.0.1:{listening}/phones"
        note(f"\n  three phones:  {page}\n  Meta's log:    {emulator.url}/_emulator/log\n  Ctrl-C ends the demo\n")
        if browser:
            threading.Thread(target=_open, args=(page,), daemon=True).start()

    return process.run(
        BOT,
        "127.0.0.1",
        port,
        "all",
        load_settings(),
        lambda room: {
            "/phones": phones_app(emulator.url, room.inspect, room.world().bot().title, room.trouble),
            "/calendar": calendar_app(emulator.folder / "calendar.json"),
        },
        ready,
    )


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
