"""Everything that may happen between two people, three channels and the team, in any order."""

import json
from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.contract.people import dump
from tests.soak.chapters import (
    BEFORE,
    CHAPTERS,
    DIES,
    FOLLOW,
    JOIN,
    LATE,
    MINUTES,
    OTHER,
    PART,
    PASS_ON,
    TAP,
    UNSENT,
    WORD,
)
from tests.soak.judge import Judge, Step
from tests.soak.model import identities
from tests.soak.moments import Identity
from tests.soak.rig import CHANNELS, PEOPLE, LinkShown, Picture, Rig
from trinario.model.session import Session
from trinario.testing.phone import Shown

TEXTS = (
    "garden",
    "news",
    "person",
    "table",
    "stop",
    "start",
    "unlink",
    "yes",
    "no",
    "Red",
    "Large",
    "Evening",
    "hello",
    WORD,
)
WHO, WHERE, WHICH = st.sampled_from(PEOPLE), st.sampled_from(CHANNELS), st.integers(0, 5)
WHAT = st.sampled_from(TEXTS)
SPAN = st.sampled_from([1, 5, 31, 61, 125, 185, 400, 800])

STEPS = 12
"""Steps of a story in the suite, after what was before."""

Deed = tuple[Identity, str, bytes]
"""Who, what she writes (or the title she taps), and the webhook."""

rigs: list[Rig] = []
"""The one machine of this process: made once, reset for every example."""


def the_rig() -> Rig:
    """A machine of which nobody has heard yet."""
    if not rigs:
        rigs.append(Rig())
    rigs[0].reset()
    return rigs[0]


