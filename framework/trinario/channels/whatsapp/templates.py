"""The message templates of a WhatsApp Business account: listed, compared with those declared, handed in (meta.md 3A.5)."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from trinario.channels.graph.client import GraphClient, answered, complaint
from trinario.channels.http.multipart import mime_of
from trinario.channels.http.reading import mapping, mappings, text
from trinario.channels.whatsapp.template_form import creations, examples_in
from trinario.model.template import TemplateSpec
from trinario.ports import TemplateState

FIELDS = "id,name,status,category,language,components,rejected_reason,parameter_format,quality_score"
PAGE = 100
MOST_PAGES = 100

EDITABLE = frozenset({"APPROVED", "REJECTED", "PAUSED"})
"""States in which the words may be changed."""

Parts = Mapping[str, str]

FileOf = Callable[[str], Awaitable["tuple[str, bytes] | str"]]
"""Name and bytes of the file that an address or a name in media/ stands for; or why there is none, in words."""


class TemplateTrouble(Exception):
    """The Graph refuses a call about templates; the text says why."""


@dataclass(frozen=True, slots=True)
class Known:
    """A template in one language, as Meta has it. `status` in Meta's words; `reason` why it was rejected; `quality` what
    people make of it: green, yellow, red, "" while Meta does not know."""

    id: str
    name: str
    language: str
    status: str
    category: str
    reason: str = ""
    named: bool = False
    components: Sequence[Mapping[str, Any]] = ()
    quality: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A template in one language, here and there. `body` is what would hand it in, None: it is not declared.

    `differences` are (part, at Meta, declared), in words. `becomes` is the category that Meta has announced, and when.
    """

    name: str
    language: str
    known: Known | None
    body: Mapping[str, Any] | None
    differences: Sequence[tuple[str, str, str]] = field(default=())
    becomes: str = ""
    becomes_at: datetime | None = None

    @property
    def state(self) -> str:
        """missing, undeclared, different, or Meta's word: approved, pending, rejected, paused ..."""
        if self.known is None:
            return "missing"
        if self.body is None:
            return "undeclared"
        return "different" if self.differences else self.known.status.lower()

    @property
    def hindrance(self) -> str:
        """Why Meta would not take the declared words; "" when it may."""
        if self.body is None or (self.known is not None and not self.differences):
            return ""
        if any(example["header_handle"] == [""] for _, example in examples_in(self.body)):
            return "its file is a place, and Meta has to see one: write `example` beside it"
        if self.known is None:
            return ""
        if self.known.status not in EDITABLE:
            return f"it is {self.known.status.lower()}, and only approved, rejected and paused templates can be edited"
        if self.known.status == "APPROVED" and any(part == "category" for part, _, _ in self.differences):
            return "the category of an approved template cannot be changed: give the new one another name"
        return ""


class TemplateDesk:
    """The templates of one account (WABA). `app` is the id of our Meta app, which files are uploaded with ("": unknown)."""

    def __init__(
        self, client: GraphClient, account: str, token: str, app: str = "", file_of: FileOf | None = None
    ) -> None:
        self._client, self._account, self._token = client, account, token
        self._app, self._file_of = app, file_of
        self._handles: dict[str, str] = {}

    async def known(self) -> list[Known]:
        """All of them. Raises TemplateTrouble."""
        found: list[Known] = []
        query = {"fields": FIELDS, "limit": str(PAGE)}
        for _ in range(MOST_PAGES):
            outcome = await self._client.get(f"{self._account}/message_templates", query)
            body = answered(outcome)
            if body is None:
                raise TemplateTrouble(complaint(outcome, self._token))
            found += [_known(one) for one in mappings(body, "data")]
            paging = mapping(body, "paging")
            after = text(mapping(paging, "cursors"), "after")
            if not after or not text(paging, "next"):
                break
            query = {**query, "after": after}
        return found

    async def hand_in(self, one: Compared) -> str:
        """Create or edit it; gives its state afterwards. Raises TemplateTrouble."""
        if one.body is None:
            raise TemplateTrouble("it is not declared")
        asked = deepcopy(dict(one.body))
        for kind, example in examples_in(asked):
            example["header_handle"] = [await self._handle(example["header_handle"][0], kind)]
        if one.known is None:
            outcome = await self._client.post(f"{self._account}/message_templates", asked)
        else:
            wanted = {name: asked[name] for name in ("components", "category", "parameter_format")}
            if one.known.status == "APPROVED":
                del wanted["category"]
            outcome = await self._client.post(one.known.id, wanted)
        body = answered(outcome)
        if body is None:
            raise TemplateTrouble(complaint(outcome, self._token))
        return text(body, "status").lower() or "handed in"

    async def _handle(self, named: str, kind: str) -> str:
        """Meta's handle of a file that a template is judged by, which is uploaded once. Raises TemplateTrouble."""
        if named in self._handles:
            return self._handles[named]
        if not self._app:
            raise TemplateTrouble(
                f"its {kind} has to be uploaded, which needs the id of the Meta app: write `app_id` beside the channel's"
                " app_secret in bot.yaml"
            )
        found = await self._file_of(named) if self._file_of else f"{named} cannot be read here"
        if isinstance(found, str):
            raise TemplateTrouble(found)
        name, data = found
        outcome = await self._client.begin_upload(self._app, name, mime_of(name, kind), len(data))
        session = text(answered(outcome) or {}, "id")
        if session:
            outcome = await self._client.feed(session, data)
        handle = text(answered(outcome) or {}, "h")
        if not handle:
            raise TemplateTrouble(f"{named} could not be uploaded: {complaint(outcome, self._token)}")
        self._handles[named] = handle
        return handle


