"""What a channel may send: rests, slowed pace, trouble and its probe; templates that hold; uploads; failures told late."""

from datetime import timedelta

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, later, outgoing, psid
from tests.contract.test_outbox import ANA, BEN, claim, contacts, ids, put, statuses
from trinario import jsons
from trinario.model.failure import Failure
from trinario.model.heard import Receipt
from trinario.model.media import address_in
from trinario.model.message import Template
from trinario.model.standing import NumberStanding
from trinario.model.wire_content import content_to_json
from trinario.ports import Opening, Settled, TemplateState, Uploaded
from trinario.store.bulk import fetch
from trinario.store.moments import ms


async def test_a_channel_that_rests_sends_nothing_until_then(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA))
    await store.run(lambda u: u.accounts.rest("messenger", NOW, later(60)))
    await store.run(lambda u: u.accounts.rest("messenger", NOW, later(30)))
    assert await claim(store, at=59) == []
    (known,) = await store.run(lambda u: u.accounts.troubles(NOW))
    assert (known.channel, known.code, known.rests_until) == ("messenger", "", later(60))
    assert await claim(store, at=60) == ["k1"]
    assert await store.run(lambda u: u.accounts.troubles(later(61))) == []


async def test_a_clock_that_was_set_back_does_not_stretch_a_rest(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA))
    await store.run(lambda u: u.accounts.rest("messenger", later(3600), later(3660)))
    assert await claim(store) == ["k1"]


async def test_trouble_lets_one_message_through_at_a_time_until_it_is_over(store: AnyStore) -> None:
    ana, ben = await contacts(store)
    await put(store, outgoing("k1", ana, ANA), outgoing("k2", ben, BEN))
    assert await store.run(lambda u: u.accounts.trouble("messenger", "190", "expired", NOW))
    assert not await store.run(lambda u: u.accounts.trouble("messenger", "190/463", "expired", later(1)))
    (known,) = await store.run(lambda u: u.accounts.troubles(NOW))
    assert (known.code, known.reason, known.since) == ("190/463", "expired", NOW)
    (row,) = await store.run(lambda u: u.claim_outbox("messenger", 10, 300.0, 7, NOW))
    assert (row.entry.key, row.probe) == ("k1", True)
    assert await store.run(lambda u: u.accounts.well("messenger"))
    assert not await store.run(lambda u: u.accounts.well("messenger"))
    (row,) = await store.run(lambda u: u.claim_outbox("messenger", 10, 300.0, 7, NOW))
    assert (row.entry.key, row.probe) == ("k2", False)


async def test_an_operator_says_that_it_is_mended(store: AnyStore) -> None:
    ana, ben = await contacts(store)
    rows = {"refused": "190/463", "unnamed": "token", "pair": "131056", "ours": "quiet_hours", "new": ""}
    for key in rows:
        await put(store, outgoing(key, ana if key == "refused" else ben, ANA if key == "refused" else BEN))
    for key, why in rows.items():
        sql = f"UPDATE outbox SET refusal = '{why}', not_before = {ms(later(900 if why else 0))} WHERE key = '{key}'"
        await store.run(lambda u, sql=sql: u.conn.exec_driver_sql(sql) and None)
    await store.run(lambda u: u.accounts.trouble("messenger", "190/463", "expired", NOW))
    await store.run(lambda u: u.accounts.rest("messenger", NOW, later(900)))
    await store.run(lambda u: u.accounts.hold_bulk("messenger", later(3600)))
    await store.run(lambda u: u.accounts.slow("messenger", 10, later(3600)))
    assert await claim(store, at=5) == []
    assert await store.run(lambda u: u.accounts.try_again("messenger", later(5))) == 2
    (known,) = await store.run(lambda u: u.accounts.troubles(later(5)))
    assert (known.code, known.rests_until, known.bulk_until, known.share) == ("190/463", None, None, 100)
    assert await claim(store, at=5) == ["refused"], "one finds out"
    assert await store.run(lambda u: u.accounts.well("messenger"))
    assert await claim(store, at=6) == ["unnamed"]
    assert await store.run(lambda u: u.accounts.try_again("whatsapp", NOW)) == 0


