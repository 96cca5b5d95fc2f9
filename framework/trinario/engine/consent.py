"""Permission that is given, refused or taken back: the entry for a word of hers, and the flows that begin by it."""

from collections.abc import Iterator

from trinario.engine import entry as door
from trinario.engine.index import Rule
from trinario.engine.stage import Stage
from trinario.engine.trigger import platform_of
from trinario.model.consent import ALL, MARKETING, PURPOSES, Consents, Evidence, RecordConsent, State, consented
from trinario.model.event import MessageHeard


def by_word(stage: Stage, state: State, evidence: Evidence, channels: tuple[str, ...] = ()) -> RecordConsent:
    """The entry for a word that she wrote (stop, start), on every channel or on some."""
    event = stage.event
    said = event.heard.text if isinstance(event, MessageHeard) else ""
    return RecordConsent(MARKETING, state, evidence, channels, said=said, origin=event.origin)


def begin_flows(stage: Stage) -> None:
    """Begins the flows with a trigger `opt_in` or `opt_out` for what has changed, each once for what she did.

    After a stop word they are silent.
    """
    if not stage.consents:
        return
    begun: set[tuple[str, str]] = set()
    while stage.consents:
        before, entry = stage.consents.pop(0)
        if entry.state == "expired":
            continue  # time has passed: nobody has said anything
        kind = "opt_in" if entry.state == "granted" else "opt_out"
        rules = [rule for purpose in _changed(before, entry) for rule in _rules(stage, kind, purpose, entry.channels)]
        for rule in rules:
            if (kind, rule.flow.name) not in begun:
                begun.add((kind, rule.flow.name))
                door.begin(stage, rule, "defer", {"text": entry.said})


def _changed(before: Consents, entry: RecordConsent) -> Iterator[str]:
    """The purposes whose state is another one now; who refuses what she never gave has taken nothing back."""
    after = consented(before, entry)
    for purpose in PURPOSES:
        names = [name for name in after if name.partition("@")[0] == purpose]
        was = {name: before.get(name) for name in names}
        given = entry.state != "refused" or True in was.values()
        if given and any(was[name] is not after[name] for name in names):
            yield purpose


def _rules(stage: Stage, kind: str, purpose: str, channels: tuple[str, ...]) -> list[Rule]:
    """Of every flow the first trigger for this purpose that fits.

    What she gives up on some channels only is heard by triggers that name one of them.
    """
    found: dict[str, Rule] = {}
    for rule in stage.index.by_kind.get(kind, ()):
        wanted = rule.trigger.value in (purpose, ALL)
        if kind == "opt_out" and channels:
            named = bool(rule.trigger.channels)
            wanted = wanted and named and any(rule.hears(one, platform_of(stage.bot, one)) for one in channels)
        if wanted and rule.flow.name not in found and door.fits(stage, rule):
            found[rule.flow.name] = rule
    return list(found.values())