class Soak(RuleBasedStateMachine):
    """Two people, three channels, four flows. `stories` were begun in this process."""

    stories = 0

    def __init__(self) -> None:
        super().__init__()
        Soak.stories += 1
        self.rig = the_rig()
        self.judge = Judge(self.rig)
        self.now: Picture = self.rig.picture()
        self.words = 0
        self.used: set[str] = set()
        self.asked: dict[Identity, tuple[Identity, str]] = {}

    # ---- what people do

    @initialize(chapters=st.lists(st.tuples(WHO, WHERE, st.sampled_from(sorted(CHAPTERS))), max_size=4))
    def begins(self, chapters: list[tuple[str, str, str]]) -> None:
        """What was before."""
        for who, where, what in chapters:
            self.chapter(who, where, what)

    @rule(who=WHO, where=WHERE, what=st.sampled_from(sorted(CHAPTERS)))
    def chapter(self, who: str, where: str, what: str) -> None:
        """A conversation as it often goes."""
        joined: int | None = None
        for text in CHAPTERS[what]:
            other = next(one for one in PEOPLE if one != who)
            if text in (FOLLOW, PASS_ON):
                if links := self.rig.links():
                    who = who if text == FOLLOW else other
                    where = links[-1].target
                    self.follow(who, links[-1], text == PASS_ON)
            elif text in (TAP, BEFORE):
                self.taps(who, where, 0 if text == TAP else 2)
            elif text == OTHER:
                who = other
            elif text == JOIN:
                joined = self.join(self.rig.identity(other, where), self.rig.identity(who, where))
            elif text == PART:
                self.part(joined)
            elif text == LATE:
                self.rig.late = True
            elif text.endswith(MINUTES):
                self.time_passes(int(text.removesuffix(MINUTES)))
            elif text.startswith(UNSENT):
                self.process_dies(who, where, text.removeprefix(UNSENT), False)
            elif text == DIES:
                self.process_dies_later(61)
            else:
                self.heard([self.text(who, where, text)])

    @rule(who=WHO, where=WHERE, text=WHAT)
    def writes(self, who: str, where: str, text: str) -> None:
        """She writes a text."""
        self.heard([self.text(who, where, text)])

    @rule(who=WHO, where=WHERE, text=WHAT, there=WHERE, more=WHAT, again=st.booleans())
    def writes_twice(self, who: str, where: str, text: str, there: str, more: str, again: bool) -> None:
        """Two messages arrive together, on one channel or on two, the first perhaps once more."""
        one, other = self.text(who, where, text), self.text(who, there, more)
        self.heard([one, other, *([one] if again else [])])

    @rule(who=WHO, where=WHERE, which=WHICH)
    def taps(self, who: str, where: str, which: int) -> None:
        """She taps something, new or old."""
        if (tap := self.tap(who, where, which)) is not None:
            self.heard([tap[0]], tap[1])

    @rule(who=WHO, where=WHERE, which=WHICH, text=WHAT)
    def taps_and_writes(self, who: str, where: str, which: int, text: str) -> None:
        """She taps, and writes before anything came back."""
        if (tap := self.tap(who, where, which)) is not None:
            self.heard([tap[0], self.text(who, where, text)])

    @rule(who=WHO, which=WHICH, forwarded=st.booleans())
    def follows(self, who: str, which: int, forwarded: bool) -> None:
        """Somebody follows a link, her own or one that was passed on to her."""
        links = self.rig.links()[::-1]
        if not links:
            return
        link = links[which % len(links)]
        self.follow(who, link, forwarded)

    @rule(which=WHICH)
    def webhook_again(self, which: int) -> None:
        """A webhook comes once more: nothing happens at all."""
        if self.rig.told:
            again = self.rig.told[-1 - which % len(self.rig.told)]
            before = self.rig.tables()
            self.rig.deliver([again])
            assert self.rig.tables() == before, f"something came of a second {again}"
            self.look(Step("the same webhook again"))

    # ---- what platforms, the team and the clock do

    @rule(which=WHICH, status=st.sampled_from(["sent", "delivered", "read", "failed"]))
    def status(self, which: int, status: str) -> None:
        """The fate of a message is told, late perhaps."""
        if self.rig.shown:
            shown = self.rig.shown[-1 - which % len(self.rig.shown)]
            if (body := self.rig.fate(shown, status)) is not None:
                identity = self.rig.identity(shown.person, shown.channel)
                self.rig.deliver([(shown.channel, body)], once=True)  # "all until now" means more when it comes again
                self.look(Step(f"{status} of {shown.text!r}", [identity]))

    @rule()
    def echoes_are_late(self) -> None:
        """From now on platforms do not tell our own messages back."""
        self.rig.late = True

    @rule(backwards=st.booleans())
    def echoes_come(self, backwards: bool) -> None:
        """What was not told back comes all at once, in either order."""
        by = [identity for name in PEOPLE for identity in self.rig.identities(name)]
        self.rig.let_go(backwards)
        self.look(Step("echoes come", by))

    @rule(minutes=SPAN)
    def time_passes(self, minutes: int) -> None:
        """The clock moves, and whatever is due happens."""
        self.rig.wait(minutes)
        self.look(Step(f"{minutes} minutes", timed=True))

    @rule(which=WHICH, by_phone=st.booleans())
    def team_answers(self, which: int, by_phone: bool) -> None:
        """A person of the team answers, from our screen or from Meta's app."""
        if not self.now.holders:
            return
        identity, contact = sorted(self.now.holders.items())[which % len(self.now.holders)]
        if by_phone:
            body = self.rig.team_writes(self.rig.person_of[identity], identity[0], f"A person {len(self.rig.told)}.")
            self.rig.deliver([(identity[0], body)])
            if not self.rig.late and not self.rig.machine.rows("SELECT 1 FROM outbox WHERE status IN (1, 2)"):
                assert self.rig.picture().owner(contact) == "person", "a person wrote to her, and the bot keeps her"
            self.look(Step("the team writes", [identity]))
        else:
            done = self.rig.reply(contact, f"The team {self.rig.replies}.")
            assert done is not None
            self.look(Step("the team replies", [one for one, id in self.now.holders.items() if id == contact]))
            assert done.refusal or self.now.owner(contact) == "person", "the team replied, and the bot keeps her"

    @rule(one=WHICH, other=WHICH)
    def team_joins(self, one: int, other: int) -> None:
        """The team takes two for one."""
        if (pair := self.pair(one, other)) is not None:
            self.join(*pair)

    @rule(one=WHICH, other=WHICH)
    def team_joins_and_parts(self, one: int, other: int) -> None:
        """The team takes two for one, and sees at once that they are not: all is as it was."""
        if (pair := self.pair(one, other)) is None:
            return
        before = self.tables()
        self.part(self.join(*pair))
        after = self.tables()
        for table, rows in before.items():
            assert after[table] == rows, f"{table} is not as it was"

    @rule(which=WHICH)
    def team_parts(self, which: int) -> None:
        """The team undoes a merge, the last or one before."""
        standing = [id for id, (_, _, _, undone) in sorted(self.now.merges.items()) if not undone]
        if standing:
            self.part(standing[-1 - which % len(standing)])

    @rule(who=WHO, where=WHERE, text=WHAT, posted=st.booleans())
    def process_dies(self, who: str, where: str, text: str, posted: bool) -> None:
        """She writes; the process dies after it claimed its answer, before or after that was said."""
        deed = self.text(who, where, text)
        self.rig.die([(deed[0][0], deed[2])], posted)
        self.look(self.step("died after", [deed], death=True))

    @rule(minutes=SPAN)
    def process_dies_later(self, minutes: int) -> None:
        """Time passes; the process dies after it said what was due then, and nothing tells whether it arrived."""
        self.rig.die([], True, minutes)
        self.look(Step(f"died after {minutes} minutes", timed=True, death=True))

    # ---- how

    def join(self, one: Identity, other: Identity) -> int | None:
        """The team takes these for one; gives the merge, if they were two."""
        keep, take = self.now.holders[one], self.now.holders[other]
        if keep == take:
            return None
        self.rig.merge(keep, take)
        self.look(Step("the team joins", joins=[(one, other)]))
        return max(self.now.merges)

    def part(self, merge: int | None) -> None:
        """The team takes them for two, unless they are by now."""
        if merge is not None and not self.now.merges[merge][3]:
            self.rig.unmerge(merge)
            self.look(Step("the team parts", parts=[merge]))

    def text(self, who: str, where: str, text: str) -> Deed:
        """A text; a word of hers is new each time."""
        identity = self.rig.identity(who, where)
        if text == WORD:
            self.words += 1
            text = f"{who}word{self.words:02}x"
            self.judge.people.words[text] = identity
        return identity, text, self.rig.writes(who, where, text)

    def tap(self, who: str, where: str, which: int) -> tuple[Deed, str] | None:
        """One of the last things that can be tapped on a phone, with its payload."""
        identity = self.rig.identity(who, where)
        there: list[tuple[Shown, str, str]] = [
            (shown, payload, title) for shown in self.rig.shown_to(identity) for payload, title in shown.options
        ]
        if not there:
            return None
        shown, payload, title = there[-1 - which % len(there)]
        return (identity, title, self.rig.taps(shown, payload, title)), payload

    def heard(self, deeds: Sequence[Deed], payload: str = "") -> None:
        """What was done arrives, together, and is worked off."""
        before = self.now
        self.rig.deliver([(identity[0], body) for identity, _, body in deeds])
        self.look(self.step("heard", deeds))
        if len(deeds) == 1:
            self.moved(before, deeds[0][0], deeds[0][1], payload)
            self.undone(before, deeds[0][0], deeds[0][1])

    def undone(self, before: Picture, identity: Identity, text: str) -> None:
        """UNLINK undoes a link that stands, whatever was asked."""
        holder = before.holders.get(identity)
        hers = [
            id for id, (kept, _, by, undone) in before.merges.items() if kept == holder and by == "token" and not undone
        ]
        if text == "unlink" and hers:
            gone = [id for id in hers if self.now.merges[id][3]]
            assert len(gone) == 1, f"of the links {hers} of {identity} UNLINK undid {gone}"

    def step(self, what: str, deeds: Sequence[Deed], death: bool = False) -> Step:
        """What these may do: say yes to a link, take a link back."""
        by = [identity for identity, _, _ in deeds]
        said = [(identity, text) for identity, text, _ in dict.fromkeys(deeds)]
        joins, parts, near = [], [], []
        for identity, text in said:
            node = self.judge.people.of(identity)
            asked = [(issuer, who) for who, (issuer, _) in self.asked.items() if node and who in identities(node)]
            near += [issuer for issuer, _ in asked]
            if text.casefold() == "yes":
                joins += asked
            if node is not None and text == "unlink":
                parts += [id for id, (_, _, by_, undone) in self.now.merges.items() if by_ == "token" and not undone]
        return Step(f"{what}: {said}", by, joins, parts, said, near, death=death)

    def follow(self, who: str, link: LinkShown, forwarded: bool) -> None:
        """A link may join at once where nothing personal is known of whoever it was made for, once, in its time."""
        identity = self.rig.identity(who, link.target)
        issuer = self.issuer(link)
        token = link.ref or link.text
        last = max(one.at for one in self.rig.links() if (one.ref or one.text) == token)
        fresh = token not in self.used and (self.rig.clock.now() - last).total_seconds() < 6 * 3600
        personal = self.personal(issuer)
        body = self.rig.follows(who, link, forwarded)
        merges = len(self.now.merges)
        passed_on = forwarded and link.target == "whatsapp"
        joins = [(issuer, identity)] if fresh and issuer and not personal and not passed_on else []
        self.rig.deliver([(link.target, body)])
        self.look(Step(f"{identity} follows a link of {issuer}", [identity, *([issuer] if issuer else [])], joins))
        if len(self.now.merges) > merges:
            self.used.add(token)
        elif fresh and issuer:
            self.asked[identity] = (issuer, token)

    def issuer(self, link: LinkShown) -> Identity | None:
        """On whose word the session began that offered a link."""
        if not link.session.startswith("i"):
            return None
        row = self.rig.machine.rows("SELECT body FROM inbox WHERE id = ?", int(link.session[1:].partition(".")[0]))
        channel, _, value = json.loads(row[0][0])["i"]
        return channel, value

    def personal(self, identity: Identity | None) -> bool:
        """Whether something personal is known of a contact."""
        if identity is None:
            return False
        return "secret" in json.loads(self.now.contacts[self.now.holders[identity]][0])

    def pair(self, one: int, other: int) -> tuple[Identity, Identity] | None:
        """Two contacts, each by an identity."""
        first = {id: identity for identity, id in sorted(self.now.holders.items())}
        found = sorted(first.values())
        if len(found) < 2:
            return None
        a = one % len(found)
        return found[a], found[(a + 1 + other % (len(found) - 1)) % len(found)]

    def look(self, step: Step) -> None:
        """Hold everything against the model. Nothing else happens in the moment in which two become one."""
        merges = len(self.now.merges)
        self.now = self.judge.look(self.now, step)
        if len(self.now.merges) > merges:
            self.used |= {self.asked[one][1] for one in step.by if one in self.asked}  # a yes has used up its link
            self.rig.in_a_moment()

    def tables(self) -> dict[str, list[object]]:
        """Every row that there is; but fates of messages that nobody knows yet, which may be kept twice."""
        return {table: rows for table, rows in self.rig.machine.store.run_now(dump).items() if table != "receipts"}

    # ---- which answers count

    def moved(self, before: Picture, identity: Identity, text: str, payload: str) -> None:
        """An answer to what was asked is taken, once; one to something else is not."""
        holder = before.holders.get(identity)
        if holder is None or holder != self.now.holders[identity]:
            return
        if before.owner(holder) != "bot" or before.contacts[holder][5] is not None:
            return
        was, after = before.of(holder), self.now.of(holder)
        asked = next((one for one in was.values() if one.foreground and one.status == "waiting"), None)
        if payload:
            self.tapped(was, after, asked, payload)
        elif asked and asked.wait and asked.wait.step == "word" and text in self.judge.people.words:
            assert after[asked.id].answers.get("word") == text, "her word was not taken"
            assert json.loads(self.now.contacts[holder][0])["secret"] == text
        for name, one in was.items():
            if name not in after:
                continue  # it went its own way with UNLINK
            assert after[name].turns - one.turns <= 2, f"{name} moved {after[name].turns - one.turns} times"

    def tapped(self, was: dict[str, Session], after: dict[str, Session], asked: Session | None, payload: str) -> None:
        """A tap on the pending question answers it; one on a question that was answered answers nothing."""
        if asked and asked.wait and (found := next((o for o in asked.wait.options if o.payload == payload), None)):
            moved = after[asked.id]
            assert moved.turns > asked.turns, "a tap on the pending question did nothing"
            if asked.wait.step != "may":
                assert moved.answers.get(asked.wait.step) == found.value, f"{payload} was not taken"
            return
        old = [
            prompt for one in was.values() if one.live for prompt in one.prompts
            if payload in [option.payload for option in prompt.options]
            and not (one.wait and one.wait.step == prompt.step)  # the same question anew: its copy is the answer
        ]  # fmt: skip
        if old:
            told = any("earlier" in one.text for one in self.rig.shown[-6:])
            assert told or self.judge.deaths or self.rig.late, f"a late tap on {payload} is not told what was chosen"
            for name, one in was.items():
                moot = one.flow == "news" and self.now.consent(self.now.sessions[name][0])  # it was granted meanwhile
                assert moot or after[name].answers == one.answers, f"a late tap on {payload} changed {name}"
