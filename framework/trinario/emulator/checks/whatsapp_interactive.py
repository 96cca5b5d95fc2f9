"""The interactive messages of WhatsApp and their limits (meta.md §3A.3, §4.1)."""

from __future__ import annotations

from collections.abc import Callable, Collection

from trinario.emulator.checks.whatsapp_words import invalid
from trinario.emulator.fields import Fields

BODY, LIST_BODY, FOOTER, HEADER = 1024, 4096, 60, 60
BUTTONS, BUTTON_ID, BUTTON_TITLE = 3, 256, 20
SECTIONS, ROWS, SECTION_TITLE = 10, 10, 24
ROW_ID, ROW_TITLE, ROW_DESCRIPTION = 200, 24, 72
PRODUCTS, CARDS, CARD_BODY, CARD_BREAKS = 30, 10, 160, 2
FLOW_CTA = 30
ANY_HEADER = ("text", "image", "video", "document")
LINKS = ("https", "http")

CheckMedia = Callable[[Fields], None]


def check_interactive(message: Fields, media: CheckMedia) -> None:
    """Header, body and footer as the kind allows, then its action."""
    kind = message.choice("type", KINDS) or ""
    headers, body_limit, footer, action = KINDS[kind]
    _header(message, headers, media, needed=kind == "product_list")
    if kind != "product" or "body" in message:
        _body(message, body_limit)
    if footer and "footer" in message:
        _footer(message)
    action(message.object("action"), media)
    message.close()


def _header(message: Fields, allowed: Collection[str], media: CheckMedia, *, needed: bool) -> None:
    if not allowed or ("header" not in message and not needed):
        return
    header = message.object("header")
    kind = header.choice("type", allowed) or ""
    if kind == "text":
        header.text("text", 1, HEADER, label="Header text")
    else:
        media(header.object(kind))
    header.close()


def _body(message: Fields, most: int) -> None:
    body = message.object("body")
    body.text("text", 1, most, label="Body text")
    body.close()


def _footer(message: Fields) -> None:
    footer = message.object("footer")
    footer.text("text", 1, FOOTER, label="Footer text")
    footer.close()


def _distinct(values: list[str], path: str, what: str) -> None:
    if len(set(values)) != len(values):
        raise invalid(path, f"Duplicated {what}", rule=f"whatsapp.duplicate:{what.replace(' ', '_')}")


def _buttons(action: Fields, media: CheckMedia) -> None:
    ids, titles = [], []
    for button in action.objects("buttons", 1, BUTTONS):
        button.choice("type", ("reply",))
        reply = button.object("reply")
        ids.append(reply.string("id", BUTTON_ID, label="Button id"))
        titles.append(reply.string("title", BUTTON_TITLE, label="Button title"))
        reply.close()
        button.close()
    _distinct(ids, action.at("buttons"), "button id")
    _distinct(titles, action.at("buttons"), "button title")
    action.close()


def _list(action: Fields, media: CheckMedia) -> None:
    action.text("button", 1, BUTTON_TITLE, label="Button text")
    sections = action.objects("sections", 1, SECTIONS)
    ids: list[str] = []
    for section in sections:
        section.text("title", 1, SECTION_TITLE, label="Section title", needed=len(sections) > 1)
        for row in section.objects("rows", 1, ROWS):
            ids.append(row.string("id", ROW_ID, label="Row id"))
            row.text("title", 1, ROW_TITLE, label="Row title")
            row.text("description", 1, ROW_DESCRIPTION, label="Row description", needed=False)
            row.close()
        section.close()
    if len(ids) > ROWS:
        details = f"Total row count exceed max allowed count: {ROWS}"
        raise invalid(action.at("sections"), details, rule="whatsapp.count:interactive.action.sections.rows")
    _distinct(ids, action.at("sections"), "row id")
    action.close()


def _named(name: str) -> Callable[[Fields, CheckMedia], None]:
    def check(action: Fields, media: CheckMedia) -> None:
        action.choice("name", (name,))
        action.close()

    return check


def _link(action: Fields, media: CheckMedia) -> None:
    action.choice("name", ("cta_url",))
    parameters = action.object("parameters")
    parameters.text("display_text", 1, BUTTON_TITLE, label="Display text")
    parameters.url("url", schemes=LINKS)
    parameters.close()
    action.close()