async def test_marketing_waits_while_answers_go(store: AnyStore) -> None:
    ana, ben = await contacts(store)
    await put(store, outgoing("bulk", ana, ANA, priority=1, purpose="marketing"), outgoing("reply", ben, BEN))
    await store.run(lambda u: u.accounts.hold_bulk("messenger", later(3600)))
    assert await claim(store) == ["reply"]
    assert await claim(store, at=3601) == ["bulk"]


async def test_a_slowed_channel_sends_its_share(store: AnyStore) -> None:
    ana, ben = await contacts(store)
    await put(store, outgoing("k1", ana, ANA), outgoing("k2", ben, BEN))
    await store.run(lambda u: u.accounts.slow("messenger", 10, later(60)))
    assert await claim(store, pace=10.0) == ["k1"]
    assert await claim(store, at=0.5, pace=10.0) == []
    assert await claim(store, at=1.0, pace=10.0) == ["k2"]


@pytest.mark.parametrize("pace", [20.0, 80.0, 1000.0])
async def test_the_profiles_of_a_number(store: AnyStore, pace: float) -> None:
    """Coexistence, standard and upgraded numbers (`pace` in bot.yaml)."""
    people = [psid(f"p{n}") for n in range(40)]
    await store.run(lambda u: u.take_in([heard(one, one.value) for one in people], NOW))
    cases = await store.run(lambda u: u.claim_cases(100, NOW))
    await put(store, *(outgoing(f"k{n}", case.contact.id, people[n]) for n, case in enumerate(cases)))
    went = [len(await claim(store, at=tick / 10, pace=pace)) for tick in range(25)]
    assert sum(went) == 40
    assert all(sum(went[start : start + 10]) <= 1.5 * pace for start in range(15))


async def test_audio_and_video_have_a_bucket_of_their_own(store: AnyStore) -> None:
    assert await store.run(lambda u: u.accounts.grant_heavy("messenger", 9, 10.0, NOW)) == 5
    assert await store.run(lambda u: u.accounts.grant_heavy("messenger", 9, 10.0, NOW)) == 0
    assert await store.run(lambda u: u.accounts.grant_heavy("messenger", 9, 10.0, later(0.2))) == 2


async def test_templates_are_known_by_name_and_language(store: AnyStore) -> None:
    paused = TemplateState("whatsapp", "offer", "en_US", "PAUSED", "quality", later(60))
    await store.run(lambda u: u.templates.note(paused, NOW))
    await store.run(lambda u: u.templates.note(TemplateState("whatsapp", "other", "it", "APPROVED"), NOW))
    (known,) = await store.run(lambda u: u.templates.states("whatsapp", {"offer"}))
    assert (known.language, known.status, known.until) == ("en-US", "PAUSED", later(60))
    assert len(await store.run(lambda u: u.templates.states("whatsapp", ()))) == 2
    assert await store.run(lambda u: u.templates.states("messenger", {"offer"})) == []


async def test_category_and_quality_of_a_template_are_kept_beside_its_state(store: AnyStore) -> None:
    soon = NOW + timedelta(days=1)
    await store.run(lambda u: u.templates.note_becoming("whatsapp", "offer", "en_US", "MARKETING", soon, NOW))
    await store.run(lambda u: u.templates.note_quality("whatsapp", "offer", "en-US", "RED", NOW))
    await store.run(lambda u: u.templates.note(TemplateState("whatsapp", "offer", "en-US", "PAUSED"), NOW))
    (known,) = await store.run(lambda u: u.templates.states("whatsapp", {"offer"}))
    assert (known.status, known.category, known.becomes, known.quality) == ("PAUSED", "", "marketing", "red")
    assert known.becomes_at == soon
    await store.run(lambda u: u.templates.note_category("whatsapp", "offer", "en-US", "MARKETING", NOW))
    (known,) = await store.run(lambda u: u.templates.states("whatsapp", {"offer"}))
    assert (known.status, known.category, known.becomes, known.becomes_at) == ("PAUSED", "marketing", "", None)


