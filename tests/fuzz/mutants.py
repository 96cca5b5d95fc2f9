"""Mutated webhooks: golden bodies with types swapped, keys dropped, garbage nested, bytes broken, in batches with intact items."""

import copy
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parents[1] / "golden" / "channels"
PLATFORMS = {"whatsapp": "whatsapp_business_account", "messenger": "page", "instagram": "instagram"}
PAGE, ACCOUNT, NUMBER, WABA = "1895382890692545", "17841400008460056", "106540352242922", "102290129340398"
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**63, 2**70, 10**18, -(10**18), 1e308, "", "x", "9" * 40, "²", "\x00", "\ud800", "\udfff\ud800",
    "\u202e\u200b", "𝕏" * 50, [], {}, [[]], [None], {"id": {}}, {"": ""}, "1e999", "null", {"type": "text"}, {"a": {"b": [1, {"c": None}]}},
    '{"a": "\\ud800", "b": "\\u0000"}', "[" * 400 + "]" * 400, '{"a":' * 300 + "1" + "}" * 300, {"id": "0"}, [{"id": 1}, {"id": []}],
)  # fmt: skip

_DEEP = re.compile(rb'"deep:(\d+)"')


@dataclass(frozen=True, slots=True)
class Mutant:
    """One POST. `intact` are the external ids that must be kept whatever the rest is; `signature` is right, wrong or missing."""

    path: str
    raw: bytes
    intact: tuple[str, ...] = ()
    signature: str = "right"


def mutants(seed: int, count: int) -> Iterator[Mutant]:
    """So many mutants; the same ones for the same seed."""
    chance = random.Random(seed)
    corpus = {platform: _entries(platform) for platform in PLATFORMS}
    for number in range(count):
        platform = chance.choice(list(PLATFORMS))
        yield _mutant(chance, platform, corpus[platform], f"{seed}-{number}")


def _entries(platform: str) -> list[Any]:
    """Every entry of the golden bodies of a platform."""
    cases = json.loads((GOLDEN / f"{platform}_heard.json").read_text("utf-8"))
    return [entry for case in cases for entry in case["webhook"].get("entry") or []]


def _mutant(chance: random.Random, platform: str, entries: list[Any], name: str) -> Mutant:
    intact: list[str] = []
    parts: list[Any] = []
    for place in range(chance.choice((1, 1, 2, 2, 3, 5))):
        if chance.random() < 0.4:
            parts.append(_sound(chance, platform, f"{name}-{place}", intact))
        else:
            parts.append(_damaged(chance, copy.deepcopy(chance.choice(entries))))
    if chance.random() < 0.3:
        parts += parts[:1]  # the same twice in one POST
    raw = json.dumps({"object": PLATFORMS[platform], "entry": parts}, separators=(",", ":")).encode("ascii")
    raw = _DEEP.sub(_nest, _rough(chance, raw))
    path = f"/webhooks/{chance.choice(list(PLATFORMS))}"
    kind = chance.random()
    if kind < 0.05:
        return Mutant(path, raw, signature=chance.choice(("wrong", "missing")))
    if kind < 0.15:
        return Mutant(path, _broken(chance, raw))
    return Mutant(path, raw, tuple(intact))


def _sound(chance: random.Random, platform: str, name: str, intact: list[str]) -> Any:
    """An entry with messages that are as they should be, and often garbage beside them in the same list."""
    ids = [f"sound-{name}-{number}" for number in range(chance.choice((1, 1, 2, 4)))]
    intact += ids
    items = [_message(platform, one) for one in ids]
    for _ in range(chance.choice((0, 0, 1, 3))):
        items.insert(chance.randrange(len(items) + 1), _garbage(chance))
    if platform == "whatsapp":
        value = {"metadata": {"phone_number_id": NUMBER}, "messages": items}
        return {"id": WABA, "changes": [{"field": "messages", "value": value}]}
    return {"id": PAGE if platform == "messenger" else ACCOUNT, "time": 1794567890999, "messaging": items}


