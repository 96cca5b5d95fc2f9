"""Threads that another app has: copies of what is said there, and who has the thread (meta.md 2A.7 and 2B.4)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from trinario.channels.http.reading import external_id, text
from trinario.model.heard import Echo, Heard, Inbound, Receipt, Unsupported
from trinario.model.news import Handover, News, Rekeyed


def aside(item: Inbound) -> Inbound:
    """The same as a copy for those who only look on: it has a key of its own, so that it is never taken for the original.

    Fates, changed ids and hand-overs are the same whoever is told of them.
    """
    match item:
        case Heard():
            return replace(item, external_id=external_id("standby", item.external_id), standby=True)
        case Echo() | Unsupported() | News():
            return replace(item, external_id=external_id("standby", item.external_id))
        case Receipt() | Handover() | Rekeyed():
            return item


def whose(part: Mapping[str, Any], apps: Collection[str], default: bool | None) -> bool | None:
    """Whether the thread is ours after a hand-over; `default` where the ids of the apps tell nothing."""
    new, old = text(part, "new_owner_app_id"), text(part, "previous_owner_app_id")
    if new in apps:
        return True
    if (new and apps) or old in apps:
        return False
    return default