def compared(specs: Mapping[str, TemplateSpec], known: Sequence[Known], platform: str = "whatsapp") -> list[Compared]:
    """Every template and language that is declared for a platform or at Meta, by name and language."""
    specs = {name: spec for name, spec in specs.items() if platform in spec.platforms}
    there = {(one.name, tag(one.language)): one for one in known}
    declared = {(spec.name, tag(body["language"])): body for spec in specs.values() for body in creations(spec)}
    found = []
    for key in sorted(there.keys() | declared.keys()):
        one, body = there.get(key), declared.get(key)
        differences = tuple(_differences(one, body)) if one and body else ()
        found.append(Compared(key[0], key[1], one, body, differences))
    return found


def with_news(found: Sequence[Compared], told: Sequence[TemplateState]) -> list[Compared]:
    """The same with what the platform has told by webhook: a category that is announced, and quality where it is not shown."""
    by_key = {(one.name, tag(one.language)): one for one in told}
    known = []
    for one in found:
        news = by_key.get((one.name, one.language))
        if news is not None:
            there = one.known and replace(one.known, quality=one.known.quality or news.quality)
            one = replace(one, known=there, becomes=news.becomes, becomes_at=news.becomes_at)
        known.append(one)
    return known


def _differences(known: Known, body: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if known.category != body["category"]:
        yield "category", known.category.lower(), str(body["category"]).lower()
    theirs = parts_of(known.components, known.category)
    ours = parts_of(body["components"], str(body["category"]))
    for part in dict.fromkeys((*theirs, *ours)):
        if theirs.get(part, "") != ours.get(part, ""):
            yield part, theirs.get(part, ""), ours.get(part, "")


def parts_of(components: Sequence[Mapping[str, Any]], category: str) -> Parts:
    """What people read of a template, part by part; examples and the words that Meta writes itself are left out."""
    found: dict[str, str] = {}
    for component in components:
        kind = text(component, "type").upper()
        if kind == "HEADER":
            form = text(component, "format").upper()
            found["header"] = text(component, "text") if form == "TEXT" else f"({form.lower()})"
        elif kind == "LIMITED_TIME_OFFER":
            offer = mapping(component, "limited_time_offer")
            found["offer"] = text(offer, "text") + (" (ends)" if offer.get("has_expiration") else "")
        elif kind == "BUTTONS":
            for number, button in enumerate(mappings(component, "buttons"), 1):
                found[f"button {number}"] = _button(button)
        elif kind == "CAROUSEL":
            for number, card in enumerate(mappings(component, "cards"), 1):
                inner = parts_of(mappings(card, "components"), category)
                found |= {f"card {number}, {part}": words for part, words in inner.items()}
        elif kind in ("BODY", "FOOTER") and category.upper() != "AUTHENTICATION":
            found[kind.lower()] = text(component, "text")
    return found


def _button(button: Mapping[str, Any]) -> str:
    kind = text(button, "type").upper()
    if kind in ("OTP", "COPY_CODE"):
        return "(code)"
    value = text(button, "url") or text(button, "flow_id") or "".join(text(button, "phone_number").split())
    return " ".join(part for part in (text(button, "text"), value) if part)


def _known(one: Mapping[str, Any]) -> Known:
    reason = text(one, "rejected_reason")
    return Known(
        text(one, "id"), text(one, "name"), text(one, "language"), text(one, "status").upper(), text(one, "category").upper(),
        "" if reason in ("NONE", "") else reason, text(one, "parameter_format").upper() == "NAMED",
        tuple(mappings(one, "components")), _quality(one),
    )  # fmt: skip


def _quality(one: Mapping[str, Any]) -> str:
    score = text(mapping(one, "quality_score"), "score").lower()
    return "" if score == "unknown" else score


def tag(language: str) -> str:
    """`en_US` and `en-US` are one language."""
    return language.replace("_", "-")
