"""What the flows of the journeys reckon."""


def letters(text: str, contact: dict[str, object]) -> dict[str, object]:
    """How long a text is, and for whom."""
    return {"count": len(text), "of": contact["first_name"]}
