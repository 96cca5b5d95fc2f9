"""Utility templates of a Page: created, listed, edited, deleted on the Graph, and what a message that uses one must bring (meta.md 3B.6)."""

from __future__ import annotations

import re

from trinario.emulator.call import Call, Endpoint
from trinario.emulator.checks.page_words import MESSENGER
from trinario.emulator.checks.whatsapp_template_form import check_template_form
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.graph_answers import selected
from trinario.emulator.meta import Meta
from trinario.emulator.refusal import Refused

PLACE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
BUTTONS, TEXT, PAYLOAD = 3, 1024, 1000
KINDS = {"QUICK_REPLY": "POSTBACK", "URL": "URL"}
"""Buttons of a template, and what a message brings for each."""


class PageTemplates:
    """`/{PAGE_ID}/message_templates`; approved at once unless the account says otherwise."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> dict[tuple[str, str, str], Endpoint]:
        """(method, what the id is, edge) -> endpoint."""
        return {
            ("POST", "page", "message_templates"): self._create,
            ("GET", "page", "message_templates"): self._list,
            ("DELETE", "page", "message_templates"): self._delete,
            ("GET", "page_template", ""): self._one,
            ("POST", "page_template", ""): self._edit,
        }

    async def _create(self, call: Call) -> Json:
        template = self._checked(call.body)
        if (template["name"], template["language"]) in self._meta.world.page_templates:
            message = "(#100) There is already content in this language"
            raise Refused("messenger.template.exists", 100, message, subcode=2388024)
        template = {"id": self._meta.ids.number(15), **template}
        self._keep(template)
        return {"id": template["id"], "status": template["status"], "category": template["category"]}

    def _checked(self, body: Json) -> Json:
        """A template as it is kept. Raises Refused."""
        name, language, category = check_template_form(body)
        if category != "UTILITY":
            raise MESSENGER.value("category", "UTILITY")
        for component in body["components"]:
            buttons = component.get("buttons") or []
            kinds = {str(button.get("type")).upper() for button in buttons}
            if len(buttons) > BUTTONS or kinds - set(KINDS):
                raise MESSENGER.value("components", f"components with {BUTTONS} buttons at most, of {', '.join(KINDS)}")
        status = "APPROVED" if self._meta.config.messenger.template_approval == "instant" else "PENDING"
        form = str(body.get("parameter_format", "POSITIONAL")).upper()
        return {"name": name, "language": language, "category": category, "components": body["components"],
                "status": status, "parameter_format": form}  # fmt: skip

    def _keep(self, template: Json) -> None:
        self._meta.world.commit({"op": "page_template", "template": template})

    async def _list(self, call: Call) -> Json:
        name = call.query.get("name")
        known = [one for one in self._meta.world.page_templates.values() if name in (None, one["name"])]
        return {"data": [selected(call, one, tuple(one)) for one in known], "paging": {}}

    async def _delete(self, call: Call) -> Json:
        name = call.query.get("name", "")
        if not any(key[0] == name for key in self._meta.world.page_templates):
            raise Refused("messenger.template.unknown", 100, "(#100) Message template not found", subcode=2593002)
        self._meta.world.commit({"op": "page_template", "template": {"name": name, "gone": True}})
        return {"success": True}

    def _of(self, call: Call) -> Json:
        return next(one for one in self._meta.world.page_templates.values() if one["id"] == call.id)

    async def _one(self, call: Call) -> Json:
        known = self._of(call)
        return {**selected(call, known, tuple(known)), "id": known["id"]}

    async def _edit(self, call: Call) -> Json:
        known = self._of(call)
        wanted: Json = {name: call.body[name] for name in ("components", "parameter_format") if name in call.body}
        self._keep({"id": known["id"], **self._checked({**known, **wanted})})
        return {"success": True}


def check_utility(meta: Meta, content: Json) -> str:
    """The `template` object of a send against the approved template; gives its words. Raises Refused."""
    template = Fields(content, "message[template]", MESSENGER)
    name, code = template.string("name", 512), template.object("language").string("code", 15)
    components = template.objects("components", 0, 10) if "components" in template else []
    template.ignore("components")
    template.close()
    known = meta.world.page_templates.get((name, code))
    if known is None or known["status"] != "APPROVED":
        message = "(#100) The message template does not exist or is not approved."
        raise Refused("messenger.utility_template", 100, message)
    given = {str(one.raw("type", needed=True)).lower(): one for one in components}
    if set(given) - {"header", "body", "buttons"} or len(given) != len(components):
        raise MESSENGER.value("message[template][components]", "header, body and buttons, each once")
    lines = []
    for part in known["components"]:
        kind = str(part["type"]).lower()
        if kind == "buttons":
            _check_buttons(part["buttons"], given.pop("buttons", None))
        elif "text" in part:
            lines.append(_filled(str(part["text"]), given.pop(kind, None), known))
        elif kind == "header":
            given.pop("header", None)
    if given:
        raise _mismatch(f"the template has no {next(iter(given))} parameters")
    return "\n".join(lines)


def utility_screen(meta: Meta, content: Json) -> Json:
    """The members of a `Message` that follow from a utility message that was checked."""
    known = meta.world.page_templates[content["name"], content["language"]["code"]]
    buttons = [button for part in known["components"] for button in part.get("buttons") or ()]
    brought = [
        one for part in content.get("components") or () if part["type"] == "buttons" for one in part["parameters"]
    ]
    options = []
    for button, given in zip(buttons, brought, strict=True):
        option = {"title": button["text"], "payload": given.get("payload", ""), "url": given.get("url", "")}
        options.append({"kind": "url" if given["type"] == "URL" else "postback", "description": "", **option})
    return {"kind": "template", "template": True, "text": check_utility(meta, content), "options": options}


def _filled(text: str, given: Fields | None, known: Json) -> str:
    """A text with its values: as many as it has places, by name or by position as the template says."""
    places = list(dict.fromkeys(PLACE.findall(text)))
    parameters = given.objects("parameters", 0, 100) if given is not None else []
    if len(parameters) != len(places):
        raise _mismatch(f"{len(places)} parameters are expected, and {len(parameters)} given")
    values: dict[str, str] = {}
    for place, parameter in zip(places, parameters, strict=True):
        parameter.choice("type", ("text",))
        named = known["parameter_format"] == "NAMED"
        name = parameter.string("parameter_name", 100) if named else place
        values[name] = parameter.string("text", TEXT)
        parameter.close()
    if set(values) != set(places):
        raise _mismatch(f"its places are {', '.join(places)}")
    return PLACE.sub(lambda found: values[found[1]], text)


def _check_buttons(buttons: list[Json], given: Fields | None) -> None:
    parameters = given.objects("parameters", 1, BUTTONS) if given is not None else []
    if len(parameters) != len(buttons):
        raise _mismatch(f"{len(buttons)} buttons are expected, and {len(parameters)} given")
    for button, parameter in zip(buttons, parameters, strict=True):
        if parameter.choice("type", (KINDS[str(button["type"]).upper()],)) == "URL":
            parameter.url("url", schemes=("https", "http"))
        else:
            parameter.text("payload", 1, PAYLOAD)
        parameter.close()


def _mismatch(details: str) -> Refused:
    return Refused("messenger.utility_parameters", 100, f"(#100) Parameters do not match the template: {details}.")
