"""The ice breakers of a WhatsApp number: words that a new chat offers to send (meta.md 3A, conversational components)."""

from collections.abc import Sequence

from trinario.channels.graph.client import GraphClient, answered, complaint
from trinario.channels.http.reading import items, mapping

MOST_PROMPTS = 4
PROMPT_LENGTH = 80


async def set_prompts(client: GraphClient, number: str, prompts: Sequence[str], token: str) -> list[str]:
    """Set them where they differ; gives what could not be set, in words. Without any the number is left as it is."""
    wanted = [words[:PROMPT_LENGTH] for words in prompts[:MOST_PROMPTS]]
    if not wanted:
        return []
    standing = answered(await client.get(number, {"fields": "conversational_automation"})) or {}
    if items(mapping(standing, "conversational_automation"), "prompts") == wanted:
        return []
    outcome = await client.post(f"{number}/conversational_automation", {"prompts": wanted})
    return [] if answered(outcome) is not None else [f"prompts could not be set: {complaint(outcome, token)}"]
