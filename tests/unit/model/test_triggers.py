"""What a trigger says it depends on, for reports and charts; and which deployments hold."""

from datetime import UTC, datetime
from typing import Any

import pytest

from trinario.expressions import compile_condition
from trinario.model.deployment import Deployment
from trinario.model.duration import parse_duration
from trinario.model.flow import Once, Trigger


@pytest.mark.parametrize(
    ("kind", "more", "beside"),
    [
        ("keyword", {}, []),
        ("tag", {"value": "vip", "mode": "removed"}, ["removed"]),
        ("keyword", {"mode": "exact"}, []),
        ("date", {"offsets": (parse_duration("-1d"), parse_duration("-2h"))}, ["-1d", "-2h"]),
        ("date", {"offsets": (), "at": 9 * 60 + 5, "recurring": True}, ["at 09:05", "recurring"]),
        ("schedule", {"zone": "Europe/Rome"}, ["zone Europe/Rome"]),
        ("message_status", {"flow": "lead", "step": "hello"}, ["of lead.hello"]),
        ("message_status", {"flow": "lead"}, ["of lead"]),
        ("message", {"segment": compile_condition("'vip' in tags")}, ["segment 'vip' in tags"]),
        ("message", {"hours": (9 * 60, 18 * 60 + 30)}, ["09:00-18:30"]),
        ("message", {"delay": parse_duration("2h")}, ["2h later"]),
        ("message", {"once": Once("contact")}, ["once per contact"]),
        ("event", {"once": Once(compile_condition("event.cart"), parse_duration("90d"))},
         ["once per event.cart every 90d"]),
    ],
)  # fmt: skip
def test_what_it_depends_on(kind: str, more: dict[str, Any], beside: list[str]) -> None:
    assert Trigger(kind, **more).beside == beside


@pytest.mark.parametrize(("kind", "pinned"), [("files", False), ("deploy", True), ("rollback", True)])
def test_files_hold_nobody(kind: str, pinned: bool) -> None:
    assert Deployment(1, datetime(2026, 3, 2, tzinfo=UTC), kind, "ana").pinned is pinned
