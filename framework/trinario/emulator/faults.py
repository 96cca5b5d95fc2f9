"""Faults on demand: what goes wrong, where, how often, and for whom."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, field

from trinario.emulator.config import Json
from trinario.emulator.twists import TWISTS

BEFORE = frozenset({"status", "code", "drop_before"})
AFTER = frozenset({"drop_after_accept", "html_502", "delay"})
ASYNC = frozenset({"failed"})
SEND_KINDS = BEFORE | AFTER | ASYNC
SIGNATURES = frozenset({"bad_signature", "sha1_only", "no_signature"})
WEBHOOK_KINDS = SIGNATURES | {"delay", "duplicate", "reorder", "drop_before", "drop_after_accept", *TWISTS}
MEDIA_KINDS = frozenset({"status", "delay", "slow", "truncate", "huge", "lie", "redirect"})
KEYS = frozenset(
    {
        "bytes",
        "platform",
        "where",
        "kind",
        "code",
        "subcode",
        "http",
        "seconds",
        "times",
        "probability",
        "match",
        "accept",
    }
)


class BadFault(ValueError):
    """A fault that cannot be: the text says why."""


@dataclass(slots=True)
class Fault:
    """`times` None means without end; `match` looks at the person or her id (`to`), and at the text."""

    id: int
    where: str
    kind: str
    platform: str = ""
    code: int = 0
    subcode: int | None = None
    http: int = 0
    seconds: float = 0.0
    times: int | None = None
    probability: float = 1.0
    accept: bool = True
    match: dict[str, str] = field(default_factory=dict)
    bytes: int = 0

    def as_json(self) -> Json:
        return {name: getattr(self, name) for name in ("id", *sorted(KEYS))}

    def fits(self, platform: str, names: Collection[str], text: str) -> bool:
        if self.platform and self.platform != platform:
            return False
        if "to" in self.match and self.match["to"] not in names:
            return False
        return self.match.get("text_contains", "") in text


class Faults:
    """The faults in force, in the order they were asked for."""

    def __init__(self, chance: random.Random) -> None:
        self.active: list[Fault] = []
        self._chance = chance
        self._last = 0

    def add(self, wish: Json) -> Fault:
        """A fault out of the control call's body. Raises BadFault."""
        unknown = sorted(set(wish) - KEYS)
        if unknown:
            raise BadFault(f"unknown member {unknown[0]!r}; known are {', '.join(sorted(KEYS))}")
        where, kind = wish.get("where", "send"), wish.get("kind")
        if where not in ("send", "action", "webhook", "media"):
            raise BadFault("where must be send (messages), action (read marks, typing), webhook or media (downloads)")
        allowed = {"webhook": WEBHOOK_KINDS, "media": MEDIA_KINDS}.get(where, SEND_KINDS)
        if kind not in allowed:
            raise BadFault(f"kind of a {where} fault must be one of {', '.join(sorted(allowed))}")
        if kind in ("code", "failed") and not isinstance(wish.get("code"), int):
            raise BadFault(f"a fault of kind {kind} needs a code")
        _check_kinds(wish)
        self._last += 1
        if kind == "html_502" and wish.get("accept") is False:
            kind, wish = "status", {**wish, "http": 502}
        given = {name: value for name, value in wish.items() if value is not None}
        times = wish.get("times", None if "probability" in given else 1)
        fault = Fault(**{**given, "id": self._last, "where": where, "kind": kind, "times": times})
        self.active.append(fault)
        return fault

    def pick(
        self, where: str, kinds: Collection[str], platform: str, names: Collection[str], text: str = ""
    ) -> Fault | None:
        """The first fault that strikes here; it is used up by one. Free when there are none."""
        for fault in self.active:
            if fault.where != where or fault.kind not in kinds or not fault.fits(platform, names, text):
                continue
            if fault.probability < 1.0 and self._chance.random() >= fault.probability:
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.active.remove(fault)
            return fault
        return None

    def clear(self) -> None:
        self.active.clear()


def _check_kinds(wish: Json) -> None:
    """Members of the wrong kind would only be noticed when the fault strikes."""
    kinds: dict[str, type | tuple[type, ...]] = {
        "platform": str, "code": int, "subcode": int, "http": int, "seconds": (int, float), "times": int,
        "probability": (int, float), "match": dict, "accept": bool, "bytes": int,
    }  # fmt: skip
    for name, kind in kinds.items():
        if wish.get(name) is not None and not isinstance(wish[name], kind):
            raise BadFault(f"{name} is of the wrong kind")
