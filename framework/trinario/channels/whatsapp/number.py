"""What WhatsApp says of a number of ours when it is asked: quality, and how many people it may write to first (meta.md 3A.10)."""

from trinario.channels.graph.client import GraphClient, answered
from trinario.channels.http.reading import text
from trinario.model.standing import NumberStanding, quality_of, tier_of

LIMIT = "whatsapp_business_manager_messaging_limit"


async def ask_standing(client: GraphClient, channel: str, number: str) -> NumberStanding | None:
    """How it stands now; None when it is not told."""
    body = answered(await client.get(number, {"fields": f"quality_rating,{LIMIT}"}))
    if body is None:
        return None
    return NumberStanding(channel, quality_of(text(body, "quality_rating")), tier_of(body.get(LIMIT)))
