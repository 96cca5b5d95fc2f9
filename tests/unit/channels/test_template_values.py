"""Whatever stands in the places of a template, WhatsApp takes it, or it never goes."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.channels.judging import PEOPLE, adapters, judged, read
from tests.unit.channels.test_fit_things import CODE, SPRING
from tests.unit.channels.test_random_contents import titles, words
from trinario.channels.graph.template import NOTHING, gap_in
from trinario.engine.say_template import hydrated
from trinario.model.failure import Action
from trinario.model.message import Template, TemplateButton
from trinario.model.outbox import NotSent, OutboxEntry

KNOWN = {one.name: one for one in (SPRING, CODE)}
values = st.one_of(titles, words.map(lambda word: word * 12), st.sampled_from(["", " ", "\u200b", "x" * 2000]))


def entry(template: Template) -> OutboxEntry:
    return OutboxEntry(1, "m/77/1/0/0/0", 1, PEOPLE["whatsapp"], template)


@settings(max_examples=40, deadline=None)
@given(name=values, day=values, end=values, code=st.one_of(values, st.just("25OFF")))
def test_no_value_makes_a_template_that_is_refused(name: str, day: str, end: str, code: str) -> None:
    given = {"name": name, "day": day, "code": end, "coupon": code}
    template = hydrated(SPRING, "pt-BR", {key: " ".join(value.split()) for key, value in given.items()})

    if not gap_in(template):
        judged("whatsapp", entry(template), KNOWN)


def test_a_place_without_a_value_is_a_dash() -> None:
    template = hydrated(SPRING, "pt-BR", {"name": "", "day": "", "code": "x7", "coupon": "25OFF"})

    assert read(judged("whatsapp", entry(template), KNOWN)).count(NOTHING) == 2


def test_a_value_that_is_too_long_ends_in_dots() -> None:
    template = hydrated(SPRING, "pt-BR", {"name": "a" * 2000, "day": "b" * 80, "code": "x7", "coupon": "25OFF"})

    assert len(template.params["name"]) == 1024 - len("Oi , a primavera chegou.")
    assert template.header and len(template.header.value) == 60 - len("Até ")
    assert template.params["name"].endswith("a…") and template.header.value.endswith("b…")


def test_a_code_that_is_none_never_goes() -> None:
    adapter = adapters()["whatsapp"]
    for value, kind in (("", "otp"), (" ", "url"), ("x" * 16, "otp"), ("x" * 16, "code")):
        sent = asyncio.run(adapter.send(entry(Template("sign_in", "en", {}, None, (TemplateButton(0, kind, value),)))))
        assert isinstance(sent, NotSent) and sent.failure.action == Action.FIX
