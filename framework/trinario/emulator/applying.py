"""What each kind of change does to the world: the same when it happens and when the journal is replayed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trinario.emulator.config import Json
from trinario.emulator.people import DAY, Message, person_from_json
from trinario.emulator.state import State

FREE_ENTRY_SECONDS = 3 * DAY
"""How long all is free after an ad that was answered (meta.md §5.1)."""


def apply(state: State, change: Json) -> None:
    """A change, by its `op`."""
    _APPLIERS[change["op"]](state, change)


def _person(state: State, change: Json) -> None:
    person = person_from_json(change["person"])
    state.people[person.id] = person
    for phone in person.phones.values():
        state.by_identity[phone.identity] = phone
        if phone.user_id:
            state.by_identity[phone.user_id] = phone


def _clear(state: State, change: Json) -> None:
    for kept in (
        state.people,
        state.by_identity,
        state.shown,
        state.accepted,
        state.accepted_by_id,
        state.comments,
        state.due,
        state.hooks,
    ):
        kept.clear()


def _show(state: State, change: Json) -> None:
    phone = state.people[change["person"]].phones[change["platform"]]
    message = Message.from_json(change["message"])
    phone.messages.append(message)
    state.shown[message.id] = (phone, message)
    if message.direction == "in":
        phone.last_heard = message.at
    else:
        phone.unread.append(message.id)
        phone.typing_until = 0.0


def _accept(state: State, change: Json) -> None:
    state.accepted.append(change["entry"])
    state.accepted_by_id[change["entry"]["id"]] = change["entry"]
    if "open" in change["entry"] and not change["entry"]["failure"]:
        _arrives(state, change["entry"])


def _arrives(state: State, entry: Json) -> None:
    """What a WhatsApp message that will arrive counts against, and what it opens."""
    phone = state.phone(entry["person"], "whatsapp")
    if phone is None:
        return
    at = float(entry["at"])
    if not entry["open"]:
        state.begun.note(phone.identity, at)
    if entry["category"] == "marketing":
        phone.marketed = [*phone.marketed[-20:], at]
    if phone.ad_at is not None and at - phone.ad_at <= DAY:
        phone.ad_at, phone.free_until = None, at + FREE_ENTRY_SECONDS


def _mark(state: State, change: Json) -> None:
    phone, message = state.shown.get(change["id"], (None, None))
    if phone is None or message is None:
        return
    message.status = change["status"]
    if change["status"] == "read" and message.id in phone.unread:
        phone.unread.remove(message.id)


def _heard(state: State, change: Json) -> None:
    state.people[change["person"]].phones[change["platform"]].last_heard = change["at"]


def _block(state: State, change: Json) -> None:
    state.people[change["person"]].phones[change["platform"]].blocked = change["blocked"]


def _shut_out(state: State, change: Json) -> None:
    state.people[change["person"]].phones[change["platform"]].shut_out = change["blocked"]


def _stopped(state: State, change: Json) -> None:
    state.people[change["person"]].phones["whatsapp"].stopped = change["stopped"]


def _clicked(state: State, change: Json) -> None:
    phone = state.people[change["person"]].phones["whatsapp"]
    phone.ad_at, phone.click = change["at"], change.get("click", "")


def _token(state: State, change: Json) -> None:
    """What is said of a kind of token, or that the number is not registered; None takes it back."""
    _put(state.tokens, change["who"], change["settings"])


def _qr_code(state: State, change: Json) -> None:
    _put(state.qr, change["code"], change["link"])


def _clock(state: State, change: Json) -> None:
    state.clock.offset = change["offset"]


def _profile(state: State, change: Json) -> None:
    state.profiles[change["platform"]] = change["fields"]


def _template(state: State, change: Json) -> None:
    template = change["template"]
    state.templates[template["name"], template["language"]] = template


def _template_gone(state: State, change: Json) -> None:
    for key in [key for key in state.templates if key[0] == change["name"]]:
        del state.templates[key]


def _media(state: State, change: Json) -> None:
    state.media[change["media"]["id"]] = change["media"]


def _media_gone(state: State, change: Json) -> None:
    state.media.pop(change["id"], None)


def _comment(state: State, change: Json) -> None:
    state.comments[change["comment"]["id"]] = change["comment"]


def _subscribed(state: State, change: Json) -> None:
    state.subscriptions.setdefault(change["platform"], {}).update(change["settings"])


def _due(state: State, change: Json) -> None:
    state.due[change["number"]] = change
    state.numbers = max(state.numbers, change["number"])


def _ran(state: State, change: Json) -> None:
    state.due.pop(change["number"], None)


def _hook(state: State, change: Json) -> None:
    state.hooks[change["number"]] = change
    state.numbers = max(state.numbers, change["number"])


def _hook_done(state: State, change: Json) -> None:
    state.hooks.pop(change["number"], None)


def _unsent(state: State, change: Json) -> None:
    phone, message = state.shown.pop(change["id"])
    phone.messages.remove(message)


def _react(state: State, change: Json) -> None:
    _, message = state.shown[change["id"]]
    if change["emoji"]:
        message.reactions[change["by"]] = change["emoji"]
    else:
        message.reactions.pop(change["by"], None)


def _edited(state: State, change: Json) -> None:
    _, message = state.shown[change["id"]]
    message.text, message.edits = change["text"], message.edits + 1


def _hidden(state: State, change: Json) -> None:
    state.people[change["person"]].phones["whatsapp"].hidden = change["hidden"]


def _number(state: State, change: Json) -> None:
    phone = state.people[change["person"]].phones["whatsapp"]
    for known in (phone.identity, phone.user_id):
        state.by_identity.pop(known, None)
    phone.identity, phone.user_id = change["wa_id"], change["user_id"]
    state.by_identity |= {phone.identity: phone, phone.user_id: phone}


def _thread(state: State, change: Json) -> None:
    state.people[change["person"]].phones[change["platform"]].thread = change["owner"]


def _page_template(state: State, change: Json) -> None:
    template = change["template"]
    if template.get("gone"):
        for key in [key for key in state.page_templates if key[0] == template["name"]]:
            del state.page_templates[key]
    else:
        state.page_templates[template["name"], template["language"]] = template


def _persona(state: State, change: Json) -> None:
    _put(state.personas, change["id"], change["persona"])


def _handle(state: State, change: Json) -> None:
    state.handles[change["handle"]] = change["type"]


def _served(state: State, change: Json) -> None:
    """One more delivered service message of the month: the first thousand of a number are free."""
    state.services[change["month"]] = state.services.get(change["month"], 0) + 1


def _put(kept: dict[str, Json], name: str, value: Json | None) -> None:
    if value is None:
        kept.pop(name, None)
    else:
        kept[name] = value


_APPLIERS: Mapping[str, Callable[[State, Json], None]] = {
    "person": _person,
    "clear": _clear,
    "show": _show,
    "accept": _accept,
    "mark": _mark,
    "heard": _heard,
    "block": _block,
    "shut_out": _shut_out,
    "stopped": _stopped,
    "clicked": _clicked,
    "token": _token,
    "qr": _qr_code,
    "clock": _clock,
    "profile": _profile,
    "template": _template,
    "template_gone": _template_gone,
    "media": _media,
    "media_gone": _media_gone,
    "comment": _comment,
    "subscribed": _subscribed,
    "due": _due,
    "ran": _ran,
    "hook": _hook,
    "hook_done": _hook_done,
    "unsent": _unsent,
    "react": _react,
    "edited": _edited,
    "hidden": _hidden,
    "number": _number,
    "thread": _thread,
    "served": _served,
    "persona": _persona,
    "handle": _handle,
    "page_template": _page_template,
}
