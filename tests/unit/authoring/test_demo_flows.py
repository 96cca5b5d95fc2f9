"""The demo flows, played on the engine: what their files say is what a person meets."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trinario.authoring.load import load_bot
from trinario.channels.instagram.limits import LIMITS as INSTAGRAM
from trinario.channels.messenger.limits import LIMITS as MESSENGER
from trinario.channels.whatsapp.limits import LIMITS as WHATSAPP
from trinario.engine.react import react
from trinario.model.bot import Bot
from trinario.model.channel import Identity
from trinario.model.contact import Contact
from trinario.model.effect import OfferSwitch, OpenTicket, Say
from trinario.model.event import ClockRang, MessageHeard, Switched
from trinario.model.heard import Heard, MediaHeard
from trinario.model.interactive import Wanted
from trinario.model.message import Choices, Text
from trinario.model.turn import Reaction, Standing

ROOT = Path(__file__).parents[3]
LIMITS = {"whatsapp": WHATSAPP, "messenger": MESSENGER, "instagram": INSTAGRAM}
ENVIRON = dict.fromkeys(("WHATSAPP_TOKEN", "PAGE_TOKEN", "META_APP_SECRET", "META_VERIFY_TOKEN"), "test")
START = datetime(2026, 3, 2, 10, tzinfo=UTC)


class Play:
    """One contact before the demo bot; `said` is what the last event made it say."""

    def __init__(self, bot: Bot, language: str | None = None) -> None:
        self.bot, self.at, self.count = bot, START, 0
        identity = Identity("messenger", "psid", "1")
        self.standing = Standing(Contact(1, START, (identity,), language=language, channel="messenger"), ())
        self.reaction: Reaction | None = None

    def hear(self, text: str = "", kind: str = "text", channel: str | None = None) -> list[str]:
        contact = self.standing.contact
        channel = channel or contact.channel or "messenger"
        self.at += timedelta(seconds=30)
        self.standing = replace(self.standing, contact=replace(
            contact, channel=channel, last_heard={**contact.last_heard, channel: self.at}, last_seen_at=self.at))  # fmt: skip
        media = (MediaHeard("image", "1"),) if kind == "media" else ()
        heard = Heard(Identity(channel, "psid", "1"), f"m{self.count}", self.at, kind, text, media=media)
        return self._react(MessageHeard(f"e{self.count}", self.at, heard))

    def answer(self, text: str) -> list[str]:
        """Says something and lets the burst pass."""
        said = self.hear(text)
        waits = [session.wait for session in self.standing.sessions if session.wait and session.wait.burst_until]
        return said if not waits else self.ring()

    def ring(self) -> list[str]:
        session = next(session for session in self.standing.sessions if session.wake_at)
        self.at = session.wake_at or self.at
        return self._react(ClockRang(f"e{self.count}", self.at, session.id))

    def follow(self) -> list[str]:
        """Follows the last link, as her phone would."""
        offer = self.offers[-1]
        self.standing = replace(self.standing, contact=replace(self.standing.contact, channel=offer.targets[0]))
        return self._react(Switched(f"e{self.count}", self.at, offer.session, offer.offer, offer.targets[0]))

    @property
    def offers(self) -> list[OfferSwitch]:
        return [effect for effect in self.reaction.effects if isinstance(effect, OfferSwitch)] if self.reaction else []

    def _react(self, event: MessageHeard | ClockRang | Switched) -> list[str]:
        self.count += 1
        self.reaction = react(self.bot, self.standing, event)
        live = {session.id: session for session in (*self.standing.sessions, *self.reaction.sessions)}
        self.standing = Standing(self.reaction.contact, tuple(session for session in live.values() if session.live))
        said: list[str] = []
        for effect in self.reaction.effects:
            say = effect.say if isinstance(effect, OfferSwitch) else effect
            if isinstance(say, Say) and isinstance(say.content, Text | Choices | Wanted):
                said.append(say.content.text)
                if isinstance(say.content, Choices):
                    said.append(" | ".join(option.title for option in say.content.options))
        return said


@pytest.fixture(scope="module")
def bot() -> Bot:
    return load_bot(ROOT / "bots/demo", LIMITS, ENVIRON).bot


def test_ciao_over_three_channels_in_italian(bot: Bot) -> None:
    play = Play(bot)
    (asked,) = play.hear("Ciao!")
    assert asked.endswith("Come ti chiami?")
    (offered,) = play.hear("Ana")
    assert offered == "Piacere, Ana! I nostri fiori sono su Instagram, continuiamo lì."
    assert play.offers[0].targets == ("instagram",)
    assert play.follow() == ["Quale colore ti piace di più?", "Rosso | Giallo | Blu"]
    (offered,) = play.hear("rosso")
    assert offered.startswith("Rosso, ottima scelta!") and play.offers[0].targets == ("whatsapp",)
    assert play.follow() == ["E di quale misura lo vuoi?", "Piccolo | Medio | Grande"]
    assert play.hear("2") == ["Grazie, Ana! Il tuo mazzo: Rosso, Medio. Ci vediamo presto al Lucky Garden!"]
    assert play.standing.sessions == ()


def test_anything_unmatched_begins_the_same_in_english(bot: Bot) -> None:
    play = Play(bot)
    (asked,) = play.hear("do you have tulips?")
    assert asked.endswith("What is your name?")


def lead(bot: Bot, email: list[str], budget: str) -> Play:
    play = Play(bot)
    assert play.hear("info") == ["Hi there! Three quick questions.", "What are you after?", "Plants | Tools | Café"]
    assert play.answer("CAFE") == ["Which e-mail address may we write to?"]
    for wrong in email[:-1]:
        assert play.answer(wrong) == ["That is no e-mail address yet. It looks like ana@example.com."]
    assert play.answer(email[-1]) == ["Your budget in EUR?"]
    play.answer(budget)
    return play


def test_a_small_budget_gets_the_catalogue(bot: Bot) -> None:
    play = lead(bot, ["ana@", "ana at example", "ana@example.com"], "300")
    assert play.reaction and [effect.content.text for effect in play.reaction.effects
                              if isinstance(effect, Say) and isinstance(effect.content, Text)] == [
        "Thank you! Here is our catalogue: https://luckygarden.example/2026",
    ]  # fmt: skip
    assert play.standing.contact.fields["interest"] == "cafe" and play.standing.contact.fields["budget"] == 300


def test_a_large_budget_goes_to_whatsapp_and_to_people(bot: Bot) -> None:
    play = lead(bot, ["ana@example.com"], "5000")
    assert play.offers[0].targets == ("whatsapp",)
    assert play.follow() == ["May we see it? Please send a photo of your garden."]
    play.hear(kind="media")
    tickets = [effect for effect in play.reaction.effects if isinstance(effect, OpenTicket)] if play.reaction else []
    assert [(ticket.team, ticket.note) for ticket in tickets] == [("sales", "cafe, 5000 EUR, ana@example.com")]


def test_three_wrong_answers_meet_a_person(bot: Bot) -> None:
    play = Play(bot)
    play.hear("prezzo")
    for _ in range(2):
        play.answer("zzz")
    assert play.answer("zzz") == ["I had better call a person of our team, who will write to you here."]
    assert play.standing.sessions == ()


def test_every_text_of_the_demo_flows_is_translated(bot: Bot) -> None:
    for name in ("welcome", "lead_capture"):
        for phrase in bot.flows[name].words["it"].values():
            assert phrase.source.strip()
