"""The judge: what the emulator accepted, held against what people wrote."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

Json = dict[str, Any]
Thread = tuple[str, str]
"""A person and a platform."""


@dataclass(slots=True)
class Summary:
    """What happened, and what went wrong: the last four must be 0."""

    kills: int = 0
    webhooks: int = 0
    copies: int = 0
    retried: int = 0
    replies: int = 0
    answers_lost: int = 0
    reconciled: int = 0
    sent_again: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    wrong: int = 0

    @property
    def faults(self) -> dict[str, int]:
        """What went wrong."""
        return {name: getattr(self, name) for name in ("lost", "doubled", "disordered", "wrong")}

    def __str__(self) -> str:
        words = {"copies": "duplicates delivered", "retried": "webhooks retried", "answers_lost": "answers lost by faults",
                 "reconciled": "unknown rows reconciled", "sent_again": "sent again, never seen before", "disordered": "out of order"}  # fmt: skip
        return "\n".join(f"{getattr(self, f.name):>8}  {words.get(f.name, f.name)}" for f in fields(self))


def judge(summary: Summary, said: Mapping[Thread, Sequence[str]], accepted: Sequence[Json]) -> list[str]:
    """Count the faults into the summary; gives the first of them in words."""
    replies: dict[Thread, list[str]] = defaultdict(list)
    for message in accepted:
        replies[message["person"], message["platform"]].append(message["text"])
    summary.replies = len(accepted)
    found: list[str] = []
    for thread in {*said, *replies}:
        wanted = [f"{number} {text}" for number, text in enumerate(said.get(thread, ()), 1)]
        found += _judge_thread(summary, thread, wanted, replies[thread])
    return found[:20]


def _judge_thread(summary: Summary, thread: Thread, wanted: list[str], got: list[str]) -> list[str]:
    counted, place = Counter(got), {text: number for number, text in enumerate(wanted)}
    lost = [text for text in wanted if text not in counted]
    doubled = {text: count for text, count in counted.items() if count > 1 and text in place}
    wrong = [text for text in got if text not in place]
    first = [place[text] for text in dict.fromkeys(got) if text in place]
    disordered = sum(earlier > later for earlier, later in zip(first, first[1:], strict=False))
    summary.lost += len(lost)
    summary.doubled += sum(count - 1 for count in doubled.values())
    summary.wrong += len(wrong)
    summary.disordered += disordered
    if lost or doubled or wrong or disordered:
        return [f"{thread}: lost {lost}, doubled {doubled}, wrong {wrong}, order {first if disordered else 'kept'}"]
    return []
