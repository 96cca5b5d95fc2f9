"""Answers by which she or something can be reached: `email`, `phone` and `url`."""

import re
from collections.abc import Mapping

import phonenumbers

from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.answer.text import matches, seen, words_of

EMAIL = re.compile(
    r"(?<![^\s<(\[:,;\"'])"
    r"([^\s@<>()\[\],;:\"\\]{1,64})@((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_](?:[\w-]{0,61}[^\W_])?)"
    r"(?=[\s>)\],;:\"'.!?]|$)"
)
_LONGEST_EMAIL = 254
_LONGEST = 300
_LONGEST_URL = 2000
_URL = re.compile(
    r"(?<![\w@./-])(?:(https?)://)?((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,63}))"
    r"(:\d{2,5})?(?![\w@-])((?:[/?#][^\s<>\"]*)?)",
    re.IGNORECASE,
)


def read_email(heeded: Heeded) -> Reading:
    """The one e-mail address in her words (`it is ana@example.org!`), its domain in lower case."""
    text = seen(words_of(heeded))
    found = {(match[1].removeprefix("mailto:"), match[2].lower()) for match in EMAIL.finditer(text[:_LONGEST])}
    if len(found) != 1 or text.count("@") != 1:
        return Bad("email")
    local, domain = found.pop()
    address = f"{local}@{domain}"
    if local[0] == "." or local[-1] == "." or ".." in local or len(address) > _LONGEST_EMAIL:
        return Bad("email")
    return Good(address, address) if matches(heeded.step.pattern, address) else Bad("email")


def read_phone(heeded: Heeded) -> Reading:
    """A number that can exist, as E.164; one without a prefix is of the bot's region. A shared card gives its first number."""
    text = _on_card(heeded) if heeded.heard.kind == "contacts" else seen(words_of(heeded))
    try:
        number = phonenumbers.parse(text[:60], heeded.region)
    except phonenumbers.NumberParseException:
        return Bad("phone")
    if not phonenumbers.is_valid_number(number) or sum(map(str.isalpha, text)) > 3:
        return Bad("phone")
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Good(written, written) if matches(heeded.step.pattern, written) else Bad("phone")


def _on_card(heeded: Heeded) -> str:
    """The number on the first card that she shared: that of the platform's account, else as it is written."""
    cards = heeded.heard.data.get("contacts")
    card = cards[0] if isinstance(cards, list) and cards and isinstance(cards[0], Mapping) else {}
    phones = card.get("phones")
    phone = phones[0] if isinstance(phones, list) and phones and isinstance(phones[0], Mapping) else {}
    account, written = str(phone.get("wa_id") or ""), str(phone.get("phone") or "")
    return f"+{account}" if account.isascii() and account.isdecimal() else seen(written)


def read_url(heeded: Heeded) -> Reading:
    """The one address of a page in her words, `https://` before it where she wrote none, its host in lower case."""
    text = seen(words_of(heeded))
    if len(text) > _LONGEST_URL:
        return Bad("url")
    found = {_address(match) for match in _URL.finditer(text)}
    if len(found) != 1 or "://" in _URL.sub("", text):
        return Bad("url")
    address = found.pop()
    return Good(address, address) if matches(heeded.step.pattern, address) else Bad("url")


def _address(match: re.Match[str]) -> str:
    rest = match[4].rstrip(".,;:!?'\"»”")
    while rest.endswith(")") and rest.count(")") > rest.count("("):
        rest = rest[:-1]
    return f"{(match[1] or 'https').lower()}://{match[2].lower()}{match[3] or ''}{rest}"
