"""The door of the webhooks: challenges, signatures, and bodies that no Meta would send."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trinario.channels.graph.signature import sign
from trinario.channels.http.reading import UNDATED
from trinario.channels.inlet import FAULT, MetaInlet
from trinario.channels.instagram import decode as instagram
from trinario.model.heard import Echo, Heard, Unsupported
from trinario.ports import Inlet

GOLDEN = Path(__file__).parents[2] / "golden" / "channels"
BODIES = [
    case["webhook"]
    for platform in ("whatsapp", "messenger", "instagram")
    for case in json.loads((GOLDEN / f"{platform}_heard.json").read_text("utf-8"))
]
ODD: list[Any] = [
    None, True, False, 0, -1, 1.5, 2**70, 10**18, "", "x", "9" * 40, "²", "\x00", "\ud800", [], {}, [[]], {"id": {}},
    [None], "1e999", {"type": "text"}, {"a": {"b": [1, {"c": None}]}},
]  # fmt: skip


def raw(body: Any) -> bytes:
    return json.dumps(body).encode("ascii")


def text_of(body: Any) -> dict[str, Any]:
    return {"object": "page", "entry": [{"id": "1895382890692545", "messaging": [body]}]}


def test_is_an_inlet(inlet: MetaInlet) -> None:
    port: Inlet = inlet
    assert port.decode(b'{"object":"page","entry":[]}') == ()


def test_answers_a_challenge_with_its_very_text(inlet: MetaInlet) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "001158201444", "hub.verify_token": "second_token"}

    assert inlet.answer_challenge(query) == "001158201444"


@pytest.mark.parametrize(
    "change", [{"hub.verify_token": "wrong"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}, {"hub.mode": ""}]
)
def test_refuses_other_challenges(inlet: MetaInlet, change: dict[str, str]) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "vibecoding"}

    assert inlet.answer_challenge({**query, **change}) is None
    assert inlet.answer_challenge({}) is None


@pytest.mark.parametrize("name", ["X-Hub-Signature-256", "x-hub-signature-256"])
def test_any_secret_of_the_bot_is_genuine(inlet: MetaInlet, name: str) -> None:
    assert inlet.genuine(b"{}", {name: sign("another_secret", b"{}")})
    assert not inlet.genuine(b"{}", {name: sign("foreign", b"{}")})
    assert not inlet.genuine(b"{}", {})


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"7", b"null", b'"x"', b"{", b"\xff\xfe", b"<html>", b'{"a":NaN}', b"[" * 99999]
)
def test_what_is_no_json_object_is_a_value_error(inlet: MetaInlet, body: bytes) -> None:
    with pytest.raises(ValueError):
        inlet.decode(body)


@pytest.mark.parametrize(
    "body", [{}, {"object": 7}, {"object": ["page"]}, {"object": "user"}, {"object": "page\ud800"}]
)
def test_objects_of_others_are_kept(inlet: MetaInlet, body: dict[str, Any]) -> None:
    (arrival,) = inlet.decode(raw(body))

    assert isinstance(arrival.item, Unsupported)
    assert (arrival.item.channel, arrival.raw) == ("", raw(body))


def test_depth_is_limited_and_many_are_not(inlet: MetaInlet) -> None:
    nest = "[" * 150 + '"\\u0000"' + "]" * 150
    events = [
        {"sender": {"id": "5"}, "message": {"mid": f"m{n}", "text": "x", "a": "NEST" if n == 1 else ""}}
        for n in range(3)
    ]
    body = raw({"object": "page", "entry": [{"id": "1895382890692545", "messaging": events}]})
    deep = body.replace(b'"NEST"', nest.encode())
    *intact, kept = inlet.decode(deep)
    assert [getattr(one.item, "external_id", "") for one in intact] == ["m0", "m2"]
    assert isinstance(kept.item, Unsupported)
    assert (kept.item.what, kept.raw) == ("nested too deep", deep)

    events = [{"sender": {"id": "5"}, "message": {"mid": f"m{n}", "text": "x"}} for n in range(1000)]
    body = {"object": "page", "entry": [{"id": "1895382890692545", "messaging": events}]}
    assert len(inlet.decode(raw(body))) == 1000


def test_a_fault_of_ours_costs_one_piece(inlet: MetaInlet, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(*_: Any) -> Any:
        raise KeyError("oops")

    monkeypatch.setattr(instagram, "read_piece", stumbles)
    pieces = [{"id": "17841400008460056", "messaging": [{"sender": {"id": "5"}, "message": {"mid": "m"}}]}, {"id": "1"}]
    arrivals = inlet.decode(raw({"object": "instagram", "entry": pieces}))

    assert [getattr(arrival.item, "what", "") for arrival in arrivals] == [
        "fault of ours: KeyError",
        "account 1 of instagram is not ours",
    ]


def test_a_message_without_any_time_is_undated(inlet: MetaInlet) -> None:
    (arrival,) = inlet.decode(raw(text_of({"sender": {"id": "5"}, "message": {"mid": "m", "text": "x"}})))

    assert isinstance(arrival.item, Heard)
    assert arrival.item.at == UNDATED


def test_ids_may_be_numbers(inlet: MetaInlet) -> None:
    event = {"sender": {"id": 5}, "recipient": {"id": 1}, "timestamp": "1794567890", "message": {"mid": 7, "text": "x"}}
    (arrival,) = inlet.decode(raw(text_of(event)))

    assert isinstance(arrival.item, Heard)
    assert (arrival.item.identity.value, arrival.item.external_id) == ("5", "7")


def test_a_long_id_is_cut_to_a_fingerprint(inlet: MetaInlet) -> None:
    event = {"sender": {"id": "5"}, "timestamp": 1, "postback": {"payload": "x" * 1000}}
    items = [inlet.decode(raw(text_of(event)))[0].item for _ in range(2)]

    assert isinstance(items[0], Heard)
    assert items[0] == items[1]
    assert items[0].external_id.startswith("hash:")
    assert items[0].payload == "x" * 1000


def test_texts_that_no_database_takes_are_mended_and_kept_raw(inlet: MetaInlet) -> None:
    events = [{"sender": {"id": "5"}, "message": {"mid": f"m{n}", "text": "a\x00b\udfffc😀"}} for n in range(2)]
    body = raw({"object": "page", "entry": [{"id": "1895382890692545", "messaging": events}]})

    for arrival in inlet.decode(body):
        assert isinstance(arrival.item, Heard)
        assert arrival.item.text == "a\ufffdb\ufffdc😀"
        assert rb"\u0000" in arrival.raw
        assert rb"\udfff" in arrival.raw


@pytest.mark.parametrize(
    ("written", "response"),
    [
        (r'{"a": "x\ud800\u0000"}', {"a": "x\ufffd\ufffd"}),
        ('{"a":' * 300 + "1" + "}" * 300, {}),
        ("[" * 100_000, {}),
    ],
)
def test_a_form_s_text_is_a_body_of_its_own_and_as_safe(inlet: MetaInlet, written: str, response: Any) -> None:
    reply = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": written}}
    message = {"from": "39333", "id": "w1", "timestamp": "1794567890", "type": "interactive", "interactive": reply}
    value = {"metadata": {"phone_number_id": "106540352242922"}, "messages": [message]}
    change = {"field": "messages", "value": value}
    body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    (arrival,) = inlet.decode(raw(body))

    assert isinstance(arrival.item, Heard)
    assert arrival.item.data["response"] == response
    str(arrival.item).encode()


def test_our_own_echo_needs_no_app_id_in_the_settings() -> None:
    inlet = MetaInlet({("messenger", "1895382890692545"): "ms"}, ("s",), ("v",))
    message = {"is_echo": True, "app_id": 1, "mid": "m", "text": "x"}
    event = {"sender": {"id": "1895382890692545"}, "recipient": {"id": "5"}, "timestamp": 1, "message": message}

    assert isinstance(inlet.decode(raw(text_of(event)))[0].item, Echo)


@pytest.mark.parametrize("seed", range(len(BODIES)))
def test_nothing_makes_it_raise(inlet: MetaInlet, seed: int) -> None:
    """Every golden with each of its places taken away and replaced by odd values; what comes out is readable."""
    chance = random.Random(seed)
    for place in list(_places(BODIES[seed])):
        for odd in (None, *chance.sample(ODD, 3)):
            _check(inlet, _mutated(BODIES[seed], place, odd))


@settings(max_examples=200, deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["object", "entry", "id", "changes", "messaging", "value", "field", "messages", "message", "statuses", "sender",
         "contacts", "attachments", "payload", "type", "text", "timestamp"]), inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
def test_no_shape_makes_it_raise(entry: Any) -> None:
    inlet = MetaInlet({("whatsapp", ""): "wa", ("messenger", ""): "ms", ("instagram", ""): "ig"}, ("s",), ("v",))
    for kind in ("whatsapp_business_account", "page", "instagram"):
        _check(inlet, {"object": kind, "entry": [entry]})


def _check(inlet: MetaInlet, body: Any) -> None:
    for arrival in inlet.decode(raw(body)):
        assert arrival.item in [one.item for one in inlet.decode(arrival.raw)]
        assert "\x00" not in repr(arrival.item)
        str(arrival.item).encode()  # no lone surrogate is left
        if isinstance(arrival.item, Unsupported):
            assert not arrival.item.what.startswith(FAULT)
        if isinstance(arrival.item, Heard | Echo | Unsupported):
            assert 0 < len(arrival.item.external_id) <= 255


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path and path != ("object",):
        yield path
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield from _places(value[key], (*path, key))


def _mutated(body: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """The body with the place at `path` replaced by `odd`, or without it if `odd` is None."""
    changed = copy.deepcopy(body)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    if odd is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = odd
    return changed
