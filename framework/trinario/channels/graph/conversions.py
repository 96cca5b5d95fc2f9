"""Conversions told to Meta: one event a POST to the dataset, which knows it again by its id.

The shape is that of events of business messaging (`action_source`); it is not proven against Meta here, as no dataset is at hand.
"""

from collections.abc import Mapping
from typing import Any

from trinario import jsons
from trinario.channels.graph.client import GraphClient, answered, complaint
from trinario.channels.http.reading import error_code, mapping
from trinario.channels.http.transport import Answer, Outcome
from trinario.ports.outside import NotReturned, Returned

PASSING = frozenset({1, 2, 4, 17, 32, 341, 613})
"""Errors that pass: trouble of Meta's, and allowances that are used up."""


class GraphConversions:
    """Implements `ports.outside.Conversions`. `accounts` has the WhatsApp account (WABA) of each channel."""

    def __init__(self, client: GraphClient, dataset: str, accounts: Mapping[str, str]) -> None:
        self._client, self._dataset, self._accounts = client, dataset, accounts

    async def tell(self, event: Mapping[str, Any]) -> Returned | NotReturned:
        """Tell of one. A lost answer is no harm: the same event again is known by its id."""
        account = self._accounts.get(event["channel"])
        if not account:
            return NotReturned(f"channel {event['channel']} has no waba_id in bot.yaml")
        outcome = await self._client.post(f"{self._dataset}/events", body_of(event, account))
        body = answered(outcome)
        if body is None:
            return NotReturned(complaint(outcome, self._client.token), again=_passes(outcome))
        if body.get("events_received") != 1:
            return NotReturned("Meta has taken no event")
        return Returned({"events_received": 1}, 200)


def body_of(event: Mapping[str, Any], account: str) -> dict[str, Any]:
    """The event as the dataset takes it: the click says who she is, nothing else of her goes out."""
    worth = {name: event[name] for name in ("value", "currency") if name in event}
    return {
        "data": [
            {
                "event_name": event["event"], "event_time": event["at"], "event_id": event["id"],
                "action_source": "business_messaging", "messaging_channel": "whatsapp",
                "user_data": {"whatsapp_business_account_id": account, "ctwa_clid": event["click"]},
                **({"custom_data": worth} if worth else {}),
            }
        ]
    }  # fmt: skip


def _passes(outcome: Outcome) -> bool:
    if not isinstance(outcome, Answer) or outcome.status >= 500 or outcome.status in (408, 429):
        return True
    try:
        found = jsons.loads(outcome.body)
    except ValueError:
        return False
    error = mapping(found, "error") if isinstance(found, dict) else {}
    return error_code(error) in PASSING or error.get("is_transient") is True
