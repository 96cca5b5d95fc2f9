"""Templates with files of media/, pins, offers that end, products and calls: read, handed in, sent and taken by a strict Meta."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.unit.channels.judging import PEOPLE, adapters, judged
from trinario.authoring.parse_templates import parse_templates
from trinario.channels.fit import fit
from trinario.channels.graph.template import gap_in
from trinario.channels.messenger.limits import LIMITS as MESSENGER
from trinario.channels.whatsapp.template_form import creations
from trinario.emulator.checks.whatsapp_template_form import check_template_form
from trinario.emulator.refusal import Refused
from trinario.engine.say_template import hydrated
from trinario.model.failure import Action
from trinario.model.media import MediaFile, digest_of
from trinario.model.message import Location, Media, Template
from trinario.model.outbox import NotSent, OutboxEntry
from trinario.model.template import TemplateSpec
from trinario.model.wire_content import content_from_json, content_to_json

FILE = """
templates:
  sale:
    category: marketing
    params: [name, code, end]
    languages:
      en:
        body: "Dear {{name}}, a tenth off."
        header: {image: spring.jpg}
        offer: {text: Ends soon!, until: "{{end}}"}
        buttons: [{code: "{{code}}"}, {url: "https://shop.example/{{code}}", title: Shop}]
  shelf:
    category: marketing
    params: [first]
    languages:
      en:
        body: These are in bloom.
        header: In bloom
        buttons: [{products: [{title: Shade, items: ["{{first}}", hosta]}, {title: Sun, items: [rose]}], title: View items}]
  all:
    category: marketing
    languages: {en: {body: All we have., buttons: [{catalog: View catalog, thumbnail: fern}]}}
  any:
    category: marketing
    languages: {en: {body: All we have., buttons: [{catalog: View catalog}]}}
  ring:
    category: utility
    languages: {en: {body: Shall we speak?, buttons: [{call: Call us, for: 2h, value: spring}, {phone: "+390651234567", title: Phone us}]}}
  bill:
    category: utility
    params: [file, number]
    languages: {en: {body: Your bill is here., header: {document: "{{file}}", filename: "Bill {{number}}.pdf", example: bill.pdf}}}
  here:
    category: utility
    params: [lat, lon, shop]
    languages: {en: {body: We are here., header: {location: {latitude: "{{lat}}", longitude: "{{lon}}", name: "{{shop}}"}}}}
