"""Writes the reference pages that are made of the program itself: `make docs`. A test fails when one of them is stale."""

import json
import re
import runpy
import sys
from collections.abc import Iterable, Iterator
from enum import EnumType
from pathlib import Path
from typing import Any, get_type_hints

import typer
from sqlmodel import SQLModel

from trinario.authoring.codes import CODES, Code
from trinario.authoring.schema import KINDS, schema
from trinario.authoring.spec import SHAPES, VERB_TABLES
from trinario.authoring.spec.answers import ANSWER_TYPES
from trinario.authoring.spec.bot import PATTERNS, PATTERNS_WITH_WORDS
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
from trinario.cli.app import app
from trinario.model.hook import KINDS as NEWS
from trinario.store import tables
from trinario.store.views import VIEWS
from trinario.web.api.openapi import document

DOCS = Path(__file__).parent
MANY = 20
"""Names beyond which a cell of a table does not list them all."""

MADE = "<!-- Made by docs/generate.py: change the program, then `make docs`. -->\n"


def pages() -> dict[Path, str]:
    """Every generated file below docs/, with its whole text."""
    reference = DOCS / "reference"
    made = {
        reference / "commands.md": _page(commands()),
        reference / "flow-language.md": _page(flow_language()),
        reference / "bot-file.md": _page(bot_file()),
        reference / "talks.md": _page(talks()),
        reference / "templates-file.md": _page(templates_file()),
        reference / "campaign-files.md": _page(campaign_files()),
        reference / "prices-file.md": _page(prices_file()),
        reference / "issue-codes.md": _page(issue_codes()),
        reference / "fitting.md": _page(_fitting()),
        reference / "segments.md": _page(runpy.run_path(str(DOCS / "segments_page.py"))["segments"]()),
        reference / "errors-of-meta.md": _page(runpy.run_path(str(DOCS / "errors_of_meta.py"))["errors_of_meta"]()),
        reference / "webhook-news.md": _page(webhook_news()),
        reference / "http-api.md": _page(http_api()),
        reference / "tables.md": _page(database()),
        reference / "policy.md": _page(runpy.run_path(str(DOCS / "policy_table.py"))["policy"]()),
        reference / "what-is-heard.md": _page(runpy.run_path(str(DOCS / "heard_table.py"))["what_is_heard"]()),
    }
    for kind in KINDS:
        text = json.dumps(schema(kind), ensure_ascii=False, indent=2) + "\n"
        made[reference / f"{kind}.schema.json"] = text
    return made


def _fitting() -> Iterator[str]:
    """The page of docs/fitting, a package that is found from the root."""
    if str(DOCS.parent) not in sys.path:
        sys.path.insert(0, str(DOCS.parent))
    from docs.fitting.page import fitting

    return fitting()


def _page(lines: Iterable[str]) -> str:
    first, *rest = list(lines)
    text = "\n".join([first, "", MADE.strip(), "", *rest])
    return re.sub(r"\n{3,}", "\n\n", text).replace("\0", "\N{SYMBOL FOR NULL}").rstrip() + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    found = [tuple(_cell(cell) for cell in row) for row in rows]
    if found:
        yield from ("", "| " + " | ".join(head) + " |", "|" + "---|" * len(head))
        yield from ("| " + " | ".join(row) + " |" for row in found)
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _fence(text: str, language: str = "") -> Iterator[str]:
    yield from ("", f"```{language}", *text.splitlines(), "```", "")


# ---- webhooks that go out


def webhook_news() -> Iterator[str]:
    """Every kind of news that other systems can be told."""
    yield "# What webhooks tell"
    yield from (
        "", "Each is a POST with JSON: `type`, `timestamp` (when it happened) and `data`; `data.contact` is the contact's number, null",
        "for what is of nobody. How to receive them: [Tell other systems what happens](../how-to/webhooks.md).",
    )  # fmt: skip
    yield from _table(
        ("type", "what happened", "the rest of `data`, for example"),
        ((f"`{name}`", kind.about, f"`{kind.sample}`") for name, kind in NEWS.items()),
    )


