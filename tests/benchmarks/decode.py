"""What it costs to prove and to decode a webhook: µs and webhooks a second on one core, typical ones and a full batch.

python -m tests.benchmarks.decode [--rounds 20000]
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks import bodies
from trinario.channels.graph.signature import HEADER, sign
from trinario.channels.inlet import MetaInlet

GOLDEN = Path(__file__).parents[1] / "golden" / "channels"
ACCOUNTS = {
    ("whatsapp", bodies.NUMBER): "whatsapp",
    ("messenger", bodies.PAGE): "messenger",
    ("instagram", "17841400008460056"): "instagram",
}
TYPICAL = {
    "whatsapp": ("text", "reply button", "list row", "image", "reaction", "status delivered", "status read"),
    "messenger": ("text", "quick reply", "postback", "image", "delivery", "read", "echo of ours by key"),
    "instagram": ("text", "quick reply", "image", "read", "comment as a change", "echo"),
}
AIM = 20_000
BEST_OF = 5


def webhooks() -> Mapping[str, bytes]:
    """The typical ones, by platform and name."""
    found = {}
    for platform, names in TYPICAL.items():
        cases = {case["case"]: case for case in json.loads((GOLDEN / f"{platform}_heard.json").read_text("utf-8"))}
        for name in names:
            found[f"{platform} {name}"] = json.dumps(cases[name]["webhook"], separators=(",", ":")).encode("ascii")
    return found


def batch(updates: int) -> bytes:
    """One POST with so many messages."""
    entries = [json.loads(bodies.message(number, number))["entry"][0] for number in range(updates)]
    return json.dumps({"object": "page", "entry": entries}, separators=(",", ":")).encode("ascii")


def main() -> int:
    """Print a line for each, and what they come to together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20_000)
    rounds = parser.parse_args().rounds
    inlet = MetaInlet(ACCOUNTS, [bodies.SECRET], ["v"], app_ids=("1517776481860111",))
    costs = {name: _cost(inlet, raw, rounds // BEST_OF) for name, raw in webhooks().items()}
    for name, cost in costs.items():
        print(f"{name:<34} {cost * 1e6:>7.1f} µs  {1 / cost:>9,.0f} a second")
    mean = sum(costs.values()) / len(costs)
    print(f"{'all of them':<34} {mean * 1e6:>7.1f} µs  {1 / mean:>9,.0f} a second (the aim: {AIM:,})")
    whole = _cost(inlet, batch(1_000), 5)
    print(f"{'1,000 updates in one POST':<34} {whole * 1e3:>7.1f} ms  {1_000 / whole:>9,.0f} updates a second")
    return 0


def _cost(inlet: MetaInlet, raw: bytes, times: int) -> float:
    """Seconds of CPU for proving and decoding these bytes once, in the best of a few runs."""
    headers, best = {HEADER: sign(bodies.SECRET, raw)}, float("inf")
    for _ in range(BEST_OF):
        begun = time.process_time()
        for _ in range(times):
            if not inlet.genuine(raw, headers):
                raise RuntimeError("the signature is not right")
            inlet.decode(raw)
        best = min(best, time.process_time() - begun)
    return best / times


if __name__ == "__main__":
    sys.exit(main())
