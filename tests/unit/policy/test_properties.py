"""What holds for every message, whatever the world looks like."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from trinario.model.bot import Bot
from trinario.model.channel import Channel, Identity
from trinario.model.contact import Contact
from trinario.model.duration import Duration
from trinario.model.effect import Say
from trinario.model.flow import Flow
from trinario.model.message import Template, Text
from trinario.model.policy import Cap, Rules, tighter
from trinario.model.template import TemplateSpec
from trinario.model.zone import zone_of
from trinario.policy.cap import full
from trinario.policy.facts import Facts, Push, TemplateFate, template_key
from trinario.policy.quiet import next_allowed
from trinario.policy.send import may_send
from trinario.policy.verdict import Allow, Defer, Refuse
from trinario.policy.why import packed, unpacked
from trinario.runtime.build import LIMITS, WINDOWS

CHANNELS = {name: Channel(name, name, LIMITS[name], WINDOWS[name]) for name in ("whatsapp", "messenger", "telegram")}
TEMPLATES = {"sale": TemplateSpec("sale", "marketing"), "parcel": TemplateSpec("parcel", "utility")}
ZONES = ("Europe/Rome", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC")

hours = st.integers(0, 200).map(lambda n: timedelta(hours=n))
spans = st.lists(st.tuples(st.integers(0, 1439), st.integers(0, 1439)), max_size=2).map(tuple)
caps = st.lists(
    st.builds(Cap, st.integers(1, 4), st.builds(Duration, st.integers(0, 7), st.integers(3600, 90000))), max_size=2
).map(tuple)
needs = st.dictionaries(st.sampled_from(["", *CHANNELS]), st.sampled_from(["opt_in", "opt_out"]), max_size=2)
rules = st.builds(Rules, spans, caps, needs, st.none() | hours)
moments = st.integers(0, 365 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@st.composite
def questions(draw: st.DrawFn) -> tuple[Bot, Contact, Say, datetime, Facts]:
    now = draw(moments)
    heard = draw(st.dictionaries(st.sampled_from(sorted(CHANNELS)), hours, max_size=3))
    had = draw(st.sets(st.sampled_from(sorted(CHANNELS)))) | set(heard)
    bot = Bot("shop", "en", "Europe/Rome", CHANNELS, {"sale": Flow("sale", "1", {}, policy=draw(st.none() | rules))},
              templates=TEMPLATES, policy=draw(rules))  # fmt: skip
    contact = Contact(
        1, now, tuple(Identity(name, "phone" if name == "whatsapp" else "psid", "393331234567") for name in sorted(had)),
        timezone=draw(st.none() | st.sampled_from(ZONES)),
        consent=draw(st.dictionaries(st.sampled_from(["marketing", *(f"marketing@{n}" for n in CHANNELS)]), st.booleans())),
        last_heard={name: now - ago for name, ago in heard.items()}, channel=draw(st.none() | st.sampled_from(sorted(CHANNELS))),
        owner=draw(st.sampled_from(["bot", "person"])), owner_until=draw(st.none() | hours.map(lambda ago: now + ago)),
    )  # fmt: skip
    template = draw(st.none() | st.sampled_from([Template("sale", "en"), Template("parcel", "en")]))
    say = Say("now/1/1", Text("hello"), flow="sale", purpose=draw(st.sampled_from(["service", "transactional", "marketing"])),
              template=template)  # fmt: skip
    pushes = draw(st.lists(st.builds(
        Push, st.sampled_from(["a", "b", "c", "d"]), hours.map(lambda ago: now - ago), st.sampled_from(sorted(CHANNELS)),
        st.sampled_from(["", "", "131049", "131026"]),
    ), max_size=4).map(tuple))  # fmt: skip
    fate = draw(st.none() | st.builds(TemplateFate, st.sampled_from(["PAUSED", "REJECTED", "APPROVED", "PENDING"]),
                                      st.none() | hours.map(lambda later: now + later)))  # fmt: skip
    states = {template_key("whatsapp", name, "en"): fate for name in TEMPLATES} if fate else {}
    asked, human = draw(st.booleans()), draw(st.booleans())
    return (
        bot,
        contact,
        say,
        now,
        Facts(draw(st.just({}) | st.just({"whatsapp": "131026"})), human, asked, pushes, states),
    )


@settings(max_examples=80, deadline=None)
@given(questions())
def test_after_a_no_there_is_no_marketing(question: tuple[Bot, Contact, Say, datetime, Facts]) -> None:
    bot, contact, say, now, facts = question
    refusing = replace(contact, consent=dict.fromkeys(("marketing", *contact.consent), False))
    verdict = may_send(bot, refusing, replace(say, purpose="marketing"), now, facts)
    assert isinstance(verdict, Refuse)
    other = may_send(bot, refusing, say, now, facts)
    assert isinstance(other, Refuse) or other.purpose != "marketing"


@settings(max_examples=80, deadline=None)
@given(questions(), rules)
def test_what_is_tighter_allows_nothing_more(question: tuple[Bot, Contact, Say, datetime, Facts], more: Rules) -> None:
    bot, contact, say, now, facts = question
    tight = replace(bot, policy=tighter(bot.policy, more))
    before, after = may_send(bot, contact, say, now, facts), may_send(tight, contact, say, now, facts)
    assert not isinstance(after, Allow) or isinstance(before, Allow)


@settings(max_examples=80, deadline=None)
@given(questions())
def test_what_is_deferred_comes_at_an_hour_that_is_allowed(question: tuple[Bot, Contact, Say, datetime, Facts]) -> None:
    bot, contact, say, now, facts = question
    verdict = may_send(bot, contact, say, now, facts)
    if isinstance(verdict, Defer):
        assert verdict.until > now
        if verdict.purpose == "marketing" and not (facts.asked or facts.human):
            quiet = tighter(bot.policy, bot.flows["sale"].policy).quiet
            assert next_allowed(verdict.until, quiet, zone_of(bot, contact)) == verdict.until
        again = may_send(bot, contact, say, verdict.until, facts)
        assert not isinstance(again, Defer) or again.refusal.code != "quiet_hours"


@settings(max_examples=80, deadline=None)
@given(questions())
def test_every_channel_that_was_asked_is_told_and_kept(question: tuple[Bot, Contact, Say, datetime, Facts]) -> None:
    verdict = may_send(*question)
    assert unpacked(packed(verdict.walk)) == verdict.walk
    if isinstance(verdict, Allow) and verdict.walk:
        assert verdict.walk[-1].answer == "allow" and verdict.walk[-1].channel == verdict.identity.channel
    if not isinstance(verdict, Allow):
        assert verdict.walk and all(line.answer != "allow" and line.code and line.detail for line in verdict.walk)


@settings(max_examples=80, deadline=None)
@given(moments, spans, st.sampled_from(ZONES))
def test_quiet_hours_end_and_the_end_is_not_quiet(now: datetime, quiet: tuple[tuple[int, int], ...], zone: str) -> None:
    where = ZoneInfo(zone)
    until = next_allowed(now, quiet, where)
    if until is None:
        return
    assert until >= now and next_allowed(until, quiet, where) == until
    local = now.astimezone(where)
    minute = local.hour * 60 + local.minute
    covered = [span for span in quiet if (minute - span[0]) % 1440 < ((span[1] - span[0]) % 1440 or 1440)]
    if covered:
        assert until > now, "what the clock on her wall calls quiet is quiet"


@settings(max_examples=80, deadline=None)
@given(moments, st.lists(hours, max_size=6), caps)
def test_a_cap_holds_over_every_stretch(now: datetime, ago: list[timedelta], limits: tuple[Cap, ...]) -> None:
    went: list[Push] = []
    for number, span in enumerate(sorted(ago, reverse=True)):
        if full(limits, went, f"t{number}", now - span) is None:
            went.append(Push(f"t{number}", now - span, "messenger"))
    for cap in limits:
        for push in went:
            inside = [one for one in went if push.at - cap.per.elapsed < one.at <= push.at]
            assert len(inside) <= cap.max
