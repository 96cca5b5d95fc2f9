"""How a request of an adapter looks on a phone: words, what can be tapped, files, cards, pins."""

from collections.abc import Iterator, Mapping
from typing import Any

from trinario.channels.scale import SCALES
from trinario.model.media import STICKERS
from trinario.model.message import DOTS
from trinario.model.template import TemplateSpec, TemplateWords, filled, places_of

Screen = dict[str, Any]
"""The members of a `Shown` that follow from what was sent."""


def whatsapp(request: Mapping[str, Any], templates: Mapping[str, TemplateSpec]) -> Screen:
    """A body of WhatsApp's `/messages`."""
    kind = request["type"]
    match kind:
        case "text":
            return {"text": request["text"]["body"]}
        case "template":
            return _template(request["template"], templates)
        case "interactive":
            return _interactive(request["interactive"])
        case "location":
            return _pin(request["location"])
        case "contacts":
            return _card(request["contacts"][0])
    file = request[kind]
    return {"text": file.get("caption", ""), "media": (kind, file["link"]), "kind": kind}


def _pin(pin: Mapping[str, Any]) -> Screen:
    degrees = f"{pin['latitude']}, {pin['longitude']}"
    said = [part for part in (pin.get("name"), pin.get("address")) if part]
    return {"text": "\n".join(said), "kind": "location", "thing": " · ".join([*said, degrees])}


def _card(card: Mapping[str, Any]) -> Screen:
    lines = [card.get("org", {}).get("company"), *(one["phone"] for one in card.get("phones", ())),
             *(one["email"] for one in card.get("emails", ())), *(one["url"] for one in card.get("urls", ()))]  # fmt: skip
    name = card["name"]["formatted_name"]
    return {"text": "\n".join([name, *filter(None, lines)]), "kind": "contact", "thing": name}


def _interactive(interactive: Mapping[str, Any]) -> Screen:
    text, action, kind = interactive["body"]["text"], interactive["action"], interactive["type"]
    if kind == "cta_url":
        return {"text": text, "links": (_link(action),), **_header(interactive)}
    if kind == "carousel":
        cards = [card["body"]["text"] for card in action["cards"]]
        links = tuple(_link(card["action"]) for card in action["cards"])
        return {"text": text, "cards": tuple(map(_title, cards)), "links": links, "kind": "cards"}
    if kind in _DOING:
        return {"text": text, "kind": _DOING[kind], **_doing(kind, action)}
    if kind == "button":
        options = tuple((one["reply"]["id"], one["reply"]["title"]) for one in action["buttons"])
        return {"text": text, "options": options, "kind": "buttons"}
    rows = (row for section in action["sections"] for row in section["rows"])
    return {"text": text, "options": tuple((row["id"], row["title"]) for row in rows), "kind": "list"}


_DOING = {"flow": "form", "location_request_message": "request", "request_contact_info": "request", "product": "products",
          "product_list": "products", "catalog_message": "products"}  # fmt: skip
"""What can be done in a message besides tapping answers, by the names of the contents."""


def _doing(kind: str, action: Mapping[str, Any]) -> Screen:
    """The form behind a button, the ids of products as cards."""
    if kind == "flow":
        return {"thing": action["parameters"]["flow_token"]}
    if kind == "product":
        return {"cards": (action["product_retailer_id"],)}
    rows = [row for section in action.get("sections", ()) for row in section["product_items"]]
    return {"cards": tuple(row["product_retailer_id"] for row in rows)}


def _title(text: str) -> str:
    return text.partition("\n")[0]


def _link(action: Mapping[str, Any]) -> tuple[str, str]:
    return action["parameters"]["display_text"], action["parameters"]["url"]


def _header(interactive: Mapping[str, Any]) -> Screen:
    header = interactive.get("header", {})
    kind = header.get("type")
    return {"media": (kind, header[kind]["link"]), "kind": kind} if kind else {}


def page(message: Mapping[str, Any], templates: Mapping[str, TemplateSpec]) -> Screen:
    """The `message` of a body of Messenger's and Instagram's Send API."""
    metadata = {"metadata": message.get("metadata", "")}
    if "template" in message:
        return {**_template(message["template"], templates), **metadata}
    if "attachments" in message:
        addresses = [one["payload"].get("url", "") for one in message["attachments"]]
        return {"text": "", "media": ("image", " ".join(addresses)), "kind": "image", **metadata}
    if "sticker_id" in message:
        return {"text": STICKERS["like"], **metadata}
    if "attachment" not in message:
        replies = message.get("quick_replies", ())
        options = tuple((one["payload"], one["title"]) for one in replies if one["content_type"] == "text")
        return {"text": message["text"], "options": options, "kind": "quick" if options else "text", **metadata}
    payload, kind = message["attachment"].get("payload", {}), message["attachment"]["type"]
    if kind == "like_heart":
        return {"text": STICKERS["heart"], **metadata}
    if kind == "MEDIA_SHARE":
        return {"text": "", "media": ("post", payload["id"]), "kind": "post", **metadata}
    if kind == "template":
        return {**_page_template(payload), **metadata}
    kind = "document" if kind == "file" else kind
    return {"text": "", "media": (kind, payload["url"]), "kind": kind, **metadata}


