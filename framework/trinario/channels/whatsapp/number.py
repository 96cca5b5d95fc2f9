"""What WhatsApp says of a number of ours when it is asked: quality, and how many people it may write to first (meta.md 3A.10)."""

from trinario.channels.graph.client import GraphClient, answered, complaint
from trinario.channels.http.reading import text
from trinario.channels.http.transport import Answer
from trinario.model.standing import NumberStanding, quality_of, tier_of

LIMIT = "whatsapp_business_manager_messaging_limit"


async def ask_standing(client: GraphClient, channel: str, number: str) -> NumberStanding | str:
    """How it stands now; in words why it is not told."""
    outcome = await client.get(number, {"fields": f"quality_rating,{LIMIT}"})
    body = answered(outcome)
    if body is None:
        why = complaint(outcome, client.token)
        return why if isinstance(outcome, Answer) else f"Meta cannot be reached ({why})"
    return NumberStanding(channel, quality_of(text(body, "quality_rating")), tier_of(body.get(LIMIT)))
