"""Forms and products of messages: from records to the values of the model."""

from collections.abc import Iterable
from typing import Any

from trinario.authoring.notes import Notes
from trinario.authoring.reader import Record
from trinario.model.flow import Message, WordsForm, WordsProducts, WordsShelf


def form(record: Record | None, notes: Notes) -> WordsForm | None:
    """A form by its id or by its name; None, with an issue, for one that has neither or both."""
    if record is None:
        return None
    named = [name for name in ("id", "name") if record.has(name)]
    if len(named) != 1:
        code, text = (
            ("T015", "a form has an `id` or a `name`, not both") if named else ("T014", "this form has no `id`")
        )
        notes.fault(code, record.node, text, "write the id that WhatsApp shows, or the form's name")
        return None
    if record.has("data") and not record.has("screen"):
        notes.fault("T014", record.nodes["data"], "`data` is given to a `screen`", "write screen: and its name")
    if record.has("screen") and record.get("action") == "data_exchange":
        notes.fault("T015", record.nodes["screen"], "with action: data_exchange your server names the screen",
                    "leave it out")  # fmt: skip
    if named[0] not in record.values or "button" not in record.values:
        return None
    return WordsForm(
        record.get(named[0]), record.get("button"), named[0] == "name", record.get("screen") or "",
        record.get("data") or {}, record.get("action") == "data_exchange", record.get("mode") == "draft",
        record.get("header"), record.get("footer"), record.get("url"),
    )  # fmt: skip


def products(record: Record | None, notes: Notes) -> WordsProducts | None:
    """Products on shelves; None, with an issue, where they are named twice."""
    if record is None:
        return None
    if record.has("items") and record.has("sections"):
        notes.fault("T015", record.nodes["sections"], "`items` and `sections` name the products twice",
                    "keep one of them")  # fmt: skip
        return None
    shelves = tuple(
        WordsShelf(tuple(shelf.get("items")), shelf.get("title"))
        for shelf in record.get("sections") or ()
        if "items" in shelf.values
    )
    if record.get("items"):
        shelves = (WordsShelf(tuple(record.get("items"))),)
    return WordsProducts(shelves, *(record.get(key) for key in ("catalog", "header", "footer", "button", "url")))


def check_form(kind: str, messages: Iterable[Message], record: Record, notes: Notes) -> None:
    """A form goes with the type `form`, and that type with a form: its answers are no words."""
    asked: Any = list(messages)[-1:]
    last = [one for message in asked for one in (message, *message.one_of, *message.per_channel.values())]
    has = any(message.form for message in last)
    if kind == "form" and asked and not has:
        notes.fault("T014", record.nodes["type"], "a question of the type form needs a `form` in its message",
                    "write ask: {text: ..., form: {id: ..., button: ...}}")  # fmt: skip
    elif has and kind != "form":
        notes.fault("T015", record.nodes.get("type", record.node), f"a form does not give a {kind}",
                    "write type: form")  # fmt: skip
