"""What changes in a contact begins flows: tags, fields, segments; moments that depend on it are reckoned anew."""

from collections.abc import Iterator, Set

from trinario.engine import due, entry
from trinario.engine.index import Rule, Watch
from trinario.engine.limits import FOLLOWING_FLOWS
from trinario.engine.scope import Scope
from trinario.engine.stage import Stage
from trinario.errors import EvaluationError
from trinario.model.contact import Contact
from trinario.model.effect import Report
from trinario.model.value import Values

_PLAIN = (
    "language", "timezone", "first_name", "last_name", "channel", "created_at", "last_seen_at", "last_heard", "owner",
)  # fmt: skip


def differences(before: Contact, after: Contact) -> frozenset[str]:
    """What is not as it was: `fields.x`, `tags`, `consent`, `contact.language` ..., and `fields` if any field is not."""
    if before is after:
        return frozenset()
    found = set()
    if before.fields != after.fields:
        names = before.fields.keys() | after.fields.keys()
        found = {f"fields.{name}" for name in names if before.fields.get(name) != after.fields.get(name)}
        found.add("fields")
    found.update(name for name in ("tags", "consent") if getattr(before, name) != getattr(after, name))
    found.update(f"contact.{name}" for name in _PLAIN if getattr(before, name) != getattr(after, name))
    if before.marks != after.marks and before.preferred != after.preferred:
        found.add("contact.preferred_channel")
    if before.name != after.name:
        found.add("contact.name")
    if before.identities != after.identities:
        found.update(("contact.channels", "contact.country"))
    return frozenset(found)


def follow(stage: Stage, told: Set[str] = frozenset()) -> None:
    """Begins what the changes since the last look begin, until nothing changes any more. `told`: further paths.

    A flow is not begun by what it changes itself, and every trigger begins its flow once in one reaction: no circle is
    endless. After a stop word nothing begins.
    """
    watch = stage.index.watch
    if watch is None:
        return
    for _ in range(FOLLOWING_FLOWS):
        before, after = stage.seen, stage.contact
        paths = differences(before, after) | told
        told = frozenset()
        if not paths:
            return
        stage.seen = after
        for rule, reads in watch.dates:
            if reads & paths:
                due.reckon(stage, rule)
        for rule, values in _called(stage, watch, before, after, paths):
            if (
                (name := (rule.flow.name, rule.rank[-1])) not in stage.followed
                and stage.open
                and entry.fits(stage, rule, values)
            ):
                stage.followed.add(name)
                entry.begin(stage, rule, "defer", values)
    stage.do(Report("", "", "", f"flows that follow changes changed her more than {FOLLOWING_FLOWS} times in a row"))


def _called(
    stage: Stage, watch: Watch, before: Contact, after: Contact, paths: Set[str]
) -> Iterator[tuple[Rule, Values]]:
    """The triggers that the change concerns, with what they tell their flows."""
    for rule, reads in watch.changes:
        if not reads & paths or _own(stage, rule, reads):
            continue
        try:
            values = _values(stage, rule, before, after)
        except EvaluationError as fault:
            stage.do(Report("", rule.flow.name, f"trigger {rule.trigger.kind}", str(fault)))
            continue
        if values is not None:
            yield rule, values


def _own(stage: Stage, rule: Rule, reads: Set[str]) -> bool:
    """Whether the flow changed it itself, and nobody else did."""
    authors = [flows for flows, before, after in stage.authors if reads & differences(before, after)]
    return bool(authors) and all(rule.flow.name in flows for flows in authors)


def _values(stage: Stage, rule: Rule, before: Contact, after: Contact) -> Values | None:
    """What the trigger says of the change; None: it is not the one that it waits for."""
    one = rule.trigger
    if one.kind == "tag":
        had, has = one.value in before.tags, one.value in after.tags
        return {"tag": one.value} if (had, has) == ((False, True) if one.mode == "added" else (True, False)) else None
    if one.kind == "field":
        name = one.value.removeprefix("fields.")
        return {"field": name, "value": after.fields.get(name), "was": before.fields.get(name)}
    assert one.watched is not None, "a segment has its condition"
    was = one.watched.test(Scope(stage.bot, before, stage.event))
    now = one.watched.test(Scope(stage.bot, after, stage.event))
    return {} if (was, now) == ((False, True) if one.mode == "enter" else (True, False)) else None
