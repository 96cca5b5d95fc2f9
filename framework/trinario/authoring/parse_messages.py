"""Messages, links, templates, delivery: from records to the values of the model."""

from collections.abc import Iterable
from typing import Any

from trinario.authoring.notes import Notes
from trinario.authoring.parse_cards import cards, contact, links, location
from trinario.authoring.parse_doing import form, products
from trinario.authoring.reader import Record
from trinario.authoring.spec.messages import MEDIA
from trinario.expressions import Phrase
from trinario.model.flow import Delivery, Escalate, FeedbackCard, Message, Remind, TemplateCall, Words

_BODIES = ("text", *MEDIA, "images", "post", "cards", "location", "contact", "one_of", "template")
_CAPTIONED = ("image", "video", "document")


def messages(items: Iterable[Any], notes: Notes) -> tuple[Message, ...]:
    """The messages of a list, those that cannot be read left out."""
    return tuple(made for item in items if (made := message(item, notes)))


def message(item: Words | Record, notes: Notes) -> Message | None:
    """One message; None, with an issue, when it has no body or more than one."""
    if isinstance(item, Words):
        return Message(text=item)
    bodies = [name for name in _BODIES if item.has(name)]
    if len(bodies) != 1:
        _no_body(item, bodies, notes)
        return None
    _check_company(item, bodies[0], notes)
    kind, url, others, post = _file(item, bodies[0])
    text = item.get("text")
    plural = dict(text.values) if isinstance(text, Record) else {}
    return Message(
        text=text if isinstance(text, Words) else None,
        media=kind,
        url=url,
        others=others,
        post=post,
        caption=item.get("caption"),
        filename=item.get("filename"),
        links=links(item.get("links") or ()),
        one_of=messages(item.get("one_of") or (), notes),
        count=item.get("count"),
        plural=plural,
        cards=cards(item.get("cards")),
        location=location(item.get("location"), notes),
        contact=contact(item.get("contact")),
        template=template(item.get("template")),
        form=form(item.get("form"), notes),
        products=products(item.get("products"), notes),
        per_channel=_per_channel(item, notes),
    )


def _file(item: Record, body: str) -> tuple[str | None, Phrase | None, tuple[Phrase, ...], Phrase | None]:
    """What kind of file a message is, its address, those of further images, and the id of a post."""
    if body == "images":
        first, *others = item.get("images") or (None,)
        return "image", first, tuple(others), None
    if body == "post":
        shown = item.get("post")
        return ("post", shown.get("url"), (), shown.get("id")) if shown is not None else ("post", None, (), None)
    return (body, item.get(body), (), None) if body in MEDIA else (None, None, (), None)


def _no_body(item: Record, bodies: list[str], notes: Notes) -> None:
    if not bodies:
        if item.whole:
            notes.fault("T014", item.node, "this message says nothing", "give it `text`, or an `image`, `cards` ...")
        return
    second = item.nodes[bodies[1]]
    hint = "make it the `caption`" if "text" in bodies and set(bodies) & set(_CAPTIONED) else "make two messages of it"
    notes.fault("T015", second, f"`{bodies[0]}` and `{bodies[1]}` do not go into one message", hint)


def _check_company(item: Record, body: str, notes: Notes) -> None:
    """Keys that only make sense beside a certain body."""
    plural = isinstance(item.get("text"), Record)
    company = {
        "caption": (body in (*_CAPTIONED, "images", "post", "cards"), "images, a video, a document, a post or cards"),
        "filename": (body == "document", "a document"),
        "links": (body in ("text", *_CAPTIONED), "a text, an image, a video or a document"),
        "form": (body == "text" and not item.has("links"), "a text without links"),
        "products": (
            body == "text" and not item.has("links") and not item.has("form"),
            "a text without links or a form",
        ),
        "count": (plural, "a text with plural forms: text: {one: ..., other: ...}"),
    }
    for name, (fits, partner) in company.items():
        if item.has(name) and not fits:
            notes.fault("T015", item.nodes[name], f"`{name}` goes with {partner} only", "leave it out")
    if plural and not item.has("count"):
        notes.fault("T014", item.nodes["text"], "plural forms need `count`", "write count: and what is counted")


def _per_channel(item: Record, notes: Notes) -> dict[str, Message]:
    said = {name: message(value, notes) for name, value in (item.get("per_channel") or {}).items()}
    return {name: made for name, made in said.items() if made}


def template(record: Record | None) -> TemplateCall | None:
    """The call of an approved message."""
    if record is None or "name" not in record.values:
        return None
    return TemplateCall(record.get("name"), record.get("language"), record.get("params") or {})


def delivery(record: Record | None) -> Delivery | None:
    """How a message finds its person; None when nothing was said."""
    if not record:
        return None
    return Delivery(
        record.get("order"), template(record.get("template")), record.get("persona") or "",
        _escalate(record.get("escalate")), record.get("stop_when"), record.get("on_exhausted") or "",
    )  # fmt: skip


def _escalate(record: Record | None) -> Escalate | None:
    if record is None or "after" not in record.values:
        return None
    return Escalate(record.get("if_not") or "delivered", record.get("after"))


def feedback(record: Record | None) -> FeedbackCard | None:
    """The card of a question on a scale; None when it is not there or not whole."""
    if record is None or not {"title", "subtitle", "button", "privacy"} <= record.values.keys():
        return None
    return FeedbackCard(record.get("title"), record.get("subtitle"), record.get("button"), record.get("privacy"))


def remind(record: Record | None) -> Remind | None:
    """A nudge; None when it is not there or not whole."""
    if record is None or not {"after", "text"} <= record.values.keys():
        return None
    return Remind(record.get("after"), record.get("text"))
