"""The keys of a question of the type `otp`: where the code goes, what brings it, how long it holds."""

from datetime import timedelta
from typing import Any

from trinario.authoring.notes import Notes
from trinario.authoring.reader import Record
from trinario.model.duration import Duration

HOLDS = Duration(seconds=600)
"""How long a code holds where nothing is said."""

LEAST, MOST = timedelta(minutes=1), timedelta(hours=1)
"""In less nobody gets from one phone to the other; what holds for longer invites guesses."""

_NEEDED = {"phone": 'phone: "{{ answers.number }}"', "template": "template: login_code"}
_BESIDE = {
    "default": "nothing stands for a code that was not typed",
    "skip_if_known": "a number that is known is not proven",
    "change": "a code counts once",
    "burst": "a code is one message",
}


def code_keys(kind: str, record: Record, notes: Notes) -> dict[str, Any]:
    """`phone`, `template` and `expires` as the step has them; nothing for other types."""
    if kind != "otp":
        for name in ("phone", "template", "expires"):
            if record.has(name):
                notes.fault("T015", record.nodes[name], f"`{name}` does not go with the type {kind}",
                            "it goes with type: otp")  # fmt: skip
        return {}
    for name, example in _NEEDED.items():
        if not record.has(name) and record.whole:
            notes.fault("T014", record.nodes.get("type", record.node), f"a question of the type otp needs `{name}`",
                        f"write {example}")  # fmt: skip
    for name, why in _BESIDE.items():
        if record.get(name):
            notes.fault("T015", record.nodes[name], f"`{name}` does not go with the type otp: {why}", "leave it out")
    expires = record.get("expires")
    if expires is not None and not LEAST <= expires.elapsed <= MOST:
        notes.fault("T021", record.nodes["expires"], "a code holds from 1 to 60 minutes", "write expires: 10m")
    timeout = record.get("timeout")
    if timeout is not None and timeout.elapsed > (expires or HOLDS).elapsed:
        notes.fault("T015", record.nodes["timeout"], f"the code is over after {expires or HOLDS}, before the time-out",
                    "write a shorter `timeout`, or a longer `expires`")  # fmt: skip
    return {"phone": record.get("phone"), "template": record.get("template") or "", "expires": expires or HOLDS}


def patience(kind: str, record: Record) -> Duration | None:
    """The time-out of a question that names none: that of its code."""
    return (record.get("expires") or HOLDS) if kind == "otp" else None
