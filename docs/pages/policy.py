"""The page of policy: every line of its table, which the tests run."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).parents[2] / "tests/unit/policy/table.yaml"

INTRO = """\
Before every message one question is asked: may it go, on which channel, in which form, and when? The answer is a channel,
a moment until which it waits, or a refusal with its reason; [nothing is dropped in silence](../how-to/policy.md). The
channels of the delivery order are walked, and the first that can take the message gets it. `trinario explain message ID`
tells the walk of one message.

Every line below is a test. Where nothing else is said it is noon (UTC) of 1 May 2026, the bot lives in Rome, has no policy
of its own and knows her on the channels where she wrote; the message is of a service flow. `sale` is a marketing template,
`parcel` one for utility, `code` one for authentication.
"""


def policy() -> Iterator[str]:
    """The lines of the page."""
    groups = yaml.load(TABLE.read_text(encoding="utf-8"), yaml.BaseLoader)
    yield "# Policy: what may go, where and when"
    yield from INTRO.splitlines()
    yield f"\n{sum(len(group['cases']) for group in groups)} cases.\n"
    for group in groups:
        yield from (f"## {group['about']}", "", "| given | asks | answer | because |", "|---|---|---|---|")
        for case in group["cases"]:
            cells = (_words(case["given"], GIVEN), _words(case["asks"], ASKS), case["answer"], case["because"])
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        yield ""


GIVEN = {
    "heard": "she wrote on {} ago", "has": "known on {}", "current": "last on {}", "number": "number {}", "zone": "she lives in {}",
    "bot_zone": "the bot in {}", "now": "it is {} UTC", "consent": "permission {}", "policy": "bot: {}", "flow": "flow: {}",
    "sent": "marketing she got: {}", "owner": "a person has her for {} more", "unreachable": "unreachable: {}",
    "templates": "template {}", "asked": "she has just written, and this answers her",
}  # fmt: skip
ASKS = {
    "purpose": "{}", "template": "with the template {}", "channel": "on {} only", "order": "order {}", "comment": "answer to a comment {} old",
    "human": "a person of the team writes", "hushed": "after the confirmation of a stop",
}  # fmt: skip


def _words(told: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return "; ".join(names[name].format(_value(value)) for name, value in told.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_value(one)}" for name, one in value.items())
    return ", ".join(map(_value, value)) if isinstance(value, list) else str(value)
