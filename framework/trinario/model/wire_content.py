"""Content as the database keeps it between two jobs: plain JSON data, both ways; and its words for the thread."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, assert_never

from trinario.model.interactive import Form, Products, Shelf, Wanted
from trinario.model.message import (
    Card,
    Cards,
    Choices,
    ContactCard,
    Content,
    Feedback,
    Link,
    Location,
    Media,
    Option,
    PublicReply,
    Sign,
    Template,
    TemplateButton,
    TemplateCard,
    TemplateHeader,
    Text,
    ThreadControl,
)

Json = dict[str, Any]


def content_to_json(content: Content) -> Json:
    """A content as JSON data; `content_from_json` gives the same content back."""
    match content:
        case Text(text=text, links=links):
            return {"k": "text", "text": text, **_links(links)}
        case Media(kind=kind, url=url, caption=caption, filename=filename, links=links, others=others, post=post):
            data: Json = {"k": "media", "kind": kind, "url": url, "caption": caption, "filename": filename}
            return {**data, **_links(links), **_told({"others": list(others), "post": post})}
        case Choices():
            return _choices(content)
        case Cards(cards=cards, text=text):
            listed = [{"title": c.title, "subtitle": c.subtitle, "image": c.image, **_links(c.links)} for c in cards]
            return {"k": "cards", "cards": listed, "text": text}
        case Location(latitude=latitude, longitude=longitude, name=name, address=address):
            return {"k": "location", "at": [str(latitude), str(longitude)], "name": name, "address": address}
        case ContactCard(name=name, phone=phone, email=email, organisation=organisation, url=url):
            return {"k": "contact", "of": [name, phone, email, organisation, url]}
        case Template():
            return _template(content)
        case PublicReply(text=text, comment=comment):
            return {"k": "public", "text": text, "comment": comment}
        case Sign(emoji=emoji, message=message):
            return {"k": "reaction", "emoji": emoji, "message": message}
        case ThreadControl(action=action, app=app, note=note):
            return {"k": "thread", "action": action, "app": app, "note": note}
        case Wanted(text=text, what=what):
            return {"k": "request", "text": text, "what": what}
        case Form():
            return {"k": "form", **_told(asdict(content))}
        case Products():
            return {
                "k": "products",
                **_told(asdict(content)),
                "shelves": [[s.title, *s.products] for s in content.shelves],
            }
        case _:
            assert_never(content)


def _told(data: Json) -> Json:
    """Without what is empty."""
    return {key: value for key, value in data.items() if value}


def _links(links: Sequence[Link]) -> Json:
    return {"links": [[link.title, link.url] for link in links]} if links else {}


def _choices(content: Choices) -> Json:
    listed = [[option.payload, option.title, option.description] for option in content.options]
    data: Json = {"k": "choices", "text": content.text, "options": listed, "button": content.button}
    if content.feedback:
        card = content.feedback
        data["feedback"] = [card.title, card.subtitle, card.button, card.privacy]
    return {**data, "more": content.more, "start": content.start} if content.more else data


def _template(content: Template) -> Json:
    data: Json = {
        "k": "template", "name": content.name, "language": content.language, "params": dict(content.params),
        **_links(content.links),
    }  # fmt: skip
    if content.header:
        data["header"] = _header(content.header)
    if content.buttons:
        data["buttons"] = [_button(button) for button in content.buttons]
    if content.text:
        data["text"] = content.text
    if content.code:
        data["code"] = content.code
    if content.replies:
        data["replies"] = list(content.replies)
    if content.cards:
        data["cards"] = [_template_card(card) for card in content.cards]
    if content.platforms != ("whatsapp",):
        data["on"] = list(content.platforms)
    if content.until is not None:
        data["until"] = content.until
    return data


def _header(header: TemplateHeader) -> list[Any]:
    """What few headers have stands behind what all have."""
    pin = header.pin
    there = [str(pin.latitude), str(pin.longitude), pin.name, pin.address] if pin else []
    more = [header.filename, there] if header.filename or there else []
    return [header.kind, header.value, header.name, *more]


def _button(button: TemplateButton) -> list[Any]:
    shelves = [[one.title, *one.products] for one in button.shelves]
    rare = [shelves, button.minutes, [list(pair) for pair in button.data]]
    return [button.index, button.kind, button.value, *(rare if any(rare) else [])]


def _template_card(card: TemplateCard) -> Json:
    header, shown = card.header, card.shown
    return {
        "header": _header(header), "params": dict(card.params),
        "buttons": [_button(button) for button in card.buttons],
        "shown": [shown.title, shown.subtitle, shown.image], **_links(shown.links),
    }  # fmt: skip


def content_from_json(data: Mapping[str, Any]) -> Content:
    """The content that `content_to_json` wrote."""
    match data["k"]:
        case "text":
            return Text(data["text"], _read_links(data))
        case "media":
            given = (data["kind"], data["url"], data["caption"], data["filename"], _read_links(data))
            return Media(*given, others=tuple(data.get("others", ())), post=data.get("post", ""))
        case "choices":
            options = tuple(Option(*option) for option in data["options"])
            card = Feedback(*data["feedback"]) if "feedback" in data else None
            return Choices(data["text"], options, data["button"], data.get("more", ""), data.get("start", 0), card)
        case "cards":
            cards = (Card(c["title"], c["subtitle"], c["image"], _read_links(c)) for c in data["cards"])
            return Cards(tuple(cards), data["text"])
        case "location":
            latitude, longitude = map(Decimal, data["at"])
            return Location(latitude, longitude, data["name"], data["address"])
        case "contact":
            return ContactCard(*data["of"])
        case "template":
            return _read_template(data)
        case "public":
            return PublicReply(data["text"], data["comment"])
        case "reaction":
            return Sign(data["emoji"], data["message"])
        case "thread":
            return ThreadControl(data["action"], data["app"], data["note"])
        case "request":
            return Wanted(data["text"], data["what"])
        case "form":
            return Form(**{"text": "", "button": "", "form": "", **_own(data)})
        case "products":
            shelves = tuple(Shelf(title, tuple(products)) for title, *products in data["shelves"])
            return Products(**{"text": "", "catalog": "", **_own(data), "shelves": shelves})
        case other:
            raise ValueError(f"a message of kind {other!r} is not known to this version")


def _own(data: Mapping[str, Any]) -> Json:
    """What was written of the content itself: `k` is its kind, `as` who says it."""
    return {key: value for key, value in data.items() if key not in ("k", "as")}


def _read_links(data: Mapping[str, Any]) -> tuple[Link, ...]:
    return tuple(Link(title, url) for title, url in data.get("links", ()))


def _read_template(data: Mapping[str, Any]) -> Template:
    return Template(
        data["name"],
        data["language"],
        data["params"],
        _read_header(*data["header"]) if "header" in data else None,
        tuple(_read_button(*button) for button in data.get("buttons", ())),
        data.get("text", ""),
        _read_links(data),
        tuple(data.get("replies", ())),
        data.get("code", ""),
        tuple(data.get("on", ("whatsapp",))),
        tuple(_read_card(card) for card in data.get("cards", ())),
        data.get("until"),
    )


def _read_header(
    kind: str, value: str, name: str = "", filename: str = "", there: Sequence[str] = ()
) -> TemplateHeader:  # fmt: skip
    pin = Location(Decimal(there[0]), Decimal(there[1]), *there[2:]) if there else None
    return TemplateHeader(kind, value, name, filename, pin)


def _read_button(
    index: int, kind: str, value: str, shelves: Sequence[Sequence[str]] = (), minutes: int = 0,
    data: Sequence[Sequence[str]] = (),
) -> TemplateButton:  # fmt: skip
    offered = tuple(Shelf(title, tuple(ids)) for title, *ids in shelves)
    return TemplateButton(index, kind, value, offered, minutes, tuple((name, given) for name, given in data))


def _read_card(data: Mapping[str, Any]) -> TemplateCard:
    buttons = tuple(_read_button(*button) for button in data["buttons"])
    title, subtitle, image = data["shown"]
    shown = Card(title, subtitle, image, _read_links(data))
    return TemplateCard(_read_header(*data["header"]), data["params"], buttons, shown)


def kind_of(content: Content) -> str:
    """The kind of a content, for the thread."""
    match content:
        case Text():
            return "text"
        case Media(kind=kind):
            return kind
        case Choices():
            return "choices"
        case Cards():
            return "cards"
        case Location():
            return "location"
        case ContactCard():
            return "contact"
        case Template():
            return "template"
        case PublicReply():
            return "comment"
        case Sign():
            return "reaction"
        case ThreadControl():
            return "thread"
        case Wanted():
            return "request"
        case Form():
            return "form"
        case Products():
            return "products"
        case _:
            assert_never(content)


def words_of(content: Content) -> str:
    """What a content says, in words, for the thread."""
    match content:
        case Text(text=text, links=links):
            return "\n".join([text, *_lines(links)])
        case Media(url=url, caption=caption, links=links, others=others):
            return "\n".join([caption or "\n".join([url, *others]), *_lines(links)])
        case Choices(text=text, options=options):
            return "\n".join([text, *(f"[{option.title}]" for option in options)])
        case Cards(cards=cards, text=text):
            lines = [line for card in cards for line in (card.title, card.subtitle, *_lines(card.links))]
            return "\n".join(filter(None, [text, *lines]))
        case Location(latitude=latitude, longitude=longitude, name=name, address=address):
            return "\n".join(filter(None, [name, address, f"{latitude}, {longitude}"]))
        case ContactCard(name=name, phone=phone, email=email, organisation=organisation, url=url):
            return "\n".join(filter(None, [name, organisation, phone, email, url]))
        case Template(text=text, links=links, replies=replies, cards=slides) if text or replies:
            on_cards = [line for one in slides for line in (one.shown.title, *_lines(one.shown.links))]
            return "\n".join([text, *_lines(links), *(f"[{reply}]" for reply in replies), *on_cards])
        case Template(name=name, params=params):
            return f"{name} {' '.join(params.values())}".strip()
        case PublicReply(text=text):
            return text
        case Sign(emoji=emoji):
            return emoji
        case ThreadControl(note=note):
            return note
        case Wanted(text=text):
            return text
        case Form(text=text, button=button, header=header, footer=footer):
            return "\n".join(filter(None, [header, text, footer, f"[{button}]"]))
        case Products(text=text, header=header, footer=footer, shelves=shelves):
            lines = [line for shelf in shelves for line in (shelf.title, *(f"[{one}]" for one in shelf.products))]
            return "\n".join(filter(None, [header, text, *lines, footer]))
        case _:
            assert_never(content)


def _lines(links: Iterable[Link]) -> Iterable[str]:
    return (f"{link.title}: {link.url}" for link in links)