# ---- commands


def commands() -> Iterator[str]:
    """Every command with its arguments and options, out of the command line itself."""
    yield "# Commands"
    yield from (
        "`trinario` and `python -m trinario` are the same. Exit codes besides those named: 0 is fine, 2 is a wrong call.",
        "",
    )
    root: Any = typer.main.get_command(app)
    for name, command in root.commands.items():
        for full, one in _leaves(f"trinario {name}", command):
            yield from _command(full, one)


def _leaves(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield name, command
        return
    for part, one in below.items():
        yield from _leaves(f"{name} {part}", one)


def _command(name: str, command: Any) -> Iterator[str]:
    yield from (f"## {name}", "")
    words, _, examples = str(command.help or "").replace("\f", "").partition("\b\n")
    yield from (line.strip() for line in words.strip().splitlines())
    kinds = get_type_hints(command.callback)
    rows = [_parameter(one, kinds.get(one.name)) for one in command.params if one.name != "help"]
    yield from _table(("", "default", "what it does"), rows)
    _, _, lines = examples.partition("\n")
    yield from _fence("\n".join(line.strip() for line in lines.strip().splitlines()), "sh")


def _parameter(one: Any, kind: Any) -> tuple[str, str, str]:
    option = one.param_type_name == "option"
    name = ", ".join(one.opts) if option else str(one.metavar or one.name).upper()
    default = one.default
    default = getattr(default, "value", default)
    shown = "" if default in (None, False) or callable(default) or not str(default) else f"`{default}`"
    members: list[Any] = list(kind) if isinstance(kind, EnumType) else []
    values = [str(member.value) for member in members]
    choices = f" One of {', '.join(f'`{value}`' for value in values)}." if values else ""
    return f"`{name}`", shown, (one.help or "") + choices


# ---- the language


def _words(kind: Kind) -> str:
    """A kind of value, as a table cell says it."""
    match kind:
        case Atom(about=about):
            return about
        case OneOf(values=values):
            return " or ".join(filter(None, [", ".join(f"`{v}`" for v in values[:-1]), f"`{values[-1]}`"]))
        case ListOf(item=item, single=single):
            return f"{_words(item)}; or a list of such" if single else f"a list: {_words(item)}"
        case MapOf(item=item, keys=keys):
            return f"a mapping from {_name(keys)} to: {_words(item)}"
        case Ref(shape=name):
            return f"[{SHAPES[name].name}](#{_anchor(name)})"
        case Verbs(table=name):
            return f"[{VERB_TABLES[name].about}](#{_anchor(name)})"
        case Either(about=about) as either:
            inner = [part for part in (either.scalar, either.sequence, either.mapping) if part]
            refs = dict.fromkeys(ref for part in inner for ref in _refs(part))
            links = ", ".join(f"[{name}](#{_anchor(name)})" for name in refs)
            return about + (f" ({links})" if links else "")


def _name(keys: Atom | OneOf) -> str:
    """What the keys of a mapping are, short."""
    if isinstance(keys, OneOf):
        return _words(keys) if len(keys.values) < MANY else "one of the names below"
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


def _anchor(name: str) -> str:
    return _TITLES.get(name, name).lower().replace(" ", "-").replace("`", "")


_TITLES = {
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


def _keys(keys: Iterable[Key]) -> Iterator[str]:
    rows = [(f"`{key.name}`" + (" (needed)" if key.required else ""), key.about, _words(key.kind),
             f"`{key.default}`" if key.default else "", f"`{key.example}`") for key in keys]  # fmt: skip
    yield from _table(("key", "what it is", "takes", "default", "example"), rows)


def _shape(name: str, depth: int = 2) -> Iterator[str]:
    shape: Shape = SHAPES[name]
    yield from ("#" * depth + f" {_TITLES[name]}", "", shape.about)
    yield from _keys(shape.keys)
    yield from _later(shape.later, "Keys")


def _later(names: Iterable[str], what: str) -> Iterator[str]:
    if found := sorted(names):
        yield from (
            f"{what} of the language that this version does not have: {', '.join(f'`{n}`' for n in found)}.",
            "",
        )


def _verbs(name: str, intro: str) -> Iterator[str]:
    table: VerbTable = VERB_TABLES[name]
    yield from (f"## {_TITLES[name]}", "", intro, "")
    if table.common:
        yield "Keys that all of them know:"
        yield from _keys(table.common)
    for verb in table.verbs:
        yield from _verb(table, verb)
    yield from _later(table.later, "Others")


def _verb(table: VerbTable, verb: Verb) -> Iterator[str]:
    yield from (f"### `{verb.name}`", "", verb.about)
    if verb.value is not None:
        yield from ("", f"Takes {_words(verb.value)}.")
    yield from _fence(verb.example, "yaml")
    yield from _keys(verb.keys)
    yield from _exits(verb.exits)
    if verb.named_exits:
        yield from (f"`on_<name>`: the step to which an exit leads that the author names: {verb.named_exits}.", "")
    yield from _later(verb.later, "Keys")


def _exits(exits: Iterable[Exit]) -> Iterator[str]:
    rows = [(f"`on_{way.name}`", way.about, way.default) for way in exits]
    yield from _table(("exit", "taken when", "without it"), rows)


def flow_language() -> Iterator[str]:
    """The page of flows, out of the table that parses them."""
    yield "# Flow language"
    yield "What may stand in `flows/*.yaml`. How it behaves when it runs is in [how flows run](how-flows-run.md); texts and"
    yield "conditions are in [expressions](expressions.md). Editors complete and check with [flow.schema.json](flow.schema.json):"
    yield from _fence("# yaml-language-server: $schema=../docs/reference/flow.schema.json", "yaml")
    yield from _shape("flow")
    yield from _verbs("trigger", "What begins a flow. One without a value is a bare word: `- message`.")
    yield from _verbs("ending", "`exit_when`: what ends the running sessions of a flow.")
    yield from _verbs("step", "A step has a name and exactly one verb; its other keys stand beside the verb.")
    for name in ("once", "case", "variant", "moment", "message", "card", "cards_from", "location", "own_post", "contact_card", "message_form", "products", "shelf", "public_words", "plural", "link", "template", "choice", "choices_from", "remind", "feedback", "delivery", "escalate",
                 "variable", "migration", "policy", "cap"):  # fmt: skip
        yield from _shape(name)
    yield from _answer_types()


_ANSWERS = """\
Closed types know a wrong answer; open ones take what comes. Digits of every script count, so do the words of all six
languages (hers first, where two differ). In English `12/05` is read by the country of her locale, else by the region of
the bot, else as in the United States; the other languages have the day first, but for Japanese, Chinese, Korean, Hungarian
and Lithuanian.

`min` and `max` are of the answer's own kind: numbers, numbers of characters or of choices, dates (`2026-12-01`), times
(`09:00`), durations (`8h`), or an expression that gives one (`min: "{{ today }}"`). Where an answer can be read in two ways,
the one within the bounds is meant: `3` is three in the afternoon where `min` is `09:00`, `5.000` is five thousand where
`min` is 100. A day as `max` of a moment is the whole day.

Dates and times are reckoned in her zone from the moment of the message. A day without its year is the coming one; a past
one only where `max` leaves nothing else. A bare `friday` is never today, `this friday` may be, `next friday` is the first
one after today. A time of the clock that is skipped in spring moves forward, of two in autumn the first is meant."""


def _answer_types() -> Iterator[str]:
    yield from ("## Answer types", "", *_ANSWERS.splitlines())
    rows = [(f"`{one.name}`", one.about, "closed" if one.closed else "open", one.gives,
             ", ".join(f"`{key}`" for key in sorted(one.keys))) for one in ANSWER_TYPES]  # fmt: skip
    yield from _table(("type", "what it is", "", "saves", "keys"), rows)
    for one in ANSWER_TYPES:
        yield from (f"### `{one.name}`", "", f"{one.about} Takes {one.takes}.")
        if one.shown:
            yield from ("", f"Shown as {one.shown}.")
        yield from _fence(one.example, "yaml")
        yield from ("Saved, as JSON has it:", "")
        yield from _fence(one.json, "json")
        if one.exits:
            yield from ("Exits of its own: " + ", ".join(f"`on_{name}`" for name in one.exits) + ".", "")
    yield ""


def bot_file() -> Iterator[str]:
    """The page of bot.yaml."""
    yield "# bot.yaml"
    yield "One bot a folder: `bots/NAME/bot.yaml`. `${NAME}` is read from the environment when the process starts; a missing one"
    yield from (
        "stops the start, naming file, line and variable. The schema for editors is [bot.schema.json](bot.schema.json).",
        "",
    )
    yield from _shape("bot")
    yield from _verbs("channel", "`platform` says which kind of account it is.")
    for name in (
        "field",
        "pattern",
        "team",
        "handoff",
        "persona",
        "delivery",
        "escalate",
        "template",
        "http",
        "ai",
        "media",
        "retention",
        "housekeeping",
        "webhook",
        "conversions",
        "guard",
        "flood",
        "policy",
        "cap",
        "disclosure",
    ):
        yield from _shape(name)
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
        yield from _shape(name)
    yield from _verbs("template_button", "A button does one thing.")


def prices_file() -> Iterator[str]:
    """The page of prices.yaml."""
    yield "# prices.yaml"
    yield "What a delivered message costs: `bots/NAME/prices.yaml` ([how](../how-to/what-messages-cost.md)). The schema for"
    yield from ("editors is [prices.schema.json](prices.schema.json).", "")
    for name in ("prices", "price_list"):
        yield from _shape(name)


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
    here = {_anchor(name) for name in shapes}
    for line in (line for name in shapes for line in _shape(name)):
        yield re.sub(r"\]\(#([^)]+)\)", lambda to: to[0] if to[1] in here else f"](flow-language.md#{to[1]})", line)


def talks() -> Iterator[str]:
    """The page of talks."""
    yield "# Talks"
    yield from (
        "Played conversations, `tests/talks/**/*.yaml`: `trinario test` plays them ([how](../how-to/write-talks.md)).",
        "",
    )
    yield from _shape("talk")
    yield from _shape("talk_contact")
    yield from _verbs("talk_step", "One thing that is done, or what the bot says to it.")
    yield from _shape("said")
    yield from _shape("commented")
    yield from _shape("ordered")
    yield from _shape("reply")


# ---- codes, API, tables


def issue_codes() -> Iterator[str]:
    """Every code of an issue."""
    yield "# Issue codes"
    yield "What `trinario check` can say; `trinario explain T012` prints the same in the terminal. `S` is about the file as YAML and"
    yield from ("about single values, `T` about what a flow, a bot, a translation or a talk says.", "")
    yield from _table(("code", ""), [(f"[{code}](#{code.lower()})", one.title) for code, one in sorted(CODES.items())])
    for _, one in sorted(CODES.items()):
        yield from _code(one)


def _code(one: Code) -> Iterator[str]:
    yield from (f"## {one.code}", "", f"**{one.title}.** {one.explanation}", "", "Not so:")
    yield from _fence(one.bad)
    yield "but so:"
    yield from _fence(one.good)


def http_api() -> Iterator[str]:
    """The REST API out of its OpenAPI document, and the other paths of the process."""
    spec = document()
    yield "# HTTP API"
    yield from (f"{spec['info']['description']} Send `Authorization: Bearer <the value of TRINARIO_API_TOKEN>`.",)
    yield "The document itself is at `/api/v1/openapi.json`, open to everybody once the API is on. Errors are"
    yield from (
        "`application/problem+json` with `type`, `title`, `status`, `detail`, and `hint` or `errors` where there is more to say.",
        "",
    )
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            yield from _operation(f"{method.upper()} {path}", operation)
    yield from ("## Shapes", "")
    for name, shape in spec["components"]["schemas"].items():
        yield from _schema(name, shape)
    yield from _OTHER_PATHS.splitlines()


_OTHER_PATHS = """
## Other paths

| path | answer |
|---|---|
| `POST /webhooks/telegram/{channel}` | the same for the updates of a Telegram bot; 401 without its secret token |
| `GET /webhooks/{whatsapp,messenger,instagram}` | Meta's verification: 200 with the challenge, or 403 |
| `POST /webhooks/{whatsapp,messenger,instagram}` | 200 `EVENT_RECEIVED` once it is on disk; 401 signature missing or wrong; 400 not a JSON object; 413 over 4 MiB; 500 could not be kept |
| `GET /healthz` | 200 as long as every loop of the process runs, else 503; the database is not asked |
| `GET /readyz` | 200 when the database answers and worker, sender and scheduler are well, else 503; `checks` names them |
| `GET /metrics` | Prometheus' text format |
| `/phones` | the three phones, in `trinario demo` only |
"""


def _operation(name: str, operation: dict[str, Any]) -> Iterator[str]:
    yield from (f"## `{name}`", "", operation["summary"] + ".")
    rows = [(f"`{one['name']}`", one["in"], _type(one["schema"]), one.get("description") or one["schema"].get("description", ""))
            for one in operation["parameters"]]  # fmt: skip
    yield from _table(("parameter", "in", "type", ""), rows)
    if "requestBody" in operation:
        yield from ("", f"Takes {_type(operation['requestBody']['content']['application/json']['schema'])}.")
    answers = []
    for status, answer in operation["responses"].items():
        (content,) = answer["content"].values()
        answers.append((status, answer["description"], _type(content["schema"])))
    yield from _table(("answer", "", "body"), answers)


def _schema(name: str, shape: dict[str, Any]) -> Iterator[str]:
    yield from (f"### {name}", "", str(shape.get("description", "")).partition("\n")[0])
    needed = shape.get("required", ())
    rows = [(f"`{key}`" + (" (needed)" if key in needed else ""), _type(one), one.get("description", ""))
            for key, one in shape.get("properties", {}).items()]  # fmt: skip
    yield from _table(("key", "type", ""), rows)


def _type(schema: dict[str, Any]) -> str:
    """A JSON Schema in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for way in ("anyOf", "oneOf"):
        if way in schema:
            return " or ".join(dict.fromkeys(_type(one) for one in schema[way]))
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kind = str(schema.get("type", "anything"))
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def database() -> Iterator[str]:
    """The tables, out of their classes."""
    yield "# Database tables"
    yield "What is kept, and where. The tables are the same on SQLite and PostgreSQL; times are milliseconds since 1970 (`paces`:"
    yield from (
        "microseconds), JSON is text on SQLite and `jsonb` on PostgreSQL. Read them as you like; write through the API only.",
        "",
    )
    for mapped in SQLModel.__subclasses__():
        if mapped.__module__.startswith(tables.__name__):
            yield from _mapped(mapped)
    yield from _views()


def _views() -> Iterator[str]:
    """The views that tools may lean on."""
    yield from ("# Views for reports", "")
    yield "They keep their names and columns whatever becomes of the tables, for tools that draw charts: read these. Nobody's name, number or"
    yield "words stand in them. Moments are `timestamptz` on PostgreSQL and ISO 8601 text (UTC) on SQLite."
    for view in VIEWS:
        yield from ("", f"## {view.name}", "", view.says)
        yield from _table(("column", "what it says"), [(f"`{name}`", says) for name, _, says in view.columns])


def _mapped(mapped: Any) -> Iterator[str]:
    table = mapped.__table__
    yield from (f"## {table.name}", "", " ".join(str(mapped.__doc__).split()))
    rows = []
    for column in table.columns:
        marks = [mark for mark, on in (("key", column.primary_key), ("may be empty", column.nullable)) if on]
        rows.append((f"`{column.name}`", str(column.type).lower(), ", ".join(marks)))
    yield from _table(("column", "type", ""), rows)


# ---- what platforms tell


def main() -> None:
    """Write what has changed, and say what."""
    for path, text in pages().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(DOCS.parent)}\n")


if __name__ == "__main__":
    main()