async def test_what_we_have_put_up_on_a_channel_is_known_again(store: AnyStore) -> None:
    assert await store.read(lambda u: u.accounts.opening("whatsapp")) == Opening()
    for opening in (Opening(("Hi",), {"a": "b"}), Opening((), {"c": "d", "b": "e"}, {"default": "Ciao!"})):
        await store.run(lambda u, opening=opening: u.accounts.keep_opening("whatsapp", opening, NOW))  # type: ignore[misc]
        assert await store.read(lambda u: u.accounts.opening("whatsapp")) == opening


async def test_what_waited_for_a_template_goes_when_it_is_good_again(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA))
    await claim(store)
    waits = Settled((await ids(store))["k1"], 0, refusal="template_paused", not_before=later(9999))
    await store.run(lambda u: u.settle([waits], NOW, 7))
    assert await claim(store, at=60) == []
    await store.run(lambda u: u.templates.note(TemplateState("messenger", "offer", "en", "APPROVED"), later(60)))
    assert await claim(store, at=61) == ["k1"]


async def test_uploads_are_known_until_they_expire_or_are_forgotten(store: AnyStore) -> None:
    async def known(at: float = 0.0) -> str | None:
        found = await store.run(lambda u: u.accounts.upload("106", "abc", "image", later(at)))
        return found.external_id if found else None

    assert await known() is None
    for external_id in ("m1", "m2"):
        one = Uploaded("106", "abc", "image", external_id, later(100))
        await store.run(lambda u, one=one: u.accounts.keep_upload(one, NOW))
    assert (await known(), await known(100)) == ("m2", None)
    await store.run(lambda u: u.accounts.forget_upload("https://elsewhere.example/abc/x.png"))
    assert await known() == "m2"
    await store.run(lambda u: u.accounts.forget_upload(address_in("abc", "x.png")))
    assert await known() is None


async def test_a_failure_is_news_once_and_a_row_can_go_again(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA))
    await claim(store)
    id = (await ids(store))["k1"]
    told = Receipt("messenger", "failed", NOW, message_id="x1", key="k1", failure=Failure("account", 131042))
    await store.run(lambda u: u.settle([Settled(id, 3, external_id="x1", sent_at=NOW)], NOW, 7))
    landed = await store.run(lambda u: u.landed(told))
    assert landed is not None
    assert (landed.id, landed.contact, landed.attempts) == (id, ana, 0)
    await store.run(lambda u: u.put_back(id, "x1", "131042", "pay first", later(60), 1))
    assert await store.run(lambda u: u.landed(told)) is None
    await store.run(lambda u: u.apply_receipts([told], NOW))
    assert (await statuses(store))["k1"] == 0
    assert await claim(store, at=61) == ["k1"]
    await store.run(lambda u: u.apply_receipts([told], NOW))
    await store.run(lambda u: u.settle([Settled(id, 3, external_id="x2", sent_at=later(61))], later(61), 7))
    await store.run(lambda u: u.apply_receipts([told], later(62)))
    assert (await statuses(store))["k1"] == 3


async def test_when_messages_went_to_an_identity(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, *(outgoing(f"k{n}", ana, ANA) for n in range(4)))
    for n in range(3):
        assert await claim(store, at=n) == [f"k{n}"]
        one = Settled((await ids(store))[f"k{n}"], 3, external_id=f"x{n}", sent_at=later(n))
        await store.run(lambda u, one=one: u.settle([one], NOW, 7))
    known = await store.run(lambda u: u.sent_lately("messenger", "ana", later(1), 10))
    assert known == [later(1), later(2)]
    assert await store.run(lambda u: u.sent_lately("messenger", "ana", NOW - timedelta(hours=1), 2)) == [
        later(1),
        later(2),
    ]


