"""Answers by which she can be reached: `email` and `phone`."""

import re

import phonenumbers

from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.answer.text import matches, words_of

_EMAIL = re.compile(
    r"(?<![^\s<(\[:,;\"'])"
    r"([^\s@<>()\[\],;:\"\\]{1,64})@((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_](?:[\w-]{0,61}[^\W_])?)"
    r"(?=[\s>)\],;:\"'.!?]|$)"
)
_LONGEST_EMAIL = 254
_LONGEST = 300


def read_email(heeded: Heeded) -> Reading:
    """The one e-mail address in her words (`it is ana@example.org!`), its domain in lower case."""
    text = words_of(heeded)
    found = {(match[1].removeprefix("mailto:"), match[2].lower()) for match in _EMAIL.finditer(text[:_LONGEST])}
    if len(found) != 1 or text.count("@") != 1:
        return Bad("email")
    local, domain = found.pop()
    address = f"{local}@{domain}"
    if local[0] == "." or local[-1] == "." or ".." in local or len(address) > _LONGEST_EMAIL:
        return Bad("email")
    return Good(address, address) if matches(heeded.step.pattern, address) else Bad("email")


def read_phone(heeded: Heeded) -> Reading:
    """A number that can exist, as E.164; one without a prefix is of the bot's region."""
    text = words_of(heeded)
    try:
        number = phonenumbers.parse(text[:60], heeded.region)
    except phonenumbers.NumberParseException:
        return Bad("phone")
    if not phonenumbers.is_valid_number(number) or sum(map(str.isalpha, text)) > 3:
        return Bad("phone")
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Good(written, written) if matches(heeded.step.pattern, written) else Bad("phone")