def _flow(action: Fields, media: CheckMedia) -> None:
    action.choice("name", ("flow",))
    parameters = action.object("parameters")
    parameters.choice("flow_message_version", ("3",))
    parameters.text("flow_token", 1, 1000, needed=False)
    if ("flow_id" in parameters) == ("flow_name" in parameters):
        raise invalid(parameters.at("flow_id"), "exactly one of flow_id and flow_name is needed")
    parameters.text("flow_id", 1, 200, needed=False)
    parameters.text("flow_name", 1, 200, needed=False)
    parameters.text("flow_cta", 1, FLOW_CTA, label="Flow cta")
    parameters.choice("mode", ("published", "draft"), needed=False)
    way = parameters.choice("flow_action", ("navigate", "data_exchange"), needed=False)
    if way == "navigate" and "flow_action_payload" in parameters:
        payload = parameters.object("flow_action_payload")
        payload.text("screen", 1, 200)
        payload.ignore("data")
        payload.close()
    parameters.ignore("flow_action_payload")
    parameters.close()
    action.close()


def _product(action: Fields, media: CheckMedia) -> None:
    action.string("catalog_id", 200)
    action.string("product_retailer_id", 200)
    action.close()


def _product_list(action: Fields, media: CheckMedia) -> None:
    action.string("catalog_id", 200)
    sections = action.objects("sections", 1, SECTIONS)
    total = 0
    for section in sections:
        section.text("title", 1, SECTION_TITLE, label="Section title", needed=len(sections) > 1)
        items = section.objects("product_items", 1, PRODUCTS)
        total += len(items)
        for item in items:
            item.string("product_retailer_id", 200)
            item.close()
        section.close()
    if total > PRODUCTS:
        raise invalid(action.at("sections"), f"Max allowed products: {PRODUCTS}", rule="whatsapp.count:products")
    action.close()


def _catalog(action: Fields, media: CheckMedia) -> None:
    action.choice("name", ("catalog_message",))
    if "parameters" in action:
        parameters = action.object("parameters")
        parameters.text("thumbnail_product_retailer_id", 1, 200, needed=False)
        parameters.close()
    action.close()


def _carousel(action: Fields, media: CheckMedia) -> None:
    kinds, headers = set(), set()
    for index, card in enumerate(action.objects("cards", 2, CARDS)):
        if card.raw("card_index", needed=True) != index:
            raise invalid(card.at("card_index"), "card_index must count up from 0")
        kind = card.choice("type", ("cta_url", "product")) or ""
        kinds.add(kind)
        if kind == "product":
            _product(card.object("action"), media)
        else:
            headers.add(_link_card(card, media))
        card.close()
    if len(kinds) > 1 or len(headers) > 1:
        raise invalid(
            action.at("cards"), "all cards must be of one type with one type of header", rule="whatsapp.cards_differ"
        )
    action.close()


def _link_card(card: Fields, media: CheckMedia) -> str:
    header = card.object("header")
    kind = header.choice("type", ("image", "video")) or ""
    media(header.object(kind))
    header.close()
    if "body" in card:
        body = card.object("body")
        text = body.string("text", CARD_BODY, label="Card body text")
        if text.count("\n") > CARD_BREAKS:
            raise invalid(
                body.at("text"), f"at most {CARD_BREAKS} line breaks are allowed", rule="whatsapp.card_breaks"
            )
        body.close()
    _link(card.object("action"), media)
    return kind


def _free(name: str, *parameters: str) -> Callable[[Fields, CheckMedia], None]:
    """Actions whose parameters are only looked at for their names."""

    def check(action: Fields, media: CheckMedia) -> None:
        action.choice("name", (name,))
        if "parameters" in action:
            inner = action.object("parameters")
            inner.ignore(*parameters)
            inner.close()
        action.close()

    return check


Kind = tuple[Collection[str], int, bool, Callable[[Fields, CheckMedia], None]]

# kind -> headers allowed, limit of the body, whether a footer is allowed, check of the action
KINDS: dict[str, Kind] = {
    "button": (ANY_HEADER, BODY, True, _buttons),
    "list": (("text",), LIST_BODY, True, _list),
    "cta_url": (ANY_HEADER, BODY, True, _link),
    "location_request_message": ((), BODY, False, _named("send_location")),
    "request_contact_info": ((), BODY, False, _named("request_contact_info")),
    "flow": (ANY_HEADER, BODY, True, _flow),
    "product": ((), BODY, True, _product),
    "product_list": (("text",), BODY, True, _product_list),
    "catalog_message": ((), BODY, True, _catalog),
    "carousel": ((), BODY, False, _carousel),
    "address_message": (
        (),
        BODY,
        True,
        _free("address_message", "country", "values", "saved_addresses", "validation_errors"),
    ),
    "voice_call": ((), BODY, False, _free("voice_call", "display_text", "ttl_minutes", "payload")),
    "call_permission_request": ((), BODY, False, _free("call_permission_request")),
}