async def test_a_failure_may_be_faster_than_the_answer(store: AnyStore) -> None:
    ana, _ = await contacts(store)
    await put(store, outgoing("k1", ana, ANA))
    await claim(store)
    id = (await ids(store))["k1"]
    told = Receipt("messenger", "failed", NOW, message_id="x1", key="k1", failure=Failure("account", 131042))
    assert await store.run(lambda u: u.landed(told)) is not None
    await store.run(lambda u: u.put_back(id, "x1", "131042", "pay first", later(60), 1))
    await store.run(lambda u: u.settle([Settled(id, 3, external_id="x1", sent_at=NOW)], NOW, 7))
    assert (await statuses(store))["k1"] == 0
    assert await claim(store, at=61, run=8) == ["k1"]
    await store.run(lambda u: u.settle([Settled(id, 3, external_id="x1", sent_at=NOW)], later(61), 7))
    assert (await statuses(store))["k1"] == 1, "the second try is still under way"
    await store.run(lambda u: u.settle([Settled(id, 3, external_id="x2", sent_at=later(62))], later(62), 8))
    assert (await statuses(store))["k1"] == 3


BULK = {"priority": 1, "purpose": "marketing"}


async def test_campaigns_go_slower_while_people_block_the_number(store: AnyStore) -> None:
    people = [psid(f"p{n}") for n in range(8)]
    await store.run(lambda u: u.take_in([heard(one, one.value) for one in people], NOW))
    cases = await store.run(lambda u: u.claim_cases(100, NOW))
    rows = [outgoing(f"k{n}", case.contact.id, people[n], **(BULK if n < 6 else {})) for n, case in enumerate(cases)]
    await put(store, *rows)
    assert await store.run(lambda u: (u.accounts.rated("messenger", "red"), u.accounts.rated("messenger", "red"))) == (
        True,
        False,
    )
    assert await claim(store, pace=20.0) == ["k6", "k7", "k0"], "answers keep the whole pace"
    assert await claim(store, at=0.4, pace=20.0) == [], "a tenth of it is two a second"
    assert await claim(store, at=0.5, pace=20.0) == ["k1"]
    await store.run(lambda u: u.accounts.rated("messenger", "green"))
    assert await claim(store, at=1.0, pace=20.0) == ["k2", "k3", "k4", "k5"]


async def test_so_many_are_written_to_first_in_a_day_and_no_more(store: AnyStore) -> None:
    words = jsons.dumps(content_to_json(Template("spring", "it")))
    people = [psid(f"p{n}") for n in range(7)]
    await store.run(lambda u: u.take_in([heard(one, one.value) for one in people], NOW))
    cases = await store.run(lambda u: u.claim_cases(100, NOW))
    rows = [outgoing(f"k{n}", case.contact.id, people[n], content=words, **BULK) for n, case in enumerate(cases[:5])]
    free = outgoing("free", cases[5].contact.id, people[5], **BULK)
    await put(store, *rows, free, outgoing("reply", cases[6].contact.id, people[6]))
    await store.run(lambda u: u.accounts.limited("messenger", 2))
    assert await claim(store) == ["reply", "k0", "k1", "free"], "who has written counts for no limit"
    (known,) = await store.run(lambda u: u.accounts.troubles(NOW))
    until = known.bulk_until
    assert until is not None and later(24 * 3600) <= until <= later(25 * 3600)
    assert await claim(store, at=24 * 3600 - 1) == []
    over = (until - NOW).total_seconds()
    assert await claim(store, at=over - 1) == [] and await claim(store, at=over) == ["k2", "k3"]
    assert await claim(store, at=over + 1) == []
    assert await store.run(lambda u: u.accounts.limited("messenger", -1)), (
        "the platform lets us write to as many as we like"
    )
    assert await claim(store, at=over + 2) == ["k4"]
    assert await store.run(lambda u: u.accounts.standings()) == [NumberStanding("messenger", "", -1)]


async def test_hours_of_the_day_before_are_forgotten(store: AnyStore) -> None:
    ana, ben = await contacts(store)
    words = jsons.dumps(content_to_json(Template("spring", "it")))
    await store.run(lambda u: u.accounts.limited("messenger", 1))
    await put(store, outgoing("k1", ana, ANA, content=words, **BULK))
    assert await claim(store) == ["k1"]
    await store.run(lambda u: u.prune(NOW))
    await put(store, outgoing("k2", ben, BEN, content=words, **BULK))
    assert await claim(store, at=60) == []
    await store.run(lambda u: u.prune(later(86400)))
    sql = "SELECT COUNT(*) FROM paces WHERE channel LIKE 'begun/%'"
    assert await store.run(lambda u: fetch(u.conn, sql)[0][0]) == 0
