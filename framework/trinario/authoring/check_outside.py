"""The steps that ask the outside, against their bot: hosts that are allowed, functions that are there, a model."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from trinario.authoring.finding import Findings
from trinario.authoring.functions import CONTACT, Signature
from trinario.authoring.near import listed, mend
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.parse_outside import name_in
from trinario.model.flow import Ai, Flow, Function, Http
from trinario.model.hosts import is_allowed

_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})


def check_outside(flow: Flow, bot: ParsedBot, found: Findings) -> None:
    """T050, T052 and T053 of one flow in one bot."""
    for step in flow.steps.values():
        match step:
            case Http():
                _check_address(step, bot, found)
            case Function():
                _check_function(step, bot.functions, found)
            case Ai() if not bot.get("ai"):
                found.warn("T053", found.node("steps", step.name, "ai"),
                           f"{bot.file} has no `ai`, so this step always takes its fallback",
                           "write ai: {url: ..., model: ..., key: ...} there")  # fmt: skip
            case _:
                pass


# ---- addresses


def _check_address(step: Http, bot: ParsedBot, found: Findings) -> None:
    node = found.node("steps", step.name, "http")
    head = _head(step, bot)
    # a variable of the environment that is not set here is nobody's fault yet
    problem = address_fault(head, allowed(bot)) if head is not None and "${" not in head else None
    if problem:
        found.fault("T050", node, problem[0], problem[1])


def _head(step: Http, bot: ParsedBot) -> str | None:
    """The address up to its path, as far as the files say it; None where only runs tell the host."""
    known = bot.get("globals") or {}
    head = ""
    for piece in step.address:
        if "/" in head.partition("://")[2]:
            break
        if isinstance(piece, str):
            head += piece
            continue
        path = name_in(piece)
        value = known.get(path[1]) if path[:1] == ("globals",) and len(path) == 2 else None
        if not isinstance(value, str):
            return None
        head += value
    return head


def allowed(bot: ParsedBot) -> tuple[str, ...]:
    """The hosts that bot.yaml allows."""
    record = bot.get("http")
    return tuple(record.get("allow") or ()) if record is not None else ()


def address_fault(address: str, allow: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with an absolute address and how to mend it; None: it may be called."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f'"{address}" is no web address', "write it like https://cal.example/holds"
    shown = f"[{host}]" if ":" in host else host
    if parts.scheme not in ("https", "http") or not host:
        return f'"{address[:60]}" is no web address', "write it with https://, like https://cal.example/holds"
    if parts.scheme == "http" and shown not in _LOCAL:
        return "only https may be called", f"write https://{address[7:47]}"
    if "@" in parts.netloc or "\\" in address:
        return "an address has no sign-in in it", "put the secret into a header: Authorization: ..."
    if not is_allowed(shown, port, parts.scheme, allow):
        there = f"{shown}:{port}" if port else shown
        known = f"; allowed are {listed(allow)}" if allow else ""
        return f'the host "{there}" is not allowed', f"write http: {{allow: [{there}]}} into bot.yaml{known}"
    return None


# ---- functions


def _check_function(step: Function, known: Mapping[str, Signature] | None, found: Findings) -> None:
    node = found.node("steps", step.name, "function")
    if known is None:
        found.fault(
            "T052", node, "the bot has no functions.py", f"write one beside bot.yaml, with `def {step.function}(...)`"
        )
        return
    signature = known.get(step.function)
    if signature is None:
        hint = mend(step.function, known) if known else f"write `def {step.function}(...)` there"
        found.fault("T052", node, f'functions.py has no function "{step.function}"', hint)
        return
    for name in step.inputs:
        if name not in signature.takes and not (signature.any and name != CONTACT):
            found.fault("T052", found.node("steps", step.name, "with", name),
                        f'function "{step.function}" takes no "{name}"',
                        mend(name, signature.takes) or "leave it out")  # fmt: skip
    missing = [name for name in signature.needs if name not in step.inputs]
    if missing:
        found.fault("T052", node, f'function "{step.function}" needs {listed(missing)}',
                    f"write with: {{{missing[0]}: ...}}")  # fmt: skip
