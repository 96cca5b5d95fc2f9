"""The table of triggers that come from the platform beside her words: comments, ads, stories, menus, forms, signs, orders."""

from trinario.authoring.spec.kinds import CONDITION, FLOW, NAME, TEXT, TRUE_FALSE, WORD, Key, ListOf, OneOf, Verb
from trinario.authoring.spec.messages import FURTHER_WORDS, TITLE_BY_LOCALE

_HOW = Key("match", OneOf(("exact", "first_word", "contains")), "How a text has to match: `contains` finds whole words.",
           "exact", default="contains")  # fmt: skip
_WHEN = Key("match", CONDITION, "Only when this is true.", "trigger.ref == 'spring'")

ARRIVALS = (
    Verb("comment", "She comments under a post of ours, with one of these words, or `any`.", FURTHER_WORDS,
         "comment: [win, vinci]", (
        _HOW,
        Key("post", ListOf(WORD), "Only under this post: its id, as the platform tells it.", "122131676912594941"),
        Key("kind", ListOf(OneOf(("feed", "reel", "live", "ad", "story"))), "Only where such a thing is shown.", "reel"),
        Key("exclude_replies", TRUE_FALSE, "Not when she answers another comment.", "true", default="false"))),
    Verb("story_reply", "She answers a story of ours, with one of these words or any.", FURTHER_WORDS,
         "story_reply: [wow]", (_HOW,)),
    Verb("story_mention", "She names us in a story of hers.", None, "story_mention"),
    Verb("ad", "She comes by an ad: one of these, by id, or `any`.", ListOf(WORD), "ad: [120226305854810726]", (_WHEN,)),
    Verb("ice_breaker", "She taps this question, which a new chat offers to her, or types it.", TITLE_BY_LOCALE,
         "ice_breaker: Do you deliver?"),
    Verb("menu", "She taps this item of the menu that always stands in the chat, or types it.", TITLE_BY_LOCALE,
         "menu: Opening hours"),
    Verb("form", "She sends a form: a WhatsApp Flow by its token or name, or any.", TEXT, "form: survey", (_WHEN,)),
    Verb("order", "She sends an order that she put together in the catalogue; one that a question of the type `order` waits"
         " for answers that.", None, "order", (
        Key("match", CONDITION, "Only when this is true.", "trigger.total >= 50"),)),
    Verb("product", "She asks about a product of the catalogue: one of these, by id, or `any`.", ListOf(WORD),
         "product: [di9ozbzfi4]", (_WHEN,)),
    Verb("reaction", "She puts a sign on a message: one of these, or `any`; colours of skin do not count.", ListOf(WORD),
         "reaction: [👍, ❤]", (
        Key("when", OneOf(("added", "removed")), "Which of the two; which sign was taken back, platforms do not tell.",
            "removed", default="added"),
        Key("flow", FLOW, "Only on messages of this flow.", "offer"),
        Key("step", NAME, "Only on messages of this step of it.", "voucher"),
        Key("match", CONDITION, "Only when this is true.", "trigger.emoji != '👎'"))),
    Verb("edited", "She writes a message of hers anew. What it answered stays answered.", None, "edited", (_WHEN,)),
    Verb("deleted", "She takes back a message of hers: its words and files are forgotten.", None, "deleted", (_WHEN,)),
)  # fmt: skip

BARE = frozenset(
    {"comment", "story_reply", "story_mention", "ad", "form", "order", "product", "reaction", "edited", "deleted"}
)
"""Triggers that may stand alone, for any of their kind."""
