"""Where she wants to be written to, and where not: in her own words, in six languages, on any channel."""

from dataclasses import replace

import pytest

from tests.unit.engine.worlds import START, Person, ask, bot, flow, p, pattern, send
from trinario.authoring.patterns import LOCALES, patterns
from trinario.engine.index import index_of
from trinario.model.bot import Bot, Pattern
from trinario.model.channel import Channel, Identity
from trinario.model.consent import RecordConsent, wants
from trinario.model.contact import PREFERS, wishing
from trinario.model.effect import Report
from trinario.model.flow import Set
from trinario.runtime.build import LIMITS

BUILT_IN = patterns({}, "en")
PLACES = {name: Channel(name, name, LIMITS[name]) for name in ("messenger", "whatsapp", "instagram")}
MAIN = flow("main", ask("q", "main?"), send("s", "main {{ answers.q }}"))
OWN: dict[str, Pattern] = {
    "prefer": replace(BUILT_IN["prefer"], texts={"en": p("There: {{ channel }}.")}),
    "prefer.unknown": pattern("Not yet there: {{ channel }}."),
    "stop_here": replace(BUILT_IN["stop_here"], texts={"en": p("Not here: {{ channel }}.")}),
}


def _bot() -> Bot:
    return replace(bot(MAIN, patterns=OWN), channels=PLACES)


def _ana(**contact: object) -> Person:
    ana = Person(_bot(), channel="messenger", **contact)
    known = (Identity("messenger", "psid", "7"), Identity("whatsapp", "phone", "7"))
    ana.contact = replace(ana.contact, identities=known)
    return ana


SENTENCES = [
    "Write me on WhatsApp!", "scrivimi su whatsapp", "Escríbeme por WhatsApp", "Schreib mir auf WhatsApp",
    "Écris-moi sur WhatsApp", "me escreva no WhatsApp", "i prefer wa",
]  # fmt: skip


@pytest.mark.parametrize("text", SENTENCES)
def test_she_says_where_and_it_is_noted_and_said(text: str) -> None:
    ana = _ana()
    assert ana.write(text) == ["There: WhatsApp."]
    assert ana.contact.preferred == ana.contact.wished == "whatsapp"


def test_here_is_where_she_writes() -> None:
    ana = _ana()
    assert ana.write("scrivimi qui") == ["There: Messenger."]
    assert ana.contact.wished == "messenger"


def test_the_question_comes_again_and_is_not_answered_by_it() -> None:
    ana = _ana()
    ana.start("main")
    assert ana.write("write me on whatsapp") == ["There: WhatsApp.", "main?"]
    assert ana.write("blue") == ["main blue"]


def test_where_she_is_not_known_yet_she_is_told_to_write_first() -> None:
    ana = _ana()
    assert ana.write("write me on insta") == ["Not yet there: Instagram."]
    assert ana.contact.wished == "instagram"


def test_a_channel_that_the_bot_has_not_is_no_wish() -> None:
    ana = _ana()
    ana.write("write me on telegram")
    assert ana.contact.wished is None


def test_the_last_wish_counts_and_comes_before_what_was_learned() -> None:
    ana = _ana()
    ana.contact = replace(ana.contact, marks={f"{PREFERS}messenger": START})
    assert ana.contact.preferred == "messenger"
    ana.write("write me on whatsapp")
    ana.write("write me on instagram")
    assert ana.contact.preferred == "instagram"
    assert wishing(ana.contact, None, ana.at).preferred == "messenger"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_has_words_for_a_place_for_here_and_for_not_here(locale: str) -> None:
    words = BUILT_IN["prefer"].words[locale]
    assert any("{channel}" in word for word in words) and any("{channel}" not in word for word in words)
    assert BUILT_IN["stop_here"].words[locale]


def test_no_sentence_means_two_things() -> None:
    index = index_of(replace(_bot(), patterns=BUILT_IN))
    assert index.prefers and not index.prefers.keys() & (index.commands.keys() | index.unlinks)


def test_not_here_takes_the_permission_for_this_channel_only() -> None:
    ana = _ana(consent={"marketing": True})
    ana.contact = wishing(ana.contact, "messenger", START)
    assert ana.write("non scrivermi più qui") == ["Not here: Messenger."]
    assert ana.effects(RecordConsent)[0].channels == ("messenger",)
    assert [wants(ana.contact.consent, "marketing", name) for name in ("messenger", "whatsapp")] == [False, True]
    assert ana.contact.wished is None, "she is not written to there because she wished for it once"
    assert ana.write("start") == ["Welcome back."]
    assert wants(ana.contact.consent, "marketing", "messenger") is True


def test_not_here_is_honoured_while_people_have_her() -> None:
    ana = _ana(consent={"marketing": True}, owner="person")
    ana.write("stop writing me here")
    assert wants(ana.contact.consent, "marketing", "messenger") is False


def test_a_flow_sets_it_and_empties_it() -> None:
    chosen = flow("chosen", Set(name="s", values={"contact.preferred_channel": p("{{ 'WhatsApp' }}")}),
                  send("t", "{{ contact.preferred_channel }}"))  # fmt: skip
    emptied = flow("emptied", Set(name="s", values={"contact.preferred_channel": None}),
                   send("t", "{{ contact.preferred_channel or 'none' }}"))  # fmt: skip
    wrong = flow("wrong", Set(name="s", values={"contact.preferred_channel": p("pigeon")}))
    ana = Person(replace(bot(chosen, emptied, wrong), channels=PLACES))
    assert ana.start("chosen") == ["whatsapp"]
    assert ana.start("emptied") == ["none"]
    ana.start("wrong")
    assert "'pigeon' is no channel of this bot" in ana.effects(Report)[0].reason


def test_it_is_noted_and_said_while_people_have_her_and_no_question_is_put() -> None:
    ana = _ana()
    ana.start("main")
    ana.contact = replace(ana.contact, owner="person")
    assert ana.write("write me on whatsapp") == ["There: WhatsApp."]
    assert ana.contact.wished == "whatsapp"
    assert ana.write("thank you") == []
