"""The emulator's checklist (meta.md §13), line by line, over real HTTP: what is asked, and how it is judged."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.emulator import checklist_rows as rows
from tests.unit.emulator.checklist import Bench, Row

pytestmark = pytest.mark.asyncio
Json = dict[str, Any]
CODE: Json = {
    "name": "code",
    "language": "en",
    "category": "AUTHENTICATION",
    "components": [
        {"type": "BODY", "add_security_recommendation": False},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy"}]},
    ],
}


async def bench(rig: Any, **config: Any) -> Bench:
    """Anna has written on all phones, Berta on none."""
    client = await rig.start(**{**config, "whatsapp": {"templates": [CODE], **config.get("whatsapp", {})}})
    berta = await client.meet("berta", name="Berta")
    await client.meet()
    said = {name: (await client.act("say", name, text="ciao"))["id"] for name in ("whatsapp", "messenger", "instagram")}
    return Bench(client, silent=berta["phones"]["messenger"]["psid"], silent_ig=berta["phones"]["instagram"]["igsid"],
                 wamid=said["whatsapp"], igmid=said["instagram"])  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(rows.TOKENS, id="13.1 tokens"),
        pytest.param(rows.OBJECTS, id="13.1-13.3 objects, versions, JSON"),
        pytest.param(rows.ENVELOPES, id="13.3 WhatsApp messages"),
        pytest.param(rows.MESSAGES, id="13.6 Messenger and Instagram messages"),
        pytest.param(rows.EDGES, id="13.10 edges"),
    ],
)
async def test_what_a_request_is_answered(rig: Any, lines: list[Row]) -> None:
    it = await bench(rig)
    assert await it.wrong(lines) == []
    refused = sum(1 for row in lines if isinstance(row.expected, tuple) and row.expected[0] >= 400)
    broken = [one for one in await it.client.control("/violations") if not one["rule"].startswith("suspicious.")]
    odd = [one for one in broken if one["rule"] in ("graph.content_type", "whatsapp.failed.131026")]
    assert len(broken) - len(odd) == refused, "every refusal stands in the log with its rule"


async def test_a_proof_is_asked_for(rig: Any) -> None:
    assert await (await bench(rig, require_appsecret_proof=True)).wrong(rows.PROOFS) == []
    unasked = [row for row in rows.PROOFS if row.name != "none"]
    assert await (await bench(rig)).wrong(unasked) == [], "one that is wrong is refused whether it was needed or not"
