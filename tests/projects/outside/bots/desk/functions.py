"""What the flows of the desk reckon in Python."""

import asyncio
from decimal import Decimal
from typing import Any


def check_vat(number: str, contact: dict[str, Any], country: str = "IT") -> dict[str, Any]:
    """Whether a VAT number can be one; nobody is asked."""
    digits = number.upper().removeprefix(country)
    if not digits:
        raise ValueError("no number")
    return {"good": digits.isdigit() and len(digits) == 11, "of": contact["name"] or "somebody"}


async def total(items: list[dict[str, Any]]) -> Decimal:
    """The sum of an order."""
    await asyncio.sleep(0)
    return sum((item["price"] * item["quantity"] for item in items), Decimal(0))


def strange() -> object:
    """Gives what no session can keep."""
    return object()