"""
MEDIA = {
    "spring.jpg": MediaFile("spring.jpg", "/nowhere", 9, "d1"),
    "bill.pdf": MediaFile("bill.pdf", "/nowhere", 9, "d2"),
}
ROME = ZoneInfo("Europe/Rome")
PARSED = parse_templates(FILE.encode(), "templates.yaml")
KNOWN = dict(PARSED.templates)
SIGNS = ("x", "è", "e\u0301", "\U0001f33f", "ب", "漢", "👩\u200d👩\u200d👧")


def template(name: str, /, **values: str) -> Template:
    return hydrated(KNOWN[name], "en", values, MEDIA, ROME)


def sent(content: Template, known: dict[str, TemplateSpec] = KNOWN) -> list[dict[str, Any]]:
    entry = OutboxEntry(1, "k", 1, PEOPLE["whatsapp"], content)
    body: dict[str, Any] = judged("whatsapp", entry, known)["template"]
    return list(body.get("components", []))


def test_what_is_declared_is_read_kept_and_handed_in() -> None:
    assert PARSED.issues == ()
    assert [(kind, name) for kind, name, _ in PARSED.files] == [("image", "spring.jpg"), ("document", "bill.pdf")]
    for spec in KNOWN.values():
        for body in creations(spec):
            check_template_form(body)
    for whole in (
        template("sale", end="2026-12-24"),
        template("shelf"),
        template("ring"),
        template("here", lat="1", lon="2"),
    ):
        assert content_from_json(content_to_json(whole)) == whole


def test_an_offer_ends_when_it_is_told() -> None:
    header, body, offer, code, link = sent(template("sale", name="Ana", code="TEN", end="2026-12-24 18:00"))

    assert header["parameters"][0]["image"]["link"].startswith("media://d1/"), "a file of ours is uploaded before"
    assert body["parameters"][0]["text"] == "Ana"
    at = datetime(2026, 12, 24, 18, 0, tzinfo=ROME).astimezone(UTC)
    ends = {"expiration_time_ms": round(at.timestamp() * 1000)}
    assert offer == {
        "type": "limited_time_offer",
        "parameters": [{"type": "limited_time_offer", "limited_time_offer": ends}],
    }
    assert (code["sub_type"], link["sub_type"]) == ("copy_code", "url")


def test_what_is_offered_of_the_catalogue() -> None:
    (button,) = sent(template("shelf", first="fern"))

    action = button["parameters"][0]["action"]
    assert button["sub_type"] == "mpm" and action["thumbnail_product_retailer_id"] == "fern"
    assert [(one["title"], [item["product_retailer_id"] for item in one["product_items"]]) for one in action["sections"]] == [
        ("Shade", ["fern", "hosta"]), ("Sun", ["rose"]),
    ]  # fmt: skip
    assert sent(template("all")) == [
        {"type": "button", "sub_type": "CATALOG", "index": "0",
         "parameters": [{"type": "action", "action": {"thumbnail_product_retailer_id": "fern"}}]},
    ]  # fmt: skip
    assert sent(template("any")) == []


def test_a_call_may_be_made_for_a_while() -> None:
    (button,) = sent(template("ring"))

    assert button["sub_type"] == "voice_call"
    assert button["parameters"] == [
        {"type": "ttl_minutes", "ttl_minutes": 120},
        {"type": "payload", "payload": "spring"},
    ]
    assert template("ring").text.endswith("Phone us: +390651234567")


def test_a_document_has_a_name_and_may_be_any_file() -> None:
    by_name = template("bill", file="bill.pdf", number="7")
    by_link = template("bill", file="https://shop.example/bills/7 à.pdf", number="7")

    assert by_name.header and digest_of(by_name.header.value) == "d2"
    uploaded = replace(by_name, header=replace(by_name.header, uploaded="900"))
    assert sent(uploaded)[0]["parameters"][0]["document"] == {"id": "900", "filename": "Bill 7.pdf"}
    (header,) = sent(by_link)
    assert header["parameters"][0]["document"]["link"] == "https://shop.example/bills/7%20%C3%A0.pdf"
    assert [one.filename for one in fit(by_link, MESSENGER) if isinstance(one, Media)] == ["Bill 7.pdf"]


def test_a_pin_is_a_place_on_this_earth() -> None:
    here = template("here", lat="41.8902", lon="12.4922", shop="Lucky Garden")

    (header,) = sent(here)
    assert header["parameters"][0]["location"] == {
        "latitude": "41.8902",
        "longitude": "12.4922",
        "name": "Lucky Garden",
    }
    assert isinstance(fit(here, MESSENGER)[0], Location) or "41.8902" in str(fit(here, MESSENGER)[0])


@pytest.mark.parametrize(
    ("name", "values", "why"),
    [
        ("sale", {"code": "TEN", "end": "soon"}, "ends at no moment"),
        ("sale", {"code": "TEN"}, "ends at no moment"),
        ("sale", {"code": "", "end": "2026-12-24"}, "button 1 of the template sale is given nothing"),
        ("sale", {"code": "x" * 16, "end": "2026-12-24"}, "more than 15 characters"),
        ("shelf", {"first": ""}, "is given nothing"),
        ("shelf", {"first": "x" * 101}, "more than 100 characters"),
        ("bill", {"file": "gone.pdf"}, "has no https address, and is no file of media/"),
        ("bill", {"file": "http://shop.example/1.pdf"}, "has no https address"),
        ("bill", {"file": "https://shop.example/" + "x" * 2000}, "more than 2000 characters"),
        ("here", {"lat": "north", "lon": "2"}, "is given no degrees"),
        ("here", {"lat": "90.1", "lon": "2"}, "is given no degrees"),
        ("here", {"lat": "NaN", "lon": "2"}, "is given no degrees"),
    ],
)
def test_what_meta_would_refuse_never_goes(name: str, values: dict[str, str], why: str) -> None:
    entry = OutboxEntry(1, "k", 1, PEOPLE["whatsapp"], template(name, **values))

    outcome = asyncio.run(adapters()["whatsapp"].send(entry))

    assert isinstance(outcome, NotSent) and outcome.failure.action == Action.FIX
    assert why in outcome.failure.reason == gap_in(template(name, **values))


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("more", [0, 1])
def test_at_each_limit_and_one_beyond(sign: str, more: int) -> None:
    """Words that are too long for it are cut where a letter ends; what can be cut nowhere does not go."""

    def text(most: int) -> str:
        return (sign * most)[:most] + "y" * more

    offered = template("sale", name=text(600 - len("Dear , a tenth off.")), code="TEN", end="2026-12-24")
    assert len(sent(offered)[1]["parameters"][0]["text"]) <= 600 - len("Dear , a tenth off.")
    assert ("…" in offered.params["name"]) is bool(more)
    assert not more or not offered.params["name"][:-1].endswith("\u200d")
    code = template("sale", name="Ana", code=text(15), end="2026-12-24")
    assert bool(gap_in(code)) is bool(more) or len(code.links[0].url) > 2000
    product = template("shelf", first=text(100))
    assert bool(gap_in(product)) is bool(more)
    for whole in (offered, code, product):
        if not gap_in(whole):
            sent(whole)
    named = template("bill", file="bill.pdf", number=text(300))
    sent(named)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("{body: B., offer: {text: " + "x" * 17 + "}, buttons: [{code: A}]}", "its offer has 17 characters"),
        ("{body: " + "x" * 601 + ", offer: {text: x}, buttons: [{code: A}]}", "Meta takes 600"),
        ("{body: B., footer: F, offer: {text: x}, buttons: [{code: A}]}", "with an offer it has no footer"),
        ("{body: B., offer: {text: x}, buttons: [{reply: A}]}", "a code to copy, an address, or both"),
        ("{body: B., offer: {text: x}}", "a code to copy, an address, or both"),
        ("{body: B., offer: {text: x, until: soon}, buttons: [{code: A}]}", "soon is no moment"),
        ("{body: B., header: {location: {latitude: '90.5', longitude: '1'}}}", "90.5 degrees are beyond 90"),
        ("{body: B., header: {document: a.pdf, filename: " + "x" * 241 + "}}", "its filename has 241 characters"),
        ("{body: B., buttons: [{products: [{title: " + "x" * 25 + ", items: [a]}], title: T}]}", "a title has 24 at most"),
        ("{body: B., buttons: [{products: [{title: T, items: [" + ", ".join(f"p{n}" for n in range(31)) + "]}], title: T}]}",
         "31 products under 1 titles are too many"),
        ("{body: B., buttons: [{catalog: A}, {catalog: B}]}", "2 buttons of the kind catalog"),
        ("{body: B., buttons: [{call: " + "x" * 26 + "}]}", "a button says 25 at most"),
        ("{body: B., header: {image: a.png, filename: x}}", "has no filename"),
        ("{body: B., header: {location: {latitude: '1', longitude: '1'}, image: a.png}}", "a header with a pin has no image"),
        ("{body: B., header: {location: {latitude: north, longitude: '1'}}}", "is not a number of degrees"),
    ],
)  # fmt: skip
def test_what_the_check_finds(words: str, told: str) -> None:
    text = "templates: {t: {category: marketing, languages: {en: " + words + "}}}"

    found = [f"{one.message} {one.hint}" for one in parse_templates(text.encode(), "templates.yaml").issues]

    assert any(told in line for line in found), found


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("sale", lambda one: replace(one, until=None)),
        ("any", lambda one: replace(one, until=5)),
        ("shelf", lambda one: replace(one, buttons=())),
        ("ring", lambda one: replace(one, buttons=(replace(one.buttons[0], kind="payload"),))),
        ("here", lambda one: replace(one, header=replace(one.header, kind="text", value="x", name="1"))),
        ("bill", lambda one: replace(one, header=replace(one.header, kind="image", value="https://a.example/x.png"))),
    ],
)
def test_meta_refuses_what_does_not_fit_the_template(name: str, change: Any) -> None:
    values = {"end": "2026-12-24", "code": "TEN", "first": "fern", "lat": "1", "lon": "2", "file": "bill.pdf"}

    with pytest.raises(Refused):
        sent(change(template(name, **values)))


LIMITS = {
    "body": (1024, "{{body: '{0}'}}"),
    "header": (60, "{{body: B., header: '{0}'}}"),
    "footer": (60, "{{body: B., footer: '{0}'}}"),
    "label": (25, "{{body: B., buttons: [{{reply: '{0}'}}]}}"),
    "label of a link": (25, "{{body: B., buttons: [{{url: 'https://a.example/x', title: '{0}'}}]}}"),
    "code": (15, "{{body: B., buttons: [{{code: '{0}'}}]}}"),
    "offer": (16, "{{body: B., offer: {{text: '{0}'}}, buttons: [{{code: A}}]}}"),
    "body with an offer": (600, "{{body: '{0}', offer: {{text: A}}, buttons: [{{code: A}}]}}"),
    "card": (160, "{{body: B., cards: [{1}, {1}]}}"),
    "value": (256, "{{body: B., buttons: [{{reply: A, value: '{0}'}}]}}"),
    "catalogue": (25, "{{body: B., buttons: [{{catalog: '{0}'}}]}}"),
    "products": (25, "{{body: B., buttons: [{{products: [{{title: A, items: [b]}}], title: '{0}'}}]}}"),
    "shelf": (24, "{{body: B., buttons: [{{products: [{{title: '{0}', items: [b]}}], title: A}}]}}"),
    "product": (100, "{{body: B., buttons: [{{products: [{{title: A, items: ['{0}']}}], title: A}}]}}"),
    "call": (25, "{{body: B., buttons: [{{call: '{0}'}}]}}"),
    "filename": (240, "{{body: B., header: {{document: 'https://a.example/x.pdf', filename: '{0}'}}}}"),
}


@pytest.mark.parametrize("part", LIMITS)
@pytest.mark.parametrize("sign", SIGNS)
def test_what_is_declared_at_each_limit_is_taken_and_one_beyond_it_is_told(part: str, sign: str) -> None:
    most, words = LIMITS[part]
    for more in (0, 1):
        text = (sign * most)[:most] + "y" * more
        card = f"{{image: 'https://a.example/x.png', body: '{text}', buttons: [{{reply: A}}]}}"
        file = "templates: {t: {category: marketing, languages: {en: " + words.format(text, card) + "}}}"
        parsed = parse_templates(file.encode(), "templates.yaml")
        assert bool(parsed.issues) is bool(more), (more, [str(one) for one in parsed.issues])
        for spec in parsed.templates.values():
            for body in creations(spec):
                check_template_form(body)
            whole = hydrated(spec, "en", {}, MEDIA)
            assert gap_in(whole) == ""
            sent(whole, {"t": spec})