def _page_template(payload: Mapping[str, Any]) -> Screen:
    if payload["template_type"] == "button":
        return {"text": payload["text"], "links": tuple(_buttons(payload))}
    if payload["template_type"] == "customer_feedback":
        return _feedback(payload["feedback_screens"][0]["questions"][0])
    elements = payload["elements"]
    if payload["template_type"] == "media":
        kind, address = elements[0]["media_type"], elements[0]["attachment_id"]
        return {"text": "", "media": (kind, address), "kind": kind, "links": tuple(_buttons(elements[0]))}
    links = tuple(link for element in elements for link in _buttons(element))
    return {"text": "", "cards": tuple(one["title"] for one in elements), "links": links, "kind": "cards"}


def _feedback(question: Mapping[str, Any]) -> Screen:
    """A card that asks for a mark; a tap brings the scale and the id of the question."""
    options = tuple((f"{question['type']} {question['id']} {mark}", mark) for mark in SCALES[question["type"]])
    return {"text": question["title"], "options": options, "kind": "feedback"}


def _buttons(owner: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for button in owner.get("buttons", ()):
        yield button["title"], button["url"]


_FILES = {"sendPhoto": "image", "sendVideo": "video", "sendAudio": "audio", "sendVoice": "audio",
          "sendDocument": "document", "sendSticker": "sticker"}  # fmt: skip


def telegram(method: str, request: Mapping[str, Any]) -> Screen:
    """A call of Telegram's Bot API."""
    buttons = [one for row in request.get("reply_markup", {}).get("inline_keyboard", ()) for one in row]
    options = tuple((one["callback_data"], one["text"]) for one in buttons if "callback_data" in one)
    links = tuple((one["text"], one["url"]) for one in buttons if "url" in one)
    shown: Screen = {"options": options, "links": links, "kind": "buttons" if options else "text"}
    if method == "sendMessage":
        return {**shown, "text": request["text"]}
    if method == "sendContact":
        return {**shown, **_person(request)}
    if method in ("sendLocation", "sendVenue"):
        return {**shown, **_pin({**request, "name": request.get("title")})}
    kind = _FILES[method]
    file = next(
        request[name] for name in ("photo", "video", "audio", "voice", "document", "sticker") if name in request
    )
    return {**shown, "text": request.get("caption", ""), "media": (kind, file), "kind": kind}


def _person(request: Mapping[str, Any]) -> Screen:
    """A card: its lines beyond name and number stand in the vCard."""
    told = [line.partition(":")[2] for line in request.get("vcard", "").split("\n")[4:-1]]
    lines = [request["first_name"], request["phone_number"], *told]
    return {"text": "\n".join(lines), "kind": "contact", "thing": request["first_name"]}


# ---- templates


def _template(sent: Mapping[str, Any], templates: Mapping[str, TemplateSpec]) -> Screen:
    """The words that were declared, with the values that were sent; the name alone where nothing is declared."""
    name, code = sent["name"], sent["language"]["code"].replace("_", "-")
    spec = templates.get(name)
    words = spec.languages.get(code) if spec else None
    if words is None:
        return {"text": f"[template {name}]", "kind": "template", "thing": name}
    given = sent.get("components", ())
    shown = [_part(words.header.value if words.header and words.header.kind == "text" else "", given, "header"),
             words.offer.text if words.offer else "", _part(words.body, given, "body"), words.footer]  # fmt: skip
    screen: Screen = {"text": "\n\n".join(part for part in shown if part), "kind": "template", "thing": name}
    if file := _above(given):
        screen["media"] = file
    screen["options"] = tuple((one.title, one.title) for one in words.buttons if one.kind == "reply")
    screen["links"] = tuple(_declared_links(words, given))
    return _hidden(screen, given) if spec and spec.category == "authentication" else screen


def _hidden(screen: Screen, given: Any) -> Screen:
    """A one-time code, apart from the words."""
    code = next((one["parameters"][0].get("text", "") for one in given if one["type"] == "button"), "")
    return {**screen, "text": screen["text"].replace(code, DOTS), "code": code} if code else screen


def _above(given: Any) -> tuple[str, str] | None:
    """The file of the header."""
    parameters: list[Any] = next((one["parameters"] for one in given if one["type"] == "header"), [])
    kind = parameters[0]["type"] if parameters else ""
    return (kind, parameters[0][kind].get("link", "")) if kind in ("image", "video", "document") else None


def _part(text: str, given: Any, kind: str) -> str:
    """A text with its values: by name, or by their order."""
    parameters: list[Any] = next((one["parameters"] for one in given if one["type"] == kind), [])
    names = places_of(text)
    values = {
        one.get("parameter_name") or name: str(one.get("text", ""))
        for name, one in zip(names, parameters, strict=False)
    }
    return filled(text, values)


def _declared_links(words: TemplateWords, given: Any) -> Iterator[tuple[str, str]]:
    ends = {int(one["index"]): one["parameters"][0].get("text", "") for one in given if one["type"] == "button"}
    for index, button in enumerate(words.buttons):
        if button.kind == "url":
            yield button.title, filled(button.value, dict.fromkeys(places_of(button.value), ends.get(index, "")))
