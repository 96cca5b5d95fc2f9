"""Answers that are shared things: a `contact` (a person's card) and an `order` out of the catalogue."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import phonenumbers

from trinario.engine.answer.reach import EMAIL
from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.answer.text import seen, words_of
from trinario.model.heard import Heard
from trinario.model.value import Value

_NUMBER = re.compile(r"\+?\d[\d\s()./-]{4,24}\d")
_BRACKETS = str.maketrans("<>()[]\n", " " * 7)
_LONGEST, _ITEMS = 200, 100


def read_contact(heeded: Heeded) -> Reading:
    """`{name, first_name, last_name, phone, email}` of the first shared card, or of a typed name with number or e-mail."""
    value = None
    if heeded.heard.kind == "contacts":
        cards = heeded.heard.data.get("contacts")
        card = cards[0] if isinstance(cards, list) and cards else None
        value = _card(card, heeded.region) if isinstance(card, Mapping) else None
    elif text := seen(words_of(heeded)[: _LONGEST + 1]):
        value = _typed(text, heeded.region) if len(text) <= _LONGEST else None
    return Bad("contact") if value is None else Good(value, value["name"] or value["phone"] or value["email"])


def _card(card: Mapping[str, Any], region: str | None) -> dict[str, Value] | None:
    name = _part(card.get("name"))
    phone, email = _part(_first(card.get("phones"))), _part(_first(card.get("emails")))
    first, last = _text(name, "first_name"), _text(name, "last_name")
    value = {
        "name": _text(name, "formatted_name") or " ".join(filter(None, (first, last))), "first_name": first,
        "last_name": last, "phone": _e164(_text(phone, "phone"), region) or _of_account(_text(phone, "wa_id")),
        "email": _text(email, "email"),
    }  # fmt: skip
    return value if any(value.values()) else None


def _typed(text: str, region: str | None) -> dict[str, Value] | None:
    """`Ana Rossi, 333 1234567`: something to reach her by, the rest is the name."""
    emails, numbers = EMAIL.findall(text), _NUMBER.findall(text)
    if len(emails) > 1 or len(numbers) > 1 or (not emails and not numbers):
        return None
    phone = _e164(numbers[0], region) if numbers else ""
    if numbers and not phone:
        return None
    email = "@".join(emails[0]) if emails else ""
    name = " ".join(_NUMBER.sub(" ", text.replace(email, " ") if email else text).translate(_BRACKETS).split()).strip(
        " ,;:-"
    )
    first, _, last = name.partition(" ")
    return {"name": name, "first_name": first, "last_name": last, "phone": phone, "email": email}


def _e164(text: str, region: str | None) -> str:
    """The number as E.164, "" when it can be none."""
    try:
        number = phonenumbers.parse(text[:40], region)
    except phonenumbers.NumberParseException:
        return ""
    valid = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else ""


def _of_account(digits: str) -> str:
    return f"+{digits}" if digits.isascii() and digits.isdecimal() else ""


def read_order(heeded: Heeded) -> Reading:
    """`{catalog, items: [{id, name, quantity, price, currency}], total, currency, note}` of an order she put together."""
    value = order_in(heeded.heard) if heeded.heard.kind == "order" else None
    if value is None:
        return Bad("order")
    value["note"] = heeded.text.strip()[:1000]
    return Good(value, ", ".join(f"{one['quantity']:f} × {one['name'] or one['id']}" for one in value["items"])[:200])


def order_in(heard: Heard) -> dict[str, Any] | None:
    """`{catalog, items, total, currency}` of an order; None where it names nothing. Of several currencies there is no sum."""
    data = heard.data
    rows = data.get("product_items") or data.get("products")
    items = [_item(row) for row in rows[:_ITEMS] if isinstance(row, Mapping)] if isinstance(rows, list) else []
    if not items:
        return None
    currencies = {item["currency"] for item in items}
    one = len(currencies) == 1
    total = sum((item["price"] * item["quantity"] for item in items), Decimal(0)) if one else None
    currency = currencies.pop() if one else ""
    return {"catalog": _text(data, "catalog_id"), "items": items, "total": total, "currency": currency}


def _item(row: Mapping[str, Any]) -> dict[str, Value]:
    price = row.get("item_price") if "item_price" in row else row.get("unit_price")
    return {
        "id": _text(row, "product_retailer_id") or _text(row, "retailer_id") or _text(row, "id"),
        "name": _text(row, "name"), "quantity": _number(row.get("quantity")), "price": _number(price),
        "currency": _text(row, "currency"),
    }  # fmt: skip


def _number(value: object) -> Decimal:
    """A number of the platform's, 0 for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return Decimal(0)
    try:
        number = Decimal(str(value)[:40])
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() and abs(number.adjusted()) < 15 else Decimal(0)


def _part(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else None


def _text(source: Mapping[str, Any], key: str) -> str:
    value = source.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:_LONGEST]
    return value[:_LONGEST] if isinstance(value, str) else ""
