"""Message templates on the Graph: created, listed, edited, unpaused and deleted (meta.md 3A.5)."""

from __future__ import annotations

from hashlib import sha256

from trinario.emulator.call import Call, Endpoint
from trinario.emulator.checks.whatsapp_template_form import check_template_form
from trinario.emulator.config import Json
from trinario.emulator.graph_answers import selected
from trinario.emulator.meta import Meta
from trinario.emulator.refusal import Refused

REVIEW_SECONDS = 5.0
EDITABLE = ("APPROVED", "REJECTED", "PAUSED")
"""Whose words may be changed; all others are being looked at, or gone."""

MOST_CREATED = 100
"""Templates that may be created in an hour."""


CDN = "https://scontent.whatsapp.net/v/t61/"
"""Where Meta shows the file that it was given a handle of."""


class Templates:
    """`routes` is the table of endpoints."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        self._created: list[float] = []

    def routes(self) -> dict[tuple[str, str, str], Endpoint]:
        """(method, what the id is, edge) -> endpoint."""
        return {
            ("POST", "waba", "message_templates"): self._create,
            ("GET", "waba", "message_templates"): self._list,
            ("DELETE", "waba", "message_templates"): self._delete,
            ("GET", "template", ""): self._one,
            ("POST", "template", ""): self._edit,
            ("POST", "template", "unpause"): self._unpause,
        }

    async def _create(self, call: Call) -> Json:
        name, language, category = check_template_form(call.body, self._meta.world.handles)
        if (name, language) in self._meta.world.templates:
            raise Refused(
                "whatsapp.template.exists", 100, "(#100) There is already content in this language", subcode=2388024
            )
        self._count()
        status = self._reviewed()
        template = {"id": self._meta.ids.number(15), "name": name, "language": language, "category": category,
                    "components": _kept(call.body["components"]), "status": status,
                    "parameter_format": str(call.body.get("parameter_format", "POSITIONAL")).upper()}  # fmt: skip
        self._meta.world.commit({"op": "template", "template": template})
        self._review(template)
        return {"id": template["id"], "status": status, "category": category}

    def _count(self) -> None:
        now = self._meta.clock.now()
        self._created = [at for at in self._created if at > now - 3600.0]
        if self._meta.config.rates.enabled and len(self._created) >= MOST_CREATED:
            message = "(#80007) There have been too many calls to this WhatsApp Business account."
            raise Refused("whatsapp.rate.templates", 80007, message)
        self._created.append(now)

    def _reviewed(self) -> str:
        return "APPROVED" if self._meta.config.whatsapp.template_approval == "instant" else "PENDING"

    def _review(self, template: Json) -> None:
        if template["status"] == "PENDING":
            job = {"what": "approve", "name": template["name"], "language": template["language"]}
            self._meta.later(REVIEW_SECONDS, job)

    async def _list(self, call: Call) -> Json:
        name, status = call.query.get("name"), call.query.get("status")
        known = [template for template in self._meta.world.templates.values()
                 if name in (None, template["name"]) and status in (None, template["status"])]  # fmt: skip
        start = int(call.query["after"]) if call.query.get("after", "").isdigit() else 0
        limit = int(call.query["limit"]) if call.query.get("limit", "").isdigit() else 25
        answer: Json = {"data": [selected(call, item, tuple(item)) for item in known[start : start + limit]]}
        answer["paging"] = {"cursors": {"before": str(start), "after": str(start + limit)}}
        if start + limit < len(known):
            answer["paging"]["next"] = f"{call.base}/{call.id}/message_templates?after={start + limit}"
        return answer

    async def _delete(self, call: Call) -> Json:
        name = call.query.get("name", "")
        if not any(key[0] == name for key in self._meta.world.templates):
            raise Refused("whatsapp.template.unknown", 100, "(#100) Message template not found", subcode=2593002)
        self._meta.world.commit({"op": "template_gone", "name": name})
        return {"success": True}

    def _of(self, call: Call) -> Json:
        return next(one for one in self._meta.world.templates.values() if one["id"] == call.id)

    async def _one(self, call: Call) -> Json:
        known = self._of(call)
        return {**selected(call, known, tuple(known)), "id": known["id"]}

    async def _edit(self, call: Call) -> Json:
        """Other words, or another category where it is not approved yet; then it is looked at anew."""
        known = self._of(call)
        if known["status"] not in EDITABLE:
            raise Refused("whatsapp.template.edit", 100, "(#100) Message templates that are in review cannot be edited",
                          subcode=2388025)  # fmt: skip
        wanted: Json = {
            name: call.body[name] for name in ("components", "category", "parameter_format") if name in call.body
        }
        category = str(wanted.get("category", known["category"])).upper()
        if known["status"] == "APPROVED" and category != known["category"]:
            message = "(#100) The category of an approved template cannot be changed"
            raise Refused("whatsapp.template.edit", 100, message, subcode=2388026)
        handles = self._meta.world.handles if "components" in wanted else None
        check_template_form({**known, **wanted, "category": category}, handles)
        if "components" in wanted:
            wanted["components"] = _kept(wanted["components"])
        template = {**known, **wanted, "category": category, "status": self._reviewed()}
        template.pop("rejected_reason", None)
        self._meta.world.commit({"op": "template", "template": template})
        self._review(template)
        return {"success": True}

    async def _unpause(self, call: Call) -> Json:
        known = self._of(call)
        if known["status"] != "PAUSED":
            raise Refused("whatsapp.template.unpause", 100, "(#100) Only a paused template can be unpaused")
        self._meta.world.commit({"op": "template", "template": {**known, "status": "APPROVED"}})
        return {"success": True}


def _kept(components: list[Json]) -> list[Json]:
    """As Meta tells them afterwards: in place of a handle, an address that shows the file for some days."""
    kept = []
    for component in components:
        example = component.get("example")
        if isinstance(example, dict) and example.get("header_handle"):
            shown = f"{CDN}{sha256(str(example['header_handle'][0]).encode()).hexdigest()[:24]}.bin?oe=66D0"
            component = {**component, "example": {**example, "header_handle": [shown]}}
        if isinstance(component.get("cards"), list):
            cards = [{**card, "components": _kept(card["components"])} for card in component["cards"]]
            component = {**component, "cards": cards}
        kept.append(component)
    return kept
