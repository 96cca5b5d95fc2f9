"""The message templates of a WhatsApp Business account: listed, compared with those declared, handed in (meta.md 3A.5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trinario.channels.graph.client import GraphClient, answered, complaint
from trinario.channels.http.reading import items, mapping, mappings, text
from trinario.channels.whatsapp.template_form import creations
from trinario.model.template import TemplateSpec, places_of

FIELDS = "id,name,status,category,language,components,rejected_reason,parameter_format"
PAGE = 100
MOST_PAGES = 100

EDITABLE = frozenset({"APPROVED", "REJECTED", "PAUSED"})
"""States in which the words may be changed."""

Parts = Mapping[str, str]


class TemplateTrouble(Exception):
    """The Graph refuses a call about templates; the text says why."""


@dataclass(frozen=True, slots=True)
class Known:
    """A template in one language, as Meta has it. `status` in Meta's words; `reason` why it was rejected."""

    id: str
    name: str
    language: str
    status: str
    category: str
    reason: str = ""
    named: bool = False
    components: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """A template in one language, here and there. `body` is what would hand it in, None: it is not declared.

    `differences` are (part, at Meta, declared), in words.
    """

    name: str
    language: str
    known: Known | None
    body: Mapping[str, Any] | None
    differences: Sequence[tuple[str, str, str]] = field(default=())

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
        if self.known is None or not self.differences:
            return ""
        if self.known.status not in EDITABLE:
            return f"it is {self.known.status.lower()}, and only approved, rejected and paused templates can be edited"
        if self.known.status == "APPROVED" and any(part == "category" for part, _, _ in self.differences):
            return "the category of an approved template cannot be changed: give the new one another name"
        return ""


class TemplateDesk:
    """The templates of one account (WABA)."""

    def __init__(self, client: GraphClient, account: str, token: str) -> None:
        self._client, self._account, self._token = client, account, token

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
        if one.known is None:
            outcome = await self._client.post(f"{self._account}/message_templates", one.body)
        else:
            wanted = {name: one.body[name] for name in ("components", "category", "parameter_format")}
            if one.known.status == "APPROVED":
                del wanted["category"]
            outcome = await self._client.post(one.known.id, wanted)
        body = answered(outcome)
        if body is None:
            raise TemplateTrouble(complaint(outcome, self._token))
        return text(body, "status").lower() or "handed in"


def compared(specs: Mapping[str, TemplateSpec], known: Sequence[Known], platform: str = "whatsapp") -> list[Compared]:
    """Every template and language that is declared for a platform or at Meta, by name and language."""
    specs = {name: spec for name, spec in specs.items() if platform in spec.platforms}
    there = {(one.name, _tag(one.language)): one for one in known}
    declared = {(spec.name, _tag(body["language"])): body for spec in specs.values() for body in creations(spec)}
    found = []
    for key in sorted(there.keys() | declared.keys()):
        one, body = there.get(key), declared.get(key)
        differences = tuple(_differences(one, body)) if one and body else ()
        found.append(Compared(key[0], key[1], one, body, differences))
    return found


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
        tuple(mappings(one, "components")),
    )  # fmt: skip


def _tag(language: str) -> str:
    """`en_US` and `en-US` are one language."""
    return language.replace("_", "-")


def written(known: Sequence[Known]) -> dict[str, Any]:
    """What is at Meta, in the form of templates.yaml: name -> category, params, languages."""
    found: dict[str, Any] = {}
    for one in known:
        words, params = _words(one)
        entry = found.setdefault(one.name, {"category": one.category.lower(), "params": [], "languages": {}})
        entry["params"] = list(dict.fromkeys((*entry["params"], *params)))
        entry["languages"][_tag(one.language)] = words
    for entry in found.values():
        if not entry["params"]:
            del entry["params"]
    return found


def _words(one: Known) -> tuple[dict[str, Any], list[str]]:
    """One language, and the names of its places in their order."""
    words: dict[str, Any] = {}
    params = [name for component in one.components for name in places_of(text(component, "text"))]
    if one.category == "AUTHENTICATION":
        return {"body": "{{code}}", "buttons": [{"code": "{{code}}"}]}, ["code"]
    for component in one.components:
        kind = text(component, "type").upper()
        if kind == "HEADER":
            words["header"] = _header(component, params)
        elif kind in ("BODY", "FOOTER"):
            words[kind.lower()] = text(component, "text")
        elif kind == "BUTTONS":
            words["buttons"] = [_yaml_button(button, one.named, params) for button in mappings(component, "buttons")]
    return words, list(dict.fromkeys(params))


def _header(component: Mapping[str, Any], params: list[str]) -> Any:
    form = text(component, "format").lower()
    if form == "text":
        return text(component, "text")
    shown = next((one for one in items(mapping(component, "example"), "header_handle") if isinstance(one, str)), "")
    if shown.startswith("https://"):
        return {form: shown}
    params.append(form)
    return {form: f"{{{{{form}}}}}"}


def _yaml_button(button: Mapping[str, Any], named: bool, params: list[str]) -> dict[str, str]:
    kind, title = text(button, "type").upper(), text(button, "text")
    if kind == "URL":
        url = text(button, "url")
        if places_of(url):
            place = "link" if named else str(1 + max((int(name) for name in params if name.isdecimal()), default=0))
            params.append(place)
            url = url.replace("{{1}}", f"{{{{{place}}}}}")
        return {"url": url, "title": title}
    if kind == "PHONE_NUMBER":
        return {"phone": text(button, "phone_number"), "title": title}
    if kind == "FLOW":
        screen = text(button, "navigate_screen")
        return {"form": text(button, "flow_id"), "title": title, **({"screen": screen} if screen else {})}
    if kind == "COPY_CODE":
        params.append("code")
        return {"code": "{{code}}"}
    return {"reply": title}
