"""Numbers as people dial them and as WhatsApp knows them: Mexico's 1, Brazil's ninth digit, Argentina's 9."""

from __future__ import annotations

from collections.abc import Container


def other_forms(digits: str) -> list[str]:
    """How else WhatsApp may know the number that these digits dial."""
    if digits.startswith("521") and len(digits) == 13:
        return ["52" + digits[3:]]
    if digits.startswith("52") and len(digits) == 12:
        return ["521" + digits[2:]]
    if digits.startswith("549") and len(digits) == 13:
        return ["54" + digits[3:]]
    if digits.startswith("54") and len(digits) == 12:
        return ["549" + digits[2:]]
    if digits.startswith("55") and len(digits) == 13 and digits[4] == "9":
        return [digits[:4] + digits[5:]]
    if digits.startswith("55") and len(digits) == 12:
        return [digits[:4] + "9" + digits[4:]]
    return []


def known_as(dialled: str, known: Container[str]) -> str:
    """The `wa_id` behind what was dialled; the same digits if nobody is there under another form."""
    if dialled in known:
        return dialled
    return next((form for form in other_forms(dialled) if form in known), dialled)
