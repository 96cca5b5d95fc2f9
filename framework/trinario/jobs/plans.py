"""Running delivery plans as they are kept: a timer of the kind `plan`, whose data is all that the next copy needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trinario import jsons
from trinario.model.contact import Contact
from trinario.model.delivery import Copy, Plan, copy_from_json, copy_to_json, plan_from_json, plan_to_json
from trinario.model.effect import Say
from trinario.model.heard import Receipt
from trinario.model.message import Template
from trinario.model.wire_content import content_from_json, content_to_json
from trinario.ports import Case, InboxEntry, Inward, OpenPlan, Unit, Writes

KIND = "plan"


@dataclass(frozen=True, slots=True)
class Running:
    """A plan under way: the message, the rules, the copies so far. `told`: its session knows that it was taken."""

    say: Say
    plan: Plan
    copies: tuple[Copy, ...]
    told: bool = False

    @property
    def key(self) -> str:
        """The timer's key."""
        return f"{KIND}:{self.say.key}"


def keep(writes: Writes, contact: Contact, running: Running, due: datetime) -> None:
    """Have the clock come back to it."""
    writes.timers.append((running.key, contact.id, KIND, due, dumps(running)))


def drop(writes: Writes, contact: Contact, running: Running) -> None:
    """It is over."""
    writes.timers.append((running.key, contact.id, KIND, None, "{}"))


def dumps(running: Running) -> str:
    """The plan as the timer's data."""
    return jsons.dumps({
        "say": _say_to_json(running.say), "plan": plan_to_json(running.plan), "told": running.told,
        "copies": [copy_to_json(copy) for copy in running.copies],
    })  # fmt: skip


def loads(text: str) -> Running:
    """The plan that `dumps` wrote."""
    data = jsons.loads(text)
    copies = tuple(map(copy_from_json, data["copies"]))
    return Running(_say_from_json(data["say"]), plan_from_json(data["plan"]), copies, data["told"])


TOLD = frozenset({"delivered", "read"})
"""What becomes of a copy that the platform took, and may be all that the plan waits for."""


def news(unit: Unit, receipts: Sequence[Receipt]) -> list[tuple[str, str]]:
    """What receipts tell of copies; to be asked before they are applied."""
    told = [receipt for receipt in receipts if receipt.status in TOLD]
    return unit.plan_news(told) if told else []


def woken(unit: Unit, told: Sequence[tuple[str, str]]) -> list[Inward]:
    """The plans of these copies, to be looked at now and not when their time has come; each piece of news once."""
    by_plan = {f"{KIND}:{key.rsplit('/', 2)[0]}": f"{KIND}:{key}:{status}" for key, status in told}
    return [
        Inward("", by_plan[one.key], KIND, one.data, contact=one.contact) for one in unit.take_plans(sorted(by_plan))
    ]


def is_final(entry: InboxEntry) -> bool:
    """Whether a fate is that of the whole plan, and not of one copy."""
    return '"final"' in entry.body and bool(jsons.loads(entry.body).get("final"))


def of_plan(entry: InboxEntry) -> tuple[int, str]:
    """The fate of a copy, marked as one that the plan has dealt with: no session has heard it."""
    return entry.id, jsons.dumps({**jsons.loads(entry.body), "planned": True})


def is_of_plan(entry: InboxEntry) -> bool:
    """Whether a fate is so marked."""
    return '"planned"' in entry.body and bool(jsons.loads(entry.body).get("planned"))


class Plans:
    """One contact's plans while a batch is worked off: `now` maps timer keys to how they stand, None: over."""

    def __init__(self, case: Case, found: Sequence[OpenPlan]) -> None:
        self.now: dict[str, Running | None] = {
            one.key: loads(one.data) for one in found if one.contact == case.contact.id
        }
        for entry in case.entries:
            if entry.kind == KIND:  # its timer was taken away when it rang
                running = loads(entry.body)
                self.now.setdefault(running.key, running)

    def running(self) -> list[Running]:
        """Those under way."""
        return [one for one in self.now.values() if one is not None]

    def knew(self, entry: InboxEntry) -> bool:
        """Whether the entry is about a plan that this batch has had."""
        return _key_of(entry) in self.now

    def of(self, entry: InboxEntry) -> Running | None:
        """The plan that the entry is about, if it is under way."""
        return self.now.get(_key_of(entry))


def _key_of(entry: InboxEntry) -> str:
    data = jsons.loads(entry.body)
    return f"{KIND}:{data['say']['key'] if entry.kind == KIND else data['key']}"


_PLAIN = ("key", "session", "flow", "step", "purpose", "prompt", "awaited", "reply_to", "persona", "quotes",
          "campaign")  # fmt: skip


def _say_to_json(say: Say) -> dict[str, Any]:
    return {
        **{name: getattr(say, name) for name in _PLAIN},
        "content": content_to_json(say.content),
        "per_channel": {name: content_to_json(content) for name, content in say.per_channel.items()},
        "order": list(say.order) if say.order is not None else None,
        "template": content_to_json(say.template) if say.template else None,
    }


def _say_from_json(data: Mapping[str, Any]) -> Say:
    template = content_from_json(data["template"]) if data["template"] else None
    assert template is None or isinstance(template, Template), "what stands for a shut window is a template"
    return Say(
        **{name: data[name] for name in _PLAIN if name in data},
        content=content_from_json(data["content"]),
        per_channel={name: content_from_json(content) for name, content in data["per_channel"].items()},
        order=tuple(data["order"]) if data["order"] is not None else None,
        template=template,
    )
