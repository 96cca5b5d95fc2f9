"""Renewed tokens as every store keeps them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.contract.records import NOW
from trinario.ports import AccountToken


async def test_the_newest_token_of_a_channel_counts(store: Any) -> None:
    one = AccountToken("ig", "sealed", "digest", NOW, NOW + timedelta(days=60))
    assert await store.read(lambda unit: unit.accounts.token("ig")) is None
    newer = replace(one, sealed="sealed anew", renewed_at=NOW + timedelta(days=7))
    for token in (one, replace(one, channel="ig2"), newer):
        await store.run(lambda unit, token=token: unit.accounts.keep_token(token))
    assert await store.read(lambda unit: unit.accounts.token("ig")) == newer