def _message(platform: str, name: str) -> Any:
    who = name.rpartition("-")[0][-12:]
    if platform == "whatsapp":
        return {"from": f"39{who}", "id": name, "timestamp": "1794567890", "type": "text", "text": {"body": "sound"}}
    ours = PAGE if platform == "messenger" else ACCOUNT
    return {
        "sender": {"id": f"7{who}"}, "recipient": {"id": ours}, "timestamp": 1794567890123,
        "message": {"mid": name, "text": "sound"},
    }  # fmt: skip


def _damaged(chance: random.Random, entry: Any) -> Any:
    """The entry with one to four of its places changed."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        places = list(_places(entry))
        if not places:
            return _garbage(chance)
        _change(chance, entry, chance.choice(places))
    return entry


def _change(chance: random.Random, entry: Any, path: tuple[Any, ...]) -> None:
    inner = entry
    for key in path[:-1]:
        inner = inner[key]
    last, how = path[-1], chance.random()
    if how < 0.2:
        del inner[last]
    elif how < 0.5:
        inner[last] = copy.deepcopy(chance.choice(ODD))
    elif how < 0.6:
        inner[last] = [inner[last]] * chance.choice((1, 2, 3))
    elif how < 0.7:
        inner[last] = {"value": inner[last], chance.choice(("id", "type", "field", "message")): inner[last]}
    elif how < 0.8:
        inner[last] = str(inner[last]) if not isinstance(inner[last], str) else len(inner[last])
    elif how < 0.9 and isinstance(inner, dict):
        inner[f"{last}_new"] = inner.pop(last)
    else:
        inner[last] = _garbage(chance)


def _garbage(chance: random.Random, depth: int = 0) -> Any:
    """Any JSON; now and then huge, or very deep."""
    how = chance.random()
    if how < 0.02 and depth == 0:
        return "é" * chance.choice((1_000, 5_000, 60_000))
    if how < 0.05 and depth == 0:
        return f"deep:{chance.choice((20, 90, 120, 300, 700))}"
    if how < 0.6 or depth > 4:
        return copy.deepcopy(chance.choice(ODD))
    if how < 0.8:
        return [_garbage(chance, depth + 1) for _ in range(chance.randrange(4))]
    keys = ("id", "type", "message", "text", "from", "sender", "value", "field", "changes", "timestamp", "x")
    return {chance.choice(keys): _garbage(chance, depth + 1) for _ in range(chance.randrange(4))}


def _nest(mark: re.Match[bytes]) -> bytes:
    """So many levels of objects and lists, of which no tree is made here: it could not be copied."""
    pairs = int(mark[1]) // 2
    return b'[{"a":' * pairs + b"1" + b"}]" * pairs


def _rough(chance: random.Random, raw: bytes) -> bytes:
    """Other bytes of the same body: slashes escaped, whitespace, numbers beyond measure, texts that are no UTF-8."""
    how = chance.random()
    if how < 0.1:
        return raw.replace(b"/", b"\\/")
    if how < 0.2:
        return b" \n" + raw.replace(b'","', b'" ,\n"') + b"\n"
    if how < 0.25:
        return raw.replace(b':""', b":1e999", 1)
    if how < 0.3:
        return raw.replace(b':""', b":" + b"8" * 5000, 1)
    if how < 0.4:
        return raw.replace(b'"Sofia Rossi"', b'"Sofia \xff\xed\xa0\x80 Rossi"')
    return raw


def _broken(chance: random.Random, raw: bytes) -> bytes:
    """Bytes flipped, cut off or put in: mostly no JSON any more."""
    how, place = chance.random(), chance.randrange(len(raw))
    if how < 0.3:
        return raw[:place]
    if how < 0.5:
        return raw[:place] + chance.randbytes(chance.choice((1, 4, 40))) + raw[place:]
    if how < 0.9:
        return raw[:place] + bytes([chance.randrange(256)]) + raw[place + 1 :]
    return b"[" * chance.choice((10, 5_000, 100_000)) + raw


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield from _places(value[key], (*path, key))
