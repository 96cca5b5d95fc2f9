"""Calls as they are made: secrets put in, answers told, tries counted."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from trinario import jsons
from trinario.jobs.call import http_request, make, outcome
from trinario.ports import CallEntry, HttpRequest, NotReturned, Outside, Returned

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRETS = {"k": "a b&c", "quote": 'x"y'}


def call(kind: str = "http", *, again: bool = True, attempts: int = 0, **request: Any) -> CallEntry:
    return CallEntry(7, "i1/1/call", 3, "s1", kind, jsons.dumps(request), 5.0, 2, again, attempts)


def test_secrets_are_put_in_where_they_belong() -> None:
    made = http_request(
        {
            "method": "POST", "url": ["https://cal.example/?k=", {"secret": "k"}], "headers": [["X-K", ["Key ", {"secret": "k"}]]],
            "json": ["o", {"a": ["p", ["t:", {"secret": "quote"}]], "b": ["l", [["v", 1], ["v", {"$d": "2026-05-01"}]]],
                           "c": ["v", {"secret": "k"}], "d": ["v", ["p", [{"secret": "k"}]]]}],
            "key": "once",
        },
        SECRETS,
    )  # fmt: skip
    assert made.url == "https://cal.example/?k=a%20b%26c"
    assert dict(made.headers) == {"X-K": "Key a b&c", "Content-Type": "application/json", "Idempotency-Key": "once"}
    assert jsons.loads(made.body or b"") == {
        "a": 't:x"y', "b": [1, "2026-05-01"], "c": {"secret": "k"}, "d": ["p", [{"secret": "k"}]],
    }  # fmt: skip


def test_forms_and_texts() -> None:
    form = http_request({"method": "POST", "url": ["https://x/"], "form": [["a", ["b&c", {"secret": "k"}]]]}, SECRETS)
    assert form.body == b"a=b%26ca+b%26c" and dict(form.headers)["Content-Type"] == "application/x-www-form-urlencoded"
    text = http_request(
        {"method": "PUT", "url": ["https://x/"], "headers": [["content-type", ["text/csv"]]], "text": ["é"]}, {}
    )
    assert text.body == "é".encode() and dict(text.headers) == {"content-type": "text/csv"}
    assert http_request({"method": "GET", "url": ["https://x/"]}, {}) == HttpRequest("GET", "https://x/")


async def test_a_secret_that_is_not_there_makes_no_request() -> None:
    answer = await make(Outside(), call(method="GET", url=["https://x/"]))
    assert isinstance(answer, NotReturned) and not answer.again

    class Never:
        async def request(self, request: HttpRequest, timeout: float) -> Returned | NotReturned:
            raise AssertionError("no request is made")

    answer = await make(Outside(http=Never()), call(method="GET", url=["https://x/", {"secret": "gone"}]))
    assert answer == NotReturned("bot.yaml has no secret gone")


@pytest.mark.parametrize("result, again, attempts, status", [
    (Returned({}, 200), True, 0, 2), (Returned({}, 404), True, 0, 2), (Returned({}, 503), True, 0, 0), (Returned({}, 503), True, 2, 2),
    (Returned({}, 503), False, 0, 2), (Returned({}, 429), True, 1, 0), (NotReturned("x", True), True, 1, 0),
    (NotReturned("x", True), True, 2, 3), (NotReturned("x", True), False, 0, 3), (NotReturned("x"), True, 0, 3),
])  # fmt: skip
def test_what_is_tried_again(result: Returned | NotReturned, again: bool, attempts: int, status: int) -> None:
    settled = outcome(call(again=again, attempts=attempts), result, NOW, lambda: 1.0)
    assert settled.status == status and settled.attempts == attempts + 1
    assert (settled.told is None) == (status == 0)
    if status == 0:
        assert settled.not_before == NOW + timedelta(seconds=2**attempts)


def test_what_the_session_is_told() -> None:
    told = outcome(call(), Returned({"n": Decimal("1.5"), "$t": "x"}, 200, {"a": "b"}), NOW, lambda: 0.0).told
    assert told is not None and (told.kind, told.external_id, told.contact) == ("called", "called:i1/1/call", 3)
    body = jsons.loads(told.body)
    assert body["data"] == {"$m": {"n": 1.5, "$t": "x"}} and body["status"] == 200 and body["headers"] == {"a": "b"}
    odd = outcome(call("function"), Returned(object()), NOW, lambda: 0.0)
    assert odd.status == 3 and "cannot be kept" in odd.reason
