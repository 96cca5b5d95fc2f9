"""Bots written as authors write them, for the tests of the engine."""

from dataclasses import replace
from typing import Any

from tests.unit.engine.worlds import Person, bot
from trinario.authoring.parse import parse_flow
from trinario.authoring.patterns import patterns
from trinario.model.bot import Bot
from trinario.model.flow import Flow, InputSpec

FIELDS = {name: InputSpec("any") for name in ("day", "other", "n", "items", "city")}


def read(text: str) -> Flow:
    parsed = parse_flow(text.encode(), "f.yaml")
    assert parsed.flow is not None, [str(issue) for issue in parsed.issues]
    return replace(parsed.flow, revision="r1")


def house(*texts: str, **more: Any) -> Bot:
    given = {"patterns": patterns({}, "en"), "fields": FIELDS, "ai": True, **more}
    made = bot(*map(read, texts), **{key: value for key, value in given.items() if key != "patterns"})
    return replace(made, patterns={**patterns({}, "en"), **more.get("patterns", {})})


def main(steps: str, head: str = "") -> str:
    return f"flow: main\n{head}steps:\n" + "".join(f"  {line}\n" for line in steps.strip().splitlines())


SIDE = "flow: side\ntriggers: [{keyword: side, match: exact}]\nsteps: {q: {ask: Side?}, s: {send: Thanks.}}"
CONTINUE = "Let us go on where we were."


def person(*texts: str, **contact: Any) -> Person:
    return Person(house(*texts), timezone="Europe/Rome", **contact)
