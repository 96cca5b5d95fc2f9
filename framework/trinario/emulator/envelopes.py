"""Webhook bodies in Meta's forms: seconds as strings on WhatsApp, milliseconds as numbers on the other two."""

from __future__ import annotations

import json

from trinario.emulator.config import Config, Json
from trinario.emulator.people import Person, Phone


def signed_form(payload: Json) -> bytes:
    """The bytes that are signed and sent: compact, everything beyond ASCII escaped (meta.md §1.3)."""
    return json.dumps(payload, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def milliseconds(at: float) -> int:
    return int(at * 1000)


def whatsapp(config: Config, value: Json, field: str = "messages") -> Json:
    """`value` with metadata around it."""
    account = config.whatsapp
    metadata = {"display_phone_number": account.phone, "phone_number_id": account.phone_number_id}
    full = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": account.waba_id, "changes": [{"field": field, "value": full}]}],
    }


def whatsapp_ids(phone: Phone) -> Json:
    """How she is named: with her number, unless it is hidden."""
    return {**({} if phone.hidden else {"wa_id": phone.identity}), "user_id": phone.user_id}


def whatsapp_contact(person: Person, phone: Phone) -> Json:
    profile = {"name": person.name, **({"username": person.id} if phone.hidden else {})}
    return {"profile": profile, **whatsapp_ids(phone)}


def whatsapp_message(config: Config, person: Person, phone: Phone, message: Json) -> Json:
    """An inbound message; `message` holds id, timestamp, type and what belongs to the type."""
    sender = {**({} if phone.hidden else {"from": phone.identity}), "from_user_id": phone.user_id}
    value = {"contacts": [whatsapp_contact(person, phone)], "messages": [{**sender, **message}]}
    if phone.thread:
        return whatsapp(config, {"standby": value}, "standby")
    return whatsapp(config, value)


def handover(config: Config, phone: Phone, at: float, part: Json) -> Json:
    """The change of a WhatsApp thread's owner; the number stands under `recipient` here."""
    account, sender = config.whatsapp, {"user_id": phone.user_id} if phone.hidden else {"phone_number": phone.identity}
    value = {
        "messaging_product": "whatsapp", "sender": sender,
        "recipient": {"phone_number_id": account.phone_number_id, "display_phone_number": account.phone},
        "type": "control_passed", "timestamp": str(int(at)), "control_passed": part,
    }  # fmt: skip
    change = {"field": "messaging_handovers", "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"id": account.waba_id, "changes": [change]}]}


def standby(payload: Json) -> Json:
    """The same `messaging` event for an app that only looks on; postbacks have no payload there."""
    entry = payload["entry"][0]
    events = [dict(event) for event in entry["messaging"]]
    for event in events:
        if "postback" in event:
            event["postback"] = {key: event["postback"][key] for key in event["postback"] if key != "payload"}
    head = {key: entry[key] for key in entry if key != "messaging"}
    return {**payload, "entry": [{**head, "standby": events}]}


def messaging(config: Config, phone: Phone, at: float, event: Json) -> Json:
    """One `messaging` event from a person on Messenger or Instagram."""
    account = config.account(phone.platform).id
    return _messaging_entry(phone.platform, account, {"id": phone.identity}, {"id": account}, at, event)


def echo(config: Config, phone: Phone, at: float, message: Json) -> Json:
    """A message of ours, told back: sender and recipient change places."""
    account = config.account(phone.platform).id
    event = {"message": {"is_echo": True, **message}}
    return _messaging_entry(phone.platform, account, {"id": account}, {"id": phone.identity}, at, event)


def change(config: Config, platform: str, at: float, field: str, value: Json) -> Json:
    """A `changes[]` entry: comments on posts. The page's entry time is in seconds."""
    if platform == "messenger":
        entry: Json = {"id": config.messenger.page_id, "time": int(at)}
        return {"object": "page", "entry": [{**entry, "changes": [{"field": field, "value": value}]}]}
    entry = {"id": config.instagram.account_id, "time": milliseconds(at)}
    return {"object": "instagram", "entry": [{**entry, "changes": [{"field": field, "value": value}]}]}


def _messaging_entry(platform: str, account: str, sender: Json, recipient: Json, at: float, event: Json) -> Json:
    stamp = milliseconds(at)
    item = {"sender": sender, "recipient": recipient, "timestamp": stamp, **event}
    kind = "page" if platform == "messenger" else "instagram"
    return {"object": kind, "entry": [{"id": account, "time": stamp, "messaging": [item]}]}
