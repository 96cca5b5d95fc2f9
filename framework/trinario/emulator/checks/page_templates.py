"""The templates of Messenger and Instagram and their limits (meta.md §3B.5, §4.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from trinario.emulator.checks.page_words import PageWords
from trinario.emulator.fields import Fields

TITLE, SUBTITLE, TEXT, PAYLOAD, BUTTON_TITLE, BUTTONS = 80, 80, 640, 1000, 20, 3
ELEMENTS, RECEIPT_ELEMENTS, GRID_TITLE, FEEDBACK_TITLE = 10, 100, 45, 65
INSTAGRAM_TEMPLATES = ("generic", "button", "product")
INVALID_TEMPLATE = 2018014
LINKS = ("https", "http")
INSTAGRAM_BUTTONS = ("web_url", "postback")
MESSENGER_BUTTONS = (*INSTAGRAM_BUTTONS, "phone_number", "account_link", "account_unlink", "game_play")


def check_template(platform: str, payload: Fields, words: PageWords) -> str:
    """The payload of a template attachment; its template_type is returned."""
    allowed = INSTAGRAM_TEMPLATES if platform == "instagram" else tuple(TEMPLATES)
    kind = payload.choice("template_type", allowed) or ""
    buttons = INSTAGRAM_BUTTONS if platform == "instagram" else MESSENGER_BUTTONS
    TEMPLATES[kind](payload, buttons, words)
    payload.ignore("sharable", "image_aspect_ratio")
    payload.close()
    return kind


def check_buttons(owner: Fields, allowed: Collection[str], least: int) -> None:
    """`buttons` of a template or an element."""
    for button in owner.objects("buttons", least, BUTTONS):
        kind = button.choice("type", allowed)
        if kind in ("web_url", "postback", "phone_number", "game_play"):
            button.text("title", 1, BUTTON_TITLE)
        if kind in ("web_url", "account_link"):
            check_link(button)
        elif kind == "postback":
            button.text("payload", 1, PAYLOAD)
        elif kind == "phone_number":
            number = button.string("payload", 30)
            if not (number.startswith("+") and number[1:].replace("-", "").replace(" ", "").isdigit()):
                raise button.complaints.value(button.at("payload"), "a phone number with + and country code")
        else:
            button.text("payload", 1, PAYLOAD, needed=False)
        button.close()


def check_link(link: Fields) -> None:
    """A url with the members a web view may have."""
    link.url("url", schemes=LINKS)
    link.url("fallback_url", schemes=LINKS, needed=False)
    link.choice("webview_height_ratio", ("compact", "tall", "full"), needed=False)
    link.flag("messenger_extensions")
    link.ignore("webview_share_button")


def _generic(payload: Fields, buttons: Collection[str], words: PageWords) -> None:
    for element in payload.objects("elements", 1, ELEMENTS):
        element.text("title", 1, TITLE)
        element.text("subtitle", 1, SUBTITLE, needed=False)
        element.url("image_url", schemes=LINKS, needed=False)
        if "default_action" in element:
            action = element.object("default_action")
            action.choice("type", ("web_url",))
            check_link(action)
            action.close()
        if "buttons" in element:
            check_buttons(element, buttons, 1)
        if not any(name in element for name in ("subtitle", "image_url", "default_action", "buttons")):
            text = "An element needs at least one attribute besides title"
            raise words.refused("element", element.path, text, subcode=INVALID_TEMPLATE)
        element.close()


def _button(payload: Fields, buttons: Collection[str], words: PageWords) -> None:
    payload.text("text", 1, TEXT)
    check_buttons(payload, buttons, 1)


def _media(payload: Fields, buttons: Collection[str], words: PageWords) -> None:
    for element in payload.objects("elements", 1, 1):
        element.choice("media_type", ("image", "video"))
        if ("attachment_id" in element) == ("url" in element):
            raise words.refused(
                "element", element.path, "Exactly one of attachment_id and url is needed", subcode=INVALID_TEMPLATE
            )
        element.text("attachment_id", 1, 200, needed=False)
        url = element.url("url", needed=False)
        if url is not None and "facebook.com/" not in url:
            raise words.refused("element", element.path, "url must be a Facebook url", subcode=INVALID_TEMPLATE)
        if "buttons" in element:
            check_buttons(element, buttons, 1)
        element.close()


def _receipt(payload: Fields, buttons: Collection[str], words: PageWords) -> None:
    for name in ("recipient_name", "order_number", "currency", "payment_method"):
        payload.string(name, 1000)
    summary = payload.object("summary")
    summary.raw("total_cost", needed=True)
    summary.ignore("subtotal", "shipping_cost", "total_tax")
    summary.close()
    if "elements" in payload:
        for element in payload.objects("elements", 0, RECEIPT_ELEMENTS):
            element.string("title", 1000)
            element.raw("price", needed=True)
    payload.ignore("order_url", "timestamp", "address", "adjustments", "merchant_name")


def _coupon(payload: Fields, buttons: Collection[str], words: PageWords) -> None:
    payload.text("title", 1, TITLE)
    payload.text("subtitle", 1, SUBTITLE, needed=False)
    code = payload.text("coupon_code", 1, 100, needed="coupon_url" not in payload)
    if code is not None and any(sign.isspace() for sign in code):
        raise words.value(payload.at("coupon_code"), "a code without spaces")
    payload.url("coupon_url", needed=False)
    payload.url("image_url", schemes=LINKS, needed=False)
    payload.text("coupon_url_button_title", 1, BUTTON_TITLE, needed=False)
    payload.text("payload", 1, PAYLOAD, needed=False)
    payload.ignore("coupon_pre_message")


_PLAIN_ID = re.compile(r"[A-Za-z0-9_]+")
SCORE_LABELS = ("neg_pos", "hard_easy", "dis_sat", "unlike_like", "poor_great", "none")


def _feedback(payload: Fields, buttons: Collection[str], words: PageWords) -> None:
    payload.text("title", 1, FEEDBACK_TITLE)
    payload.text("subtitle", 1, SUBTITLE)
    payload.text("button_title", 1, BUTTON_TITLE)
    for screen in payload.objects("feedback_screens", 1, 1):
        for question in screen.objects("questions", 1, 1):
            if not _PLAIN_ID.fullmatch(question.string("id", 80) or ""):
                raise words.value(question.at("id"), "letters, digits and underscores")
            question.choice("type", ("csat", "nps", "ces", "free_form"))
            question.text("title", 5, 85, needed=False)
            question.choice("score_label", SCORE_LABELS, needed=False)
    payload.object("business_privacy").url("url")
    days = payload.raw("expires_in_days")
    if days is not None and not (isinstance(days, int) and 1 <= days <= 7):
        raise words.value(payload.at("expires_in_days"), "a number from 1 to 7")


def _product(payload: Fields, buttons: Collection[str], words: PageWords) -> None:
    for element in payload.objects("elements", 1, ELEMENTS):
        element.string("id", 200)
        element.close()


def _grid(payload: Fields, buttons: Collection[str], words: PageWords) -> None:
    for element in payload.objects("elements", 1, 1):
        element.text("title", 1, GRID_TITLE)
        element.text("subtitle", 1, SUBTITLE, needed=False)
        images = element.objects("images", 2, 6)
        for image in images:
            image.url("url")
        if sum(bool(image.raw("is_hero_image")) for image in images) > 1:
            raise words.refused("element", element.path, "at most one hero image is allowed", subcode=INVALID_TEMPLATE)
        if "buttons" in element:
            check_buttons(element, INSTAGRAM_BUTTONS, 1)
        element.close()


def _opt_in(payload: Fields, buttons: Collection[str], words: PageWords) -> None:
    payload.text("title", 1, FEEDBACK_TITLE)
    payload.url("image_url", schemes=LINKS, needed=False)
    payload.text("payload", 1, PAYLOAD)
    payload.ignore("notification_messages_timezone")


TEMPLATES: dict[str, Callable[[Fields, Collection[str], PageWords], None]] = {
    "generic": _generic,
    "button": _button,
    "media": _media,
    "receipt": _receipt,
    "coupon": _coupon,
    "customer_feedback": _feedback,
    "product": _product,
    "image_grid": _grid,
    "notification_messages": _opt_in,
}
