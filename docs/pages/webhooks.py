"""The page of what webhooks tell."""

from collections.abc import Iterator

from docs.pages.lines import table_of
from trinario.model.hook import KINDS as NEWS


def webhook_news() -> Iterator[str]:
    """Every kind of news that other systems can be told."""
    yield "# What webhooks tell"
    yield from (
        "", "Each is a POST with JSON: `type`, `timestamp` (when it happened) and `data`; `data.contact` is the contact's number, null",
        "for what is of nobody. How to receive them: [Tell other systems what happens](../how-to/webhooks.md).",
    )  # fmt: skip
    yield from table_of(
        ("type", "what happened", "the rest of `data`, for example"),
        ((f"`{name}`", kind.about, f"`{kind.sample}`") for name, kind in NEWS.items()),
    )
