"""Logs: one line a turn, JSON or text, without secrets and without a word of what was said."""

import logging
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError

from trinario import jsons
from trinario.jobs.received import TurnLine
from trinario.runtime.settings import Settings

HIDDEN = "***"

_SECRETS = re.compile(
    r"""(?ix) (?P<name> access_token | appsecret_proof | app_secret | verify_token | client_secret | input_token
        | api_token )
        (?P<sign> ["']? \s* [=:] \s* ["']? ) (?P<value> [^\s"'&,;)}\]]+ )
      | (?P<header> authorization ["']? \s* [=:,] \s* \[? (?: b? ["'] )? (?: (?: bearer | oauth | basic ) \s+ )? )
        (?P<credential> [^\s"',;)}\]]+ )
      | (?P<scheme> \b bearer \s+ ) (?P<token> [A-Za-z0-9._~+/=|-]{8,} )
      | (?P<link> :// [^\s/:@"']* : ) (?P<password> [^\s/@"']+ ) (?= @ )"""
)

_turns = logging.getLogger("trinario.turn")


def redact(text: str) -> str:
    """`text` without the values of access_token, appsecret_proof, Authorization ..., without passwords in addresses."""
    return _SECRETS.sub(_hide, text)


def _hide(match: re.Match[str]) -> str:
    if match["name"]:
        return match["name"] + match["sign"] + HIDDEN
    return (match["header"] or match["scheme"] or match["link"]) + HIDDEN


class _House(logging.Formatter):
    """The end of every record: the line is made, then whatever is secret in it is hidden, tracebacks included."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        self._secrets = sorted({secret for secret in secrets if len(secret) >= 6}, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        if hasattr(record, "turns"):  # ids and names of ours only; they come by the thousand a second
            return self.line(record)
        line = redact(self.line(record))
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line

    def line(self, record: logging.LogRecord) -> str:
        raise NotImplementedError

    def trouble(self, record: logging.LogRecord) -> str:
        """The traceback that came with a record, "" without one."""
        return self.formatException(record.exc_info) if record.exc_info and record.exc_info[0] else ""


class JsonLines(_House):
    """One JSON object a line: time, level, logger, message, then the record's own fields."""

    def line(self, record: logging.LogRecord) -> str:
        head = {"time": _moment(record), "level": record.levelname.lower(), "logger": record.name}
        turns: Sequence[dict[str, object]] | None = getattr(record, "turns", None)
        if turns is not None:
            return "\n".join(_compact({**head, "message": "turn", **turn}) for turn in turns)
        body: dict[str, object] = {**head, "message": record.getMessage()}
        if trouble := self.trouble(record):
            body["exception"] = trouble
        return _compact(body)


class TextLines(_House):
    """A line for eyes."""

    def line(self, record: logging.LogRecord) -> str:
        head = f"{_moment(record)} {record.levelname:<7} {record.name.removeprefix('trinario.')}: "
        turns: Sequence[dict[str, object]] | None = getattr(record, "turns", None)
        if turns is not None:
            return "\n".join(head + _one_turn(turn) for turn in turns)
        trouble = self.trouble(record)
        return head + record.getMessage() + ("\n" + trouble if trouble else "")


def _compact(body: dict[str, object]) -> str:
    return jsons.dumps(body)


def _one_turn(turn: dict[str, object]) -> str:
    return " ".join(f"{name}={value}" for name, value in turn.items())


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def configure(settings: Settings, secrets: Iterable[str] = ()) -> None:
    """Send everything to stderr as the settings say. `secrets` are values that never appear, whoever writes them."""
    level = settings.log_level
    secrets = [*secrets, *filter(None, (settings.api_token,))]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(secrets) if settings.log == "json" else TextLines(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    server = logging.getLogger("aiohttp.server")
    server.removeFilter(_is_ours)
    server.addFilter(_is_ours)
    for chatty in ("aiohttp.access", "aiohttp.client", "apscheduler", "sqlalchemy.engine", "alembic", "asyncio"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def _is_ours(record: logging.LogRecord) -> bool:
    """False for what strangers do to the server (no HTTP, broken bodies, hanging up): it was answered already."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError | RequestPayloadError | ConnectionError)


def turn_lines(lines: Sequence[TurnLine], seconds: float) -> None:
    """One line for each turn of a batch that took so long, in one write. `duration` is milliseconds a turn."""
    if not lines or not _turns.isEnabledFor(logging.INFO):
        return
    duration = round(seconds * 1000 / len(lines), 3)
    turns = [turn_fields(line, duration) for line in lines]
    _turns.info("turn", extra={"turns": turns})


def turn_fields(line: TurnLine, duration: float) -> dict[str, object]:
    """A turn as the log tells it: who, where, which way."""
    return {
        "contact": line.contact,
        "flow": line.flow,
        "session": line.session,
        "path": ">".join(f"{step}:{way}" for step, way in line.path),
        "origin": line.origin,
        "duration": duration,
    }
