"""Shapes, keys and verbs of the files that authors write, out of the table that parses them."""

from collections.abc import Iterable, Iterator

from docs.pages.lines import fenced, table_of
from trinario.authoring.spec import SHAPES, VERB_TABLES
from trinario.authoring.spec.kinds import (
    Atom,
    Either,
    Exit,
    Key,
    Kind,
    ListOf,
    MapOf,
    OneOf,
    Ref,
    Shape,
    Verb,
    Verbs,
    VerbTable,
)

MANY = 20
"""Names beyond which a cell of a table does not list them all."""


def words_of(kind: Kind) -> str:
    """A kind of value, as a table cell says it."""
    match kind:
        case Atom(about=about):
            return about
        case OneOf(values=values):
            return " or ".join(filter(None, [", ".join(f"`{v}`" for v in values[:-1]), f"`{values[-1]}`"]))
        case ListOf(item=item, single=single):
            return f"{words_of(item)}; or a list of such" if single else f"a list: {words_of(item)}"
        case MapOf(item=item, keys=keys):
            return f"a mapping from {_name(keys)} to: {words_of(item)}"
        case Ref(shape=name):
            return f"[{SHAPES[name].name}](#{anchor_of(name)})"
        case Verbs(table=name):
            return f"[{VERB_TABLES[name].about}](#{anchor_of(name)})"
        case Either(about=about) as either:
            inner = [part for part in (either.scalar, either.sequence, either.mapping) if part]
            refs = dict.fromkeys(ref for part in inner for ref in _refs(part))
            links = ", ".join(f"[{name}](#{anchor_of(name)})" for name in refs)
            return about + (f" ({links})" if links else "")


def _name(keys: Atom | OneOf) -> str:
    """What the keys of a mapping are, short."""
    if isinstance(keys, OneOf):
        return words_of(keys) if len(keys.values) < MANY else "one of the names below"
    return "a name" if keys.name == "name" else keys.about


def _refs(kind: Kind) -> Iterator[str]:
    match kind:
        case Ref(shape=name):
            yield name
        case ListOf(item=item) | MapOf(item=item):
            yield from _refs(item)
        case Either() as either:
            for part in (either.scalar, either.sequence, either.mapping):
                if part:
                    yield from _refs(part)


def anchor_of(name: str) -> str:
    """Where the page has the section of a shape or a table."""
    return TITLES.get(name, name).lower().replace(" ", "-").replace("`", "")


TITLES = {
    "ai": "AI", "reply": "A reply of a service",
    "flow": "The flow", "trigger": "Triggers", "ending": "Endings", "step": "Steps", "message": "Messages",
    "card": "Cards", "cards_from": "Cards from data", "location": "Locations", "own_post": "Posts", "contact_card": "Contacts",
    "message_form": "Forms", "products": "Products", "shelf": "Shelves", "template_card": "Cards of a template",
    "templates": "The file", "template_spec": "A template", "template_words": "Words", "template_header": "Headers",
    "template_pin": "Pins", "template_offer": "Offers", "template_shelf": "Shelves of a template",
    "template_button": "Buttons",
    "once": "Once", "plural": "Plural forms", "link": "Links", "template": "Templates", "choice": "A choice",
    "choices_from": "Choices from data", "delivery": "Delivery", "escalate": "Escalate", "remind": "Reminders", "feedback": "Feedback cards", "case": "Cases of a branch", "variant": "Variants of a split",
    "moment": "Moments", "migration": "Migrations", "variable": "Variables and inputs", "bot": "The bot", "channel": "Channels",
    "pattern": "Patterns", "team": "Teams", "handoff": "Handoff", "persona": "Personas", "field": "Fields", "http": "Hosts", "policy": "Policy",
    "media": "Files that people send", "retention": "How long it is kept", "housekeeping": "Housekeeping", "webhook": "Webhooks", "guard": "Guard", "flood": "Floods", "conversions": "Conversions", "prices": "The file", "price_list": "A list", "cap": "Caps", "disclosure": "Disclosure", "talk": "The talk", "talk_step": "Steps of a talk", "talk_contact": "The contact",
    "campaign": "A campaign", "campaign_schedule": "Schedules", "campaign_variant": "Variants", "campaign_goal": "Goals",
    "campaign_budget": "Budgets", "sequence": "A sequence", "sequence_step": "Steps of a sequence",
    "said": "What the bot says", "commented": "A comment", "ordered": "A line of an order", "public_words": "Public words",
}  # fmt: skip


def keys_table(keys: Iterable[Key]) -> Iterator[str]:
    """The keys of a shape, a row each."""
    rows = [(f"`{key.name}`" + (" (needed)" if key.required else ""), key.about, words_of(key.kind),
             f"`{key.default}`" if key.default else "", f"`{key.example}`") for key in keys]  # fmt: skip
    yield from table_of(("key", "what it is", "takes", "default", "example"), rows)


def shape_section(name: str, depth: int = 2) -> Iterator[str]:
    """The section of a shape."""
    shape: Shape = SHAPES[name]
    yield from ("#" * depth + f" {TITLES[name]}", "", shape.about)
    yield from keys_table(shape.keys)
    yield from left_out(shape.later, "Keys")


def left_out(names: Iterable[str], what: str) -> Iterator[str]:
    """What the language has and this version does not."""
    if found := sorted(names):
        yield from (
            f"{what} of the language that this version does not have: {', '.join(f'`{n}`' for n in found)}.",
            "",
        )


def verbs_section(name: str, intro: str) -> Iterator[str]:
    """The section of a table of verbs, one below the other."""
    table: VerbTable = VERB_TABLES[name]
    yield from (f"## {TITLES[name]}", "", intro, "")
    if table.common:
        yield "Keys that all of them know:"
        yield from keys_table(table.common)
    for verb in table.verbs:
        yield from _verb(table, verb)
    yield from left_out(table.later, "Others")


def _verb(table: VerbTable, verb: Verb) -> Iterator[str]:
    yield from (f"### `{verb.name}`", "", verb.about)
    if verb.value is not None:
        yield from ("", f"Takes {words_of(verb.value)}.")
    yield from fenced(verb.example, "yaml")
    yield from keys_table(verb.keys)
    yield from _exits(verb.exits)
    if verb.named_exits:
        yield from (f"`on_<name>`: the step to which an exit leads that the author names: {verb.named_exits}.", "")
    yield from left_out(verb.later, "Keys")


def _exits(exits: Iterable[Exit]) -> Iterator[str]:
    rows = [(f"`on_{way.name}`", way.about, way.default) for way in exits]
    yield from table_of(("exit", "taken when", "without it"), rows)
