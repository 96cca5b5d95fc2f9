"""What the store does for comments: her other id behind a private reply, and the last message that she wrote."""

from dataclasses import replace

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, outgoing, psid
from trinario.model.comment import private_to
from trinario.model.heard import Receipt
from trinario.ports import Said, Writes

pytestmark = pytest.mark.asyncio
ANA, AGAIN = psid("ana"), psid("ana-in-the-chat")


async def _contact(store: AnyStore) -> int:
    await store.run(lambda u: u.take_in([heard(ANA, "a")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    return case.contact.id


@pytest.mark.parametrize(("reply_to", "joined"), [(private_to("c1", NOW), True), ("m_1", False)])
async def test_the_echo_of_a_private_reply_shows_her_other_id(store: AnyStore, reply_to: str, joined: bool) -> None:
    ana = await _contact(store)
    row = outgoing("k1", ana, ANA, reply_to=reply_to)
    await store.run(lambda u: u.write(Writes(outgoing=[row]), NOW))
    echo = Receipt("messenger", "sent", NOW, "m_9", "k1", AGAIN)
    await store.run(lambda u: u.apply_receipts([echo, replace(echo, identity=ANA)], NOW))
    await store.run(lambda u: u.apply_receipts([echo], NOW))

    (contact,) = await store.run(lambda u: u.contacts([ana], NOW))
    assert (AGAIN in contact.identities) == joined
    assert await store.run(lambda u: u.contact_ids({"identity": ("messenger", AGAIN.value)})) == [ana] * joined


async def test_the_last_message_that_she_wrote(store: AnyStore) -> None:
    ana = await _contact(store)

    def said(id: str, kind: str = "text", direction: str = "in", channel: str = "messenger") -> Said:
        return Said(ana, direction, "contact", channel, NOW, kind, "x", id)

    lines = [
        said("m1"),
        said("m2", "media"),
        said("i1", channel="instagram"),
        said("c1", "comment"),
        said("o1", direction="out"),
    ]
    await store.run(lambda u: u.write(Writes(said=lines), NOW))
    assert await store.run(lambda u: u.last_message(ana, "messenger")) == "m2"
    assert await store.run(lambda u: u.last_message(ana, "instagram")) == "i1"
    assert await store.run(lambda u: u.last_message(ana, "whatsapp")) == ""
