"""A file of campaigns/ to a frozen Campaign or Sequence, or to every issue it has; never raises, whatever the bytes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trinario.authoring.campaign_form import check_campaign, check_sequence
from trinario.authoring.campaign_nodes import Part, parts_of_campaign, parts_of_sequence
from trinario.authoring.forms import BAD
from trinario.authoring.issue import Issue, Severity
from trinario.authoring.near import nearest
from trinario.authoring.nodes import Document
from trinario.authoring.nodes import Mapping as MappingNode
from trinario.authoring.notes import Notes
from trinario.authoring.parse import ParsedFlow, read_flow
from trinario.authoring.parse_messages import delivery
from trinario.authoring.parse_policy import rules
from trinario.authoring.parse_steps import days_of
from trinario.authoring.parse_triggers import ending
from trinario.authoring.reader import Record, read_shape
from trinario.authoring.source import read_source
from trinario.authoring.spec import SHAPES
from trinario.authoring.translate import Translation
from trinario.model.campaign import (
    CONTACT_ZONE,
    HOLDOUT,
    Aim,
    At,
    Campaign,
    Every,
    On,
    Schedule,
    Sequence,
    SequenceStep,
    Side,
    Variants,
)
from trinario.model.duration import Duration
from trinario.model.flow import Delivery, Message, Send, Start

KINDS = ("campaign", "sequence")


@dataclass(frozen=True, slots=True)
class ParsedCampaign:
    """What became of a file of campaigns/. `made` is None when it has errors; `kind` is campaign, sequence or "".

    `notes` and `record` are of the file as it stands. `parts` are what it says, each as a flow of one step, by
    (step of the sequence or "", variant or ""). `data` and `words` are the bytes it was read from, as in a ParsedFlow.
    """

    file: str
    kind: str
    name: str
    made: Campaign | Sequence | None
    notes: Notes | None
    issues: tuple[Issue, ...]
    record: Record | None = None
    parts: Mapping[tuple[str, str], ParsedFlow] = field(default_factory=dict)
    data: bytes = b""
    words: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def declared(self) -> bool:
        """Whether the file says that it is a campaign or a sequence."""
        root = self.notes.document.root if self.notes else None
        return isinstance(root, MappingNode) and any(root.key(kind) for kind in KINDS)

    @property
    def texts(self) -> Notes | None:
        """The notes of everything that is translated."""
        if self.notes is None:
            return None
        found = {
            (written.key, written.scalar.text): written
            for part in self.parts.values() if part.notes
            for written in part.notes.written if written.translated
        }  # fmt: skip
        return Notes(self.notes.document, written=list(found.values()))


def parse_campaign(data: bytes, file: str) -> ParsedCampaign:
    """The campaign or sequence of a file. Its revision is that of the source alone until translations are put in."""
    document = read_source(data, file)
    if isinstance(document, list):
        return ParsedCampaign(file, "", "", None, None, tuple(document), data=data)
    notes = Notes(document, list(document.warnings))
    kind = _kind(document, notes)
    record = read_shape(SHAPES[kind], document.root, (), notes) if kind else BAD
    if record is BAD or not isinstance(document.root, MappingNode):
        return ParsedCampaign(file, kind, "", None, notes, tuple(notes.issues), data=data)
    check_campaign(record, notes) if kind == "campaign" else check_sequence(record, notes)
    revision = hashlib.sha256(data).hexdigest()
    given = list(parts_of_campaign(document.root) if kind == "campaign" else parts_of_sequence(document.root))
    parts = {(part.step, part.variant): _part(part, kind, record, document, revision) for part in given}
    told = {(one.line, one.column, one.code) for one in notes.issues}  # what a part has from its campaign is said once
    more = (one for part in parts.values() for one in part.issues if (one.line, one.column, one.code) not in told)
    issues = tuple(sorted(dict.fromkeys([*notes.issues, *more])))
    broken = any(issue.severity is Severity.ERROR for issue in issues)
    made = None if broken else _made(kind, record, parts, revision, file)
    name = record.get(kind) or ""
    return ParsedCampaign(file, kind, name, made, notes, issues, record, parts, data)


def _kind(document: Document, notes: Notes) -> str:
    """Whether it is a campaign or a sequence: a file begins with one of the two."""
    root = document.root
    if not isinstance(root, MappingNode):
        notes.fault("T020", root, "a campaign or a sequence is expected here", "begin with campaign: <its name>")
        return ""
    found = [kind for kind in KINDS if root.key(kind)]
    if len(found) == 2:
        notes.fault("T015", root.key("sequence") or root, "`campaign` and `sequence` do not go into one file",
                    "make two files of it")  # fmt: skip
        return ""
    if found:
        return found[0]
    slip = next((kind for key, _ in root.pairs if (kind := nearest(key.text, KINDS))), "")
    if slip:
        return slip  # reading it names the key that is misspelt
    hint = "write campaign: <name> for one message or flow, sequence: <name> for several one after another"
    notes.fault("T014", root, "this file says neither `campaign` nor `sequence`", hint)
    return ""


def _part(part: Part, kind: str, record: Record, document: Document, revision: str) -> ParsedFlow:
    """What is said there, as a flow with the name that it has when it is sent."""
    parsed = read_flow(document, part.node, revision)
    name = "/".join(one for one in (kind, record.get(kind) or "unnamed", part.step, part.variant) if one)
    return replace(parsed, name=name, flow=parsed.flow and replace(parsed.flow, name=name))


# ---- to the values of the model

_Parts = Mapping[tuple[str, str], ParsedFlow]


def _made(kind: str, record: Record, parts: _Parts, revision: str, file: str) -> Campaign | Sequence:
    common: dict[str, Any] = {
        "name": record.get(kind),
        "revision": revision,
        "purpose": record.get("purpose"),
        "title": record.get("title") or "",
        "segment": record.get("segment"),
        "channels": tuple(record.get("channels") or ()),
        "delivery": delivery(record.get("delivery")),
        "rules": rules(record) if record.has("quiet_hours") or record.has("cap") else None,
        "late": record.get("late"),
        "if_busy": record.get("if_busy"),
        "goal": _aim(record.get("goal")),
        "file": file,
        "line": record.node.place.line,
    }
    if kind == "sequence":
        steps = {name: _step(name, one, record, parts) for name, one in record.get("steps").items()}
        endings = tuple(ending(deed) for deed in record.get("exit_when") or ())
        return Sequence(**common, steps=steps, zone=_zone(record) or CONTACT_ZONE, exit_when=endings,
                        again=record.get("again"))  # fmt: skip
    messages, flow = _said(parts, "", "")
    budget = record.get("budget")
    return Campaign(
        **common, messages=messages, flow=flow, exclude=tuple(record.get("exclude") or ()), pace=record.get("pace"),
        schedule=_schedule(record.get("schedule")), budget=budget.get("max") if budget else None,
        variants=_variants(f"campaign/{record.get('campaign')}", "", record.get("variants"), parts),
    )  # fmt: skip


def _step(name: str, step: Record, record: Record, parts: _Parts) -> SequenceStep:
    messages, flow = _said(parts, name, "")
    return SequenceStep(
        name=name, day=int(step.get("day")), at=step.get("at"), days=days_of(step.get("days")), condition=step.get("if"),
        messages=messages, flow=flow, delivery=delivery(step.get("delivery")),
        split=_variants(f"sequence/{record.get('sequence')}/{name}", name, step.get("split"), parts),
        line=step.node.place.line,
    )  # fmt: skip


def _said(parts: _Parts, step: str, variant: str) -> tuple[tuple[Message, ...], str | None]:
    """The messages of a part, or the flow that it begins."""
    part = parts.get((step, variant))
    for one in part.flow.steps.values() if part and part.flow else ():
        if isinstance(one, Send):
            return one.messages, None
        if isinstance(one, Start):
            return (), one.flow
    return (), None


def _variants(key: str, step: str, sides: Mapping[str, Any] | None, parts: _Parts) -> Variants | None:
    """The variants; one without words of its own says what all say."""
    if sides is None:
        return None
    made = [_side(name, side, step, parts) for name, side in sides.items() if name != HOLDOUT]
    return Variants(key, tuple(made), int(sides.get(HOLDOUT) or 0))


def _side(name: str, side: int | Record, step: str, parts: _Parts) -> Side:
    if not isinstance(side, Record):
        return Side(name, int(side))
    messages, flow = _said(parts, step, name) if side.has("send") or side.has("flow") else ((), None)
    return Side(name, int(side.get("weight")), messages, flow, _of_side(side))


def _of_side(side: Record) -> Delivery | None:
    return delivery(side.get("delivery"))


def _zone(record: Record) -> str:
    """A zone as written; "" where nothing is."""
    return (record.get("zone") or CONTACT_ZONE) if record.has("zone") else ""


def _schedule(record: Record | None) -> Schedule | None:
    if record is None:
        return None
    if record.has("event"):
        return On(record.get("event"), record.get("match"))
    if record.has("cron"):
        return Every(record.get("cron"), _zone(record))
    return At(record.get("at"), _zone(record))


def _aim(record: Record | None) -> Aim | None:
    if record is None:
        return None
    within: Duration = record.get("within")
    return Aim(record.get("name"), within)


def translated(parsed: ParsedCampaign, found: Mapping[str, Translation], revision: str) -> ParsedCampaign:
    """The campaign with its translations, under the revision that they are part of; so are the flows of its parts."""
    words = {locale: one.words for locale, one in found.items()}
    parts = {
        key: replace(part, flow=part.flow and replace(part.flow, words=words, revision=revision))
        for key, part in parsed.parts.items()
    }
    made = parsed.made and replace(parsed.made, words=words, revision=revision)
    return replace(parsed, parts=parts, made=made)
