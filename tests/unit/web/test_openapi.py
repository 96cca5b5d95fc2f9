"""The document and the server agree: schemathesis calls every operation with what the document allows and forbids."""

import asyncio
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.unit.web.conftest import TOKEN, House, serve
from trinario.store.sqlite import SqliteStore
from trinario.store.tables import METADATA
from trinario.web.api.openapi import document

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)

schema = schemathesis.openapi.from_dict(document())


async def _live(file: Path, ready: "Future[tuple[str, int]]", over: asyncio.Event) -> None:
    """A house with one contact, until it is over."""
    store = SqliteStore(str(file))
    await store.run(lambda unit: METADATA.create_all(unit.conn))
    async with aiohttp.ClientSession() as session:
        house = House(store, session, copies=file.parent / "copies")
        runner = await serve(house)
        ready.set_result((house.url, await house.anna()))
        await over.wait()
        await runner.cleanup()
    await store.close()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The address of a server in a thread of its own (schemathesis blocks), and the id of its contact."""
    ready: Future[tuple[str, int]] = Future()
    loop, over = asyncio.new_event_loop(), asyncio.Event()
    file = tmp_path_factory.mktemp("openapi") / "web.db"
    thread = threading.Thread(target=loop.run_until_complete, args=(_live(file, ready, over),))
    thread.start()
    yield ready.result(timeout=20)
    loop.call_soon_threadsafe(over.set)
    thread.join(20)
    loop.close()


@schema.parametrize()
@settings(
    max_examples=int(os.environ.get("SCHEMATHESIS_EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
def test_every_answer_is_one_that_the_document_names(case: Any, live: tuple[str, int]) -> None:
    url, contact = live
    headers = {"Authorization": f"Bearer {TOKEN}"}
    case.call_and_validate(base_url=url, headers=headers, checks=CHECKS)
    if case.path_parameters:
        case.path_parameters["id"] = str(contact)
        case.call_and_validate(base_url=url, headers=headers, checks=CHECKS)
