"""python -m tests.soak.bugs: bugs planted in the product, one at a time; how many stories it takes to see each."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.soak.machine import STEPS, Soak

FAR = datetime(2100, 1, 1, tzinfo=UTC)

Wrong = Callable[[Any], Any]
"""Makes of a function of ours one with a bug."""


def _always(value: Any) -> Wrong:
    return lambda right: lambda *args, **kwargs: value


def _looser(right: Any) -> Any:
    return lambda one, other: {**other, **one, **{name: True for x in (one, other) for name, yes in x.items() if yes}}


def _twice(right: Any) -> Any:
    async def post(world: Any, row: Any, now: Any) -> Any:
        await right(world, row, now)
        return await right(world, row, now)

    return post


def _new_ids(right: Any) -> Any:
    count = iter(range(10**9))
    return lambda arrival, now: replace(right(arrival, now), external_id=f"x{next(count)}")


def _keeps_fields(right: Any) -> Any:
    def part(now: Any, before: Any, since: Any) -> Any:
        kept, taken = right(now, before, since)
        return kept, replace(taken, fields=now.fields)

    return part


BUGS: Mapping[str, tuple[str, str, Wrong]] = {
    "a webhook that comes twice is two messages": ("trinario.jobs.intake", "inward", _new_ids),
    "every message is sent twice": ("trinario.testing.worlds", "post", _twice),
    "what she wrote is not kept in her thread": ("trinario.jobs.hearing", "note", _always(None)),
    "marketing whose fate is unknown goes again": ("trinario.jobs.reconcile", "ONCE", lambda right: frozenset()),
    "the stop word does not reach her permissions": ("trinario.engine.command", "stop", _always(None)),
    "of two permissions the looser one counts": ("trinario.model.merge", "stricter", _looser),
    "what was taken back while they were one is forgotten": ("trinario.jobs.parting", "_words", _always([])),
    "who leaves leaves her permission behind": (
        "trinario.jobs.parting", "staying", lambda right: lambda start, words, joinings: right(
            start, [replace(word, side="kept") for word in words], joinings)),
    "a link joins at once, whatever is known of her": ("trinario.jobs.link", "needs_confirm", _always(False)),
    "a link that was passed on joins at once": ("trinario.jobs.link", "was_forwarded", _always(False)),
    "a link is good for ever": ("trinario.store.links", "moment", _always(FAR)),
    "no is yes": ("trinario.jobs.texts", "words", lambda right: lambda bot, contact, name: {"yes", "no"}),
    "UNLINK undoes nothing": ("trinario.jobs.receive", "says_unlink", _always(False)),
    "who leaves takes all fields along": ("trinario.jobs.parting", "part", _keeps_fields),
    "sessions begun in between stay with the one kept": ("trinario.store.partings", "_give_begun", _always(None)),
    "what came in between stays with the one kept": ("trinario.store.accounts.SqlMerges", "give", _always(None)),
    "what waits is said to the other": ("trinario.store.accounts.SqlMerges", "withdraw_strays", _always([])),
    "sessions that a merge ended stay ended": ("trinario.jobs.parting", "_restore", _always(None)),
    "both who are joined keep their question": (
        "trinario.jobs.merging", "united_sessions", lambda right: lambda hers, theirs: {
            one.id: replace(one, contact=hers.contact.id) for one in theirs.sessions}),
    "of two accounts always the first has the answer": ("trinario.jobs.received", "wrote_from", _always("nowhere")),
    "a person who writes does not silence the bot": (
        "trinario.jobs.echoed", "person_wrote", lambda right: lambda unit, world, contact, *rest: contact),
    "a reply of the team does not silence the bot": (
        "trinario.jobs.reply", "person_wrote", lambda right: lambda unit, world, contact, *rest: contact),
    "the bot speaks while people have her": (
        "trinario.jobs.reacting", "react", lambda right: lambda bot, standing, event: right(
            bot, replace(standing, contact=replace(standing.contact, owner="bot")), event)),
    "a tap on an old question answers it again": (
        "trinario.engine.tap", "_late", lambda right: lambda stage, session, prompt, option: (
            stage.change(session, prompt, option) is None)),
    "a tap means nothing": ("trinario.engine.hear", "tap", _always(False)),
    "an answer is saved under no name": ("trinario.engine.draft.Draft", "answer", _always(None)),
}  # fmt: skip
"""What is wrong: where, the name of what is replaced, and by what."""


def main() -> int:
    """Plant each bug in a process of its own, and tell after how many stories it was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", default="")
    parser.add_argument("--examples", type=int, default=1000)
    given = parser.parse_args()
    if given.one:
        return _hunt(given.one, given.examples)
    missed = 0
    for name in BUGS:
        command = [sys.executable, "-m", "tests.soak.bugs", "--one", name, "--examples", str(given.examples)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        print(done.stdout.strip() or done.stderr.strip().splitlines()[-1], flush=True)
        missed += done.returncode != 0
    print(f"{len(BUGS) - missed} of {len(BUGS)} seen")
    return 0


def _hunt(name: str, examples: int) -> int:
    where, what, wrong = BUGS[name]
    how = settings(max_examples=examples, stateful_step_count=STEPS, deadline=None, database=None, derandomize=True,
                   report_multiple_bugs=False, phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        place = _place(where)
        patch.setattr(place, what, wrong(getattr(place, what)))
        try:
            run_state_machine_as_test(Soak, settings=how)
        except Exception as seen:
            print(f"| {name} | {Soak.stories} | {_why(seen)} |")
            return 0
    print(f"| {name} | not in {examples} | |")
    return 1


def _place(name: str) -> Any:
    """A module, or a class in one."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return getattr(import_module(module), attribute)


def _why(seen: BaseException) -> str:
    words = str(seen) or type(seen).__name__
    return words.splitlines()[0][:100].replace("|", "/")


if __name__ == "__main__":
    sys.exit(main())
