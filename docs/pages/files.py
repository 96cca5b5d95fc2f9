"""The pages of the files that authors write: flows, bot.yaml, templates, prices, campaigns, talks."""

import re
from collections.abc import Iterator

from docs.pages.answer_types import answer_types
from docs.pages.lines import fenced
from docs.pages.shapes import anchor_of, shape_section, verbs_section
from trinario.authoring.spec.bot import PATTERNS, PATTERNS_WITH_WORDS


def flow_language() -> Iterator[str]:
    """The page of flows, out of the table that parses them."""
    yield "# Flow language"
    yield "What may stand in `flows/*.yaml`. How it behaves when it runs is in [how flows run](how-flows-run.md); texts and"
    yield "conditions are in [expressions](expressions.md). Editors complete and check with [flow.schema.json](flow.schema.json):"
    yield from fenced("# yaml-language-server: $schema=../docs/reference/flow.schema.json", "yaml")
    yield from shape_section("flow")
    yield from verbs_section("trigger", "What begins a flow. One without a value is a bare word: `- message`.")
    yield from verbs_section("ending", "`exit_when`: what ends the running sessions of a flow.")
    yield from verbs_section("step", "A step has a name and exactly one verb; its other keys stand beside the verb.")
    for name in ("once", "case", "variant", "moment", "message", "card", "cards_from", "location", "own_post", "contact_card", "message_form", "products", "shelf", "public_words", "plural", "link", "template", "choice", "choices_from", "remind", "feedback", "delivery", "escalate",
                 "variable", "migration", "policy", "cap"):  # fmt: skip
        yield from shape_section(name)
    yield from answer_types()


def bot_file() -> Iterator[str]:
    """The page of bot.yaml."""
    yield "# bot.yaml"
    yield "One bot a folder: `bots/NAME/bot.yaml`. `${NAME}` is read from the environment when the process starts; a missing one"
    yield from (
        "stops the start, naming file, line and variable. The schema for editors is [bot.schema.json](bot.schema.json).",
        "",
    )
    yield from shape_section("bot")
    yield from verbs_section("channel", "`platform` says which kind of account it is.")
    for name in (
        "field", "pattern", "team", "handoff", "persona", "delivery", "escalate", "template", "http", "ai", "media",
        "retention", "housekeeping", "webhook", "conversions", "guard", "flood", "policy", "cap", "disclosure",
    ):  # fmt: skip
        yield from shape_section(name)
    yield from (
        "## Names of patterns",
        "",
        "With words that she can write: " + ", ".join(f"`{n}`" for n in PATTERNS_WITH_WORDS) + ".",
        "",
    )
    rest = [name for name in PATTERNS if name not in PATTERNS_WITH_WORDS]
    yield from ("With a text only: " + ", ".join(f"`{n}`" for n in rest) + ".", "")


def templates_file() -> Iterator[str]:
    """The page of templates.yaml."""
    yield "# templates.yaml"
    yield "The WhatsApp message templates of a bot: `bots/NAME/templates.yaml` ([how](../how-to/templates.md)). The schema for"
    yield from ("editors is [templates.schema.json](templates.schema.json).", "")
    for name in (
        "templates", "template_spec", "template_words", "template_header", "template_pin", "template_offer",
        "template_card", "template_shelf",
    ):  # fmt: skip
        yield from shape_section(name)
    yield from verbs_section("template_button", "A button does one thing.")


def prices_file() -> Iterator[str]:
    """The page of prices.yaml."""
    yield "# prices.yaml"
    yield "What a delivered message costs: `bots/NAME/prices.yaml` ([how](../how-to/what-messages-cost.md)). The schema for"
    yield from ("editors is [prices.schema.json](prices.schema.json).", "")
    for name in ("prices", "price_list"):
        yield from shape_section(name)


def campaign_files() -> Iterator[str]:
    """The page of campaigns and sequences."""
    yield "# Campaigns and sequences"
    yield "`bots/NAME/campaigns/*.yaml`: one campaign or one sequence a file ([how](../how-to/campaigns.md)). The schemas for editors"
    yield from (
        "are [campaign.schema.json](campaign.schema.json), which takes both, and [sequence.schema.json](sequence.schema.json).",
        "",
    )
    shapes = (
        "campaign",
        *(f"campaign_{part}" for part in ("schedule", "variant", "goal", "budget")),
        "sequence",
        "sequence_step",
    )
    here = {anchor_of(name) for name in shapes}
    for line in (line for name in shapes for line in shape_section(name)):
        yield re.sub(r"\]\(#([^)]+)\)", lambda to: to[0] if to[1] in here else f"](flow-language.md#{to[1]})", line)


def talks() -> Iterator[str]:
    """The page of talks."""
    yield "# Talks"
    yield from (
        "Played conversations, `tests/talks/**/*.yaml`: `trinario test` plays them ([how](../how-to/write-talks.md)).",
        "",
    )
    yield from shape_section("talk")
    yield from shape_section("talk_contact")
    yield from verbs_section("talk_step", "One thing that is done, or what the bot says to it.")
    yield from shape_section("said")
    yield from shape_section("commented")
    yield from shape_section("ordered")
    yield from shape_section("reply")
