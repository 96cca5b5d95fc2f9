"""What is known of a message by the platform's id, and what is forgotten once she takes it back."""

from dataclasses import replace
from typing import Any

import pytest

from tests.contract.conftest import AnyStore
from tests.contract.records import NOW, heard, outgoing, psid
from trinario import jsons
from trinario.jobs.statuses import told
from trinario.model.heard import Heard, Receipt
from trinario.model.session import Session
from trinario.model.wire import heard_to_json
from trinario.ports import Inward, Said, Settled, Writes
from trinario.store.bulk import fetch
from trinario.store.redact import DELETED

pytestmark = pytest.mark.asyncio
ANA = psid("ana")


def edit(of: str, id: str, text: str) -> Inward:
    item = Heard(ANA, id, NOW, "edit", text=text, context=of)
    return Inward("messenger", id, "heard", jsons.dumps(heard_to_json(item)), b"{}", (ANA,))


async def inbox(store: AnyStore) -> dict[str, Any]:
    sql = "SELECT external_id, body, raw, status, error FROM inbox ORDER BY id"
    rows = await store.run(lambda u: [tuple(row) for row in fetch(u.conn, sql)])
    return {row[0]: (jsons.loads(row[1]).get("text", ""), row[2], row[3], row[4]) for row in rows}


async def lines(store: AnyStore, contact: int) -> list[str]:
    return [row["text"] for row in await store.run(lambda u: u.thread(contact, 10**9, 20))][::-1]


async def test_what_she_took_back_is_forgotten(store: AnyStore) -> None:
    given = [heard(ANA, "m1", "my card is 4111"), edit("m1", "edit:1", "my card is 4112"), heard(ANA, "m2", "m1 is what"),
             heard(ANA, "m3", "later")]  # fmt: skip
    await store.run(lambda u: u.take_in(given, NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    her, ids = case.contact.id, [entry.id for entry in case.entries]
    said = [Said(her, "in", "contact", "messenger", NOW, kind, text, id) for kind, text, id in (
        ("text", "my card is 4111", "m1"), ("edit", "my card is 4112", "edit:1"), ("text", "m1 is what", "m2"))]  # fmt: skip
    done = [(1, id, None) for id in ids[:3]]
    await store.run(lambda u: u.write(Writes(said=said, finished=done), NOW))
    await store.run(lambda u: u.write(Writes(taken_back=[(her, "messenger", "m1"), (her, "messenger", "m3")]), NOW))

    assert await inbox(store) == {
        "m1": ("", None, 1, None), "edit:1": ("", None, 1, None), "m2": ("m1 is what", b"{}", 1, None),
        "m3": ("", None, 3, "deleted"),
    }  # fmt: skip
    assert await lines(store, her) == [DELETED, DELETED, "m1 is what"]
    await store.run(lambda u: u.write(Writes(taken_back=[(her, "messenger", "unheard of")]), NOW))


async def test_a_message_by_its_name(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(ANA, "m1")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    her, row = case.contact.id, outgoing("i1/1/1/0/0", case.contact.id, ANA, cause="offer.s", session="s1")
    said = Said(her, "in", "contact", "messenger", NOW, "text", "hello", "m1")
    session = replace(Session("s1", her, "offer", "r1", NOW), hops=4)
    await store.run(lambda u: u.write(Writes(outgoing=[row], said=[said], sessions={"s1": session},
                                             finished=[(1, case.entries[0].id, None)]), NOW))  # fmt: skip
    (claimed,) = await store.run(lambda u: u.claim_outbox("messenger", 10, 100.0, 1, NOW))
    await store.run(lambda u: u.settle([Settled(claimed.entry.id, 3, external_id="mid.1", sent_at=NOW)], NOW, 1))

    assert await store.run(lambda u: u.message_named(her, "messenger", "mid.1")) == {
        "text": "text of i1/1/1/0/0", "flow": "offer", "step": "s", "session": "s1",
    }  # fmt: skip
    assert await store.run(lambda u: u.message_named(her, "messenger", "m1")) == {"text": "hello"}
    assert await store.run(lambda u: u.message_named(her, "messenger", "m2")) == {}
    assert await store.run(lambda u: u.message_named(her, "whatsapp", "m1")) == {}

    receipt = Receipt("messenger", "read", NOW, message_id="mid.1")
    (entry,) = await store.run(lambda u: told(u, [receipt], frozenset({"read"})))
    assert jsons.loads(entry.body)["hops"] == 5


async def test_what_was_known_is_kept_with_the_row(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(ANA, "m1")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    body = jsons.dumps({**jsons.loads(case.entries[0].body), "text": "more"})
    await store.run(lambda u: u.write(Writes(enriched=[(case.entries[0].id, body)]), NOW))
    assert await inbox(store) == {"m1": ("more", b"{}", 0, None)}


async def test_what_the_team_changed_or_took_back_in_the_app(store: AnyStore) -> None:
    await store.run(lambda u: u.take_in([heard(ANA, "m1")], NOW))
    (case,) = await store.run(lambda u: u.claim_cases(10, NOW))
    her, identity = case.contact.id, ["messenger", "psid", "ana"]
    echo = {"i": identity, "id": "e1", "at": NOW.isoformat(), "text": "Gate 5", "app": "", "media": []}
    anew = {"name": "team_edited", "at": NOW.isoformat(), "data": {"mid": "e1", "text": "Gate 7"}, "i": identity}
    rows = [Inward("messenger", name, kind, jsons.dumps(body), b"Gate", (ANA,))
            for name, kind, body in (("e1", "echo", echo), ("n1", "news", anew))]  # fmt: skip
    await store.run(lambda u: u.take_in(rows, NOW))
    said = [Said(her, "out", "person", "messenger", NOW, kind, text, id)
            for kind, text, id in (("text", "Gate 5", "e1"), ("edit", "Gate 7", "n1"), ("text", "e1, or e2?", "e2"))]  # fmt: skip
    bot = Said(her, "out", "bot", "messenger", NOW, "text", "Gate 6", outbox_key="k")
    await store.run(lambda u: u.write(Writes(said=[*said, bot], outgoing=[outgoing("k", her, ANA)]), NOW))
    assert not await store.run(lambda u: u.team_edited(her, "messenger", "m9"))
    assert await store.run(lambda u: u.team_edited(her, "messenger", "e1"))
    assert [row["altered"] for row in await store.run(lambda u: u.thread(her, 10**9, 9))] == [0, 0, 0, 1]
    assert await store.run(lambda u: u.team_deleted(her, "messenger", "e1", NOW))
    assert await lines(store, her) == [DELETED, DELETED, "e1, or e2?", "Gate 6"]
    found = await store.run(lambda u: fetch(u.conn, "SELECT body, raw FROM inbox WHERE kind <> 'heard'"))
    assert [raw for _, raw in found] == [None, None] and not any("Gate" in body for body, _ in found)
    await store.run(lambda u: u.conn.exec_driver_sql("UPDATE outbox SET status = 3, external_id = 'm9'"))
    assert await store.run(lambda u: u.team_deleted(her, "messenger", "m9", NOW))
    assert (await lines(store, her))[-1] == DELETED
