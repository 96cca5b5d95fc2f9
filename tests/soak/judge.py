"""What must hold after every step, whatever the step was."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from tests.soak.model import People, consent, identities
from tests.soak.moments import Identity, Moment
from tests.soak.rig import Picture, Rig, Row
from trinario.testing.phone import Shown

COMMANDS = frozenset({"stop", "start"})
"""Words that are confirmed also while people have her."""

LINKING = ("/link/", "/told/", "/unlink/")
"""Parts of the keys of what is said of links, whoever has her: that concerns who she is, and the team cannot know."""


@dataclass
class Step:
    """What was done. `by`: identities that did it, or of whom it is told; `texts` what they wrote or tapped, in order.

    `joins` are the pairs whom it may join, `parts` the merges that it may undo, `near` those whose link she was asked
    about; `timed`: the clock moved; `death`: a process died in it.
    """

    what: str
    by: Collection[Identity] = ()
    joins: Collection[tuple[Identity, Identity]] = ()
    parts: Collection[int] = ()
    texts: Sequence[tuple[Identity, str]] = ()
    near: Collection[Identity] = ()
    timed: bool = False
    death: bool = False


@dataclass
class Judge:
    """Holds the machine against the model; `seen` are the messages that were looked at."""

    rig: Rig
    people: People = field(default_factory=People)
    seen: int = 0
    said: Counter[str] = field(default_factory=Counter)
    deaths: int = 0
    later: set[Identity] = field(default_factory=set)
    """who said yes while people had her: it counts when they give her back, unless she says stop before"""
    parted: bool = False
    """whether any two were parted: who began a flow while she was one with somebody was not asked again what that one had
    granted, and goes on in it"""

    def look(self, before: Picture, step: Step) -> Picture:
        """Everything, after a step. Raises AssertionError."""
        after = self.rig.picture()
        self.deaths += step.death
        self._who(before, after, step)
        self._words(before, after, step)
        self._nothing_lost(after)
        self._one_question(after)
        self._consent(after)
        self._others_untouched(before, after, step)
        self._kept_by_people(before, after, step)
        if len(after.merges) != len(before.merges) or step.parts:
            self._begun_by(after)
        self._said(before, after, step)
        return after

    # ---- who is whom

    def _who(self, before: Picture, after: Picture, step: Step) -> None:
        for identity, id in after.holders.items():
            if identity not in before.holders:
                assert identity in step.by, f"{identity} came from nowhere"
                at_first = id if id not in before.contacts and id not in self.people.roots else self._first(after, id)
                self.people.meet(identity, at_first)
        for id, (kept, taken, by, _) in after.merges.items():
            if id not in before.merges:
                pairs = [{node.id for one in pair if (node := self.people.of(one))} for pair in step.joins]
                assert {kept, taken} in pairs, f"joined by {by}: {step}"
                self.people.join(id, kept, taken)
        for id, one in after.merges.items():
            if one[3] and not (id in before.merges and before.merges[id][3]):
                own = id not in before.merges and one[2] == "token" and any(text == "unlink" for _, text in step.texts)
                assert id in step.parts or own, f"merge {id} was undone by {step}"
                self.people.part(id)
                self.parted = True
        model = {identity: node.id for node in self.people.roots.values() for identity in identities(node)}
        assert model == after.holders, f"{step}: {after.holders}, not {model}"

    def _first(self, after: Picture, id: int) -> int:
        """A contact who was met and joined in one step."""
        fresh = [taken for kept, taken, _, _ in after.merges.values() if kept == id and taken not in self.people.roots]
        return fresh[-1] if fresh else id

    def _words(self, before: Picture, after: Picture, step: Step) -> None:
        """What she said of marketing. A yes counts where she was asked, or wrote START."""
        for identity, text in step.texts:
            asked = text == "start" or (text.casefold() == "yes" and self._asked(before, identity, step))
            if text == "stop":
                self.people.say(identity, "stopped")
                self.later -= self._all_of(identity)
            elif asked and after.consent(after.holders[identity]):
                self.people.say(identity, "granted")
            elif text in ("Yes", "No") and after.owner(after.holders[identity]) == "person":  # taps: the last counts
                self.later -= self._all_of(identity)
                self.later |= {identity} if asked and text == "Yes" else set()
        for identity in [one for one in self.later if after.consent(after.holders[one])]:
            self.later.discard(identity)
            self.people.say(identity, "granted")
        if len(step.texts) == 1 and step.texts[0][1] == "stop":
            assert after.consent(after.holders[step.texts[0][0]]) is False, "she said stop"

    def _all_of(self, identity: Identity) -> set[Identity]:
        """Everybody who is one with her."""
        node = self.people.of(identity)
        return identities(node) if node else {identity}

    def _asked(self, before: Picture, identity: Identity, step: Step) -> bool:
        if len(step.texts) > 1:
            return True
        sessions = before.of(before.holders.get(identity, 0)).values()
        return any(one.live and one.flow == "news" and one.wait and one.wait.step == "may" for one in sessions)

    # ---- nothing is lost, nothing doubled

    def _nothing_lost(self, after: Picture) -> None:
        machine = self.rig.machine
        assert not machine.told.dead, machine.told.dead
        assert not self.rig.cast.phones.refused, self.rig.cast.phones.refused
        faults = machine.faults()
        assert not faults, faults
        waiting = machine.rows(
            "SELECT external_id, kind FROM inbox WHERE status = 2 OR (status = 0 AND not_before <= ?)",
            int(self.rig.clock.at.timestamp() * 1000),
        )
        assert not waiting, f"left in the inbox: {waiting}"
        lost = machine.rows(
            "SELECT i.channel, i.external_id, COUNT(m.id) FROM inbox i LEFT JOIN messages m ON m.direction = 'in'"
            " AND m.channel = i.channel AND m.external_id = i.external_id WHERE i.kind = 'heard' AND i.status <> 0"
            " GROUP BY i.channel, i.external_id HAVING COUNT(m.id) <> 1"
        )
        assert not lost, f"not once in the thread: {lost}"

    def _one_question(self, after: Picture) -> None:
        asking = Counter(
            whose for whose, state in after.sessions.values()
            if '"status":"waiting"' in state and ('"kind":"ask"' in state or '"kind":"switch"' in state)
        )  # fmt: skip
        for contact, number in asking.items():
            if number > 1:
                pending = [one.id for one in after.of(contact).values() if one.foreground]
                assert len(pending) <= 1, f"contact {contact} is asked two questions: {pending}"

    # ---- consent

    def _consent(self, after: Picture) -> None:
        for id, node in self.people.roots.items():
            if after.consent(id):
                assert consent(node) == "granted", f"contact {id} wants no news, and is thought to"

    # ---- the others

    def _others_untouched(self, before: Picture, after: Picture, step: Step) -> None:
        if step.timed or step.death:
            return
        meant = {holders[one] for one in (*step.by, *step.near) for holders in (before.holders, after.holders)
                 if one in holders}  # fmt: skip
        meant |= {holders[one] for pair in step.joins for one in pair for holders in (before.holders, after.holders)
                  if one in holders}  # fmt: skip
        for merge in (*step.parts, *(set(after.merges) - set(before.merges))):
            kept, taken, _, _ = after.merges[merge]
            meant |= {kept, taken, before.whole(kept), before.whole(taken)}
        for id, row in before.contacts.items():
            if id not in meant and row[-1] is None:  # who was joined to somebody goes with her
                assert after.contacts[id] == row, f"{step} changed contact {id}: {row} is {after.contacts[id]}"
        for name, (whose, state) in before.sessions.items():
            if whose not in meant:
                assert after.sessions[name] == (whose, state), f"{step} moved session {name} of contact {whose}"

    def _kept_by_people(self, before: Picture, after: Picture, step: Step) -> None:
        """Whom people have they keep for their time, whatever she says; only who is parted may have the bot back."""
        parted = any(one[3] and not (id in before.merges and before.merges[id][3]) for id, one in after.merges.items())
        if step.timed or step.death or parted:
            return
        now = int(self.rig.clock.at.timestamp() * 1000)
        for id in before.contacts:
            if before.people_have(id, now):
                assert after.owner(after.whole(id)) == "person", (
                    f"people had contact {id}, and the bot took her back: {step}"
                )

    def _begun_by(self, after: Picture) -> None:
        """A session is hers on whose word it began, whoever she was joined with then."""
        rows = self.rig.machine.rows("SELECT id, body FROM inbox WHERE kind = 'heard'")
        began = {f"i{id}": tuple(json.loads(body)["i"][::2]) for id, body in rows}
        for name, (whose, _) in after.sessions.items():
            identity = began.get(name.partition(".")[0])
            assert identity is None or after.holders[identity] == whose, f"{identity} began {name}, and {whose} has it"

    # ---- what is said

    def _said(self, before: Picture, after: Picture, step: Step) -> None:
        fresh = self.rig.shown[self.seen :]
        self.seen = len(self.rig.shown)
        rows = self.rig.rows_of(fresh)
        for shown in fresh:
            identity = self.rig.identity(shown.person, shown.channel)
            then = self.rig.screens.then[shown.id]  # she says yes and UNLINK in one breath: they are one in between
            self._no_leak(identity, shown, then)
            row = rows.get(shown.id)
            assert row is not None, f"nothing knows of {shown}"
            self.said[row.key] += 1
            most = 1 if row.purpose == "marketing" else 1 + self.deaths
            assert self.said[row.key] <= most, f"said {self.said[row.key]} times: {shown}"
            self._wanted(identity, row, shown)
            reader = then.holders.get(identity)
            whose = then.sessions.get(row.session, reader)
            assert whose == reader, f"{identity} reads what a session of {whose} says: {shown.text!r}"
            self._where_she_wrote(after, identity, row, step)
            if not step.timed:
                words = any(text in COMMANDS for _, text in step.texts)
                commanded = not row.session and (words or any(part in row.key for part in LINKING))
                self._not_between(before, after, identity, row, shown, commanded)

    def _no_leak(self, identity: Identity, shown: Shown, then: Moment) -> None:
        for word, source in self.people.words.items():
            if word in shown.text or any(word in title for _, title in shown.options):
                assert then.one(identity, source), f"{source} said {word!r}, and {identity} reads {shown.text!r}"

    def _where_she_wrote(self, after: Picture, identity: Identity, row: Row, step: Step) -> None:
        """Of two accounts on one channel, the one she wrote from has the answer."""
        if len(step.texts) != 1 or self.deaths or row.human or step.joins or step.parts:
            return
        wrote = step.texts[0][0]
        if wrote[0] == identity[0] and after.holders.get(wrote) == after.holders.get(identity):
            assert wrote == identity, f"{wrote} wrote, and {identity} has the answer"

    def _wanted(self, identity: Identity, row: Row, shown: Shown) -> None:
        if row.purpose == "marketing" and not row.human:
            node = self.people.of(identity)
            state = consent(node) if node else None
            offers = "News for" in shown.text or "More news" in shown.text  # and not what leads back to the question
            fine = state == "granted" or not offers or (self.parted and state is None)
            assert fine, f"{identity} ({state}) gets marketing: {shown}"
            assert state != "stopped", f"{identity} wants no news, and gets {shown.text!r}"

    def _not_between(
        self, before: Picture, after: Picture, identity: Identity, row: Row, shown: Shown, commanded: bool
    ) -> None:
        """While a person of the team has her the bot decides to say nothing; what it had decided before still goes."""
        if row.number <= before.decided:
            return
        was, now = before.holders.get(identity), after.holders.get(identity)
        if row.human or commanded or was is None or now is None or was != now:
            return
        silent = before.owner(was) == after.owner(now) == "person"
        assert not silent, f"a person has her, and the bot says {shown.text!r} ({row})"
