"""Why a message did not go, in words."""

from trinario.channels.graph.failure_words import WHATSAPP

REASONS = {
    "no_identity": "she is on none of the channels", "unreachable": "the platform cannot reach her",
    "window_closed": "the window is shut, and there is no template", "opted_out": "she said stop to marketing",
    "no_consent": "she was never asked, or has not answered, and it takes a yes",
    "country": "the platform brings no marketing to her country", "cap": "she has had enough for now",
    "quiet_hours": "it is night where she is", "rest": "the platform keeps marketing from her for a day", "late": "too late for her",
    "owner": "a person of the team has the conversation", "holdout": "holdout: she gets nothing, for comparison",
    "busy": "she is in a conversation", "double": "two contacts who are one", "segment": "not of the segment any more",
    "had": "she has had her turn of it already", "cancelled": "the campaign was cancelled",
    "template_paused": "the template is paused", "template_disabled": "the template is rejected or disabled",
    "template_category": "the template is of another category",
    "silent": "the flow begins, and says nothing at once", "failed": "it failed",
}  # fmt: skip
"""What the reasons mean, in words."""

OF_WHATSAPP = 130_000
"""From here on codes are of WhatsApp; smaller ones mean one thing there and another on a Page, and stay numbers."""


def reason(code: str) -> str:
    """A reason in words."""
    if code.startswith("exclude "):
        return f"excluded by line {code.removeprefix('exclude ')} of `exclude`"
    if code.isdigit() and int(code) >= OF_WHATSAPP:
        return f"{WHATSAPP.get(int(code), 'the platform said no')} ({code})"
    return REASONS.get(code, code)
