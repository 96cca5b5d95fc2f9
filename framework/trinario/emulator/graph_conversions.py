"""Conversions that are told to a dataset: events of business messaging, of people who clicked an ad."""

from __future__ import annotations

from trinario.emulator.call import Call, Endpoint
from trinario.emulator.checks.page_words import MESSENGER
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.meta import Meta
from trinario.emulator.people import DAY

OLDEST = 7 * DAY
"""Seconds that an event may lie back."""


class Conversions:
    """`/{DATASET_ID}/events`."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> dict[tuple[str, str, str], Endpoint]:
        """(method, what the id is, edge) -> endpoint."""
        return {("POST", "dataset", "events"): self._take}

    async def _take(self, call: Call) -> Json:
        fields = Fields(call.body, "", MESSENGER)
        events = fields.objects("data", 1, 1000)
        fields.ignore("access_token", "appsecret_proof", "partner_agent", "test_event_code")
        fields.close()
        for event in events:
            self._check(event)
        return {"events_received": len(events), "messages": [], "fbtrace_id": self._meta.ids.trace()}

    def _check(self, event: Fields) -> None:
        words, now = MESSENGER, self._meta.clock.now()
        event.string("event_name", 50)
        event.string("event_id", 500)
        event.choice("action_source", ("business_messaging",))
        event.choice("messaging_channel", ("whatsapp",))
        at = event.raw("event_time", needed=True)
        if isinstance(at, bool) or not isinstance(at, int) or not now - OLDEST <= at <= now + 60:
            raise words.value(event.at("event_time"), "a Unix time of the last seven days")
        user = event.object("user_data")
        if user.string("whatsapp_business_account_id", 30) != self._meta.config.whatsapp.waba_id:
            raise words.value(user.at("whatsapp_business_account_id"), "the account that the dataset belongs to")
        click = user.string("ctwa_clid", 1000)
        phones = (one.phones.get("whatsapp") for one in self._meta.world.people.values())
        if all(phone is None or phone.click != click for phone in phones):
            raise words.value(user.at("ctwa_clid"), "the id of a click on an ad")
        user.close()
        if "custom_data" in event:
            _check_worth(event.object("custom_data"))
        event.close()


def _check_worth(worth: Fields) -> None:
    value = worth.raw("value")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise MESSENGER.kind(worth.at("value"), "a number")
    worth.text("currency", 3, 3, needed=value is not None)
    worth.close()
