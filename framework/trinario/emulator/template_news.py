"""What Meta makes of a template after it was approved: another category, now or soon, and its quality (meta.md §2A.5)."""

from __future__ import annotations

from trinario.emulator.checks.whatsapp_template_form import CATEGORIES
from trinario.emulator.config import Json
from trinario.emulator.meta import Meta

SCORES = ("GREEN", "YELLOW", "RED", "UNKNOWN")
SOON = 86_400
"""Seconds between the announcement of another category and the change."""


def recategorise(meta: Meta, template: Json, category: str, *, announced: bool) -> Json:
    """Announce another category, or give it; the WABA hears of it. Raises ValueError for a category that there is not."""
    if category not in CATEGORIES:
        raise ValueError(f"category must be one of {', '.join(CATEGORIES)}")
    before = template["category"]
    if announced:
        told: Json = {"new_category": before, "correct_category": category}
        told["category_update_timestamp"] = int(meta.clock.now()) + SOON
    else:
        told = {"previous_category": before, "new_category": category}
        template = {**template, "category": category}
        meta.world.commit({"op": "template", "template": template})
    _tell(meta, template, "template_category_update", told)
    return template


def rate(meta: Meta, template: Json, score: str) -> Json:
    """People think better or worse of it; the WABA hears of it. Raises ValueError for a score that there is not."""
    if score not in SCORES:
        raise ValueError(f"quality must be one of {', '.join(SCORES)}")
    before = template.get("quality_score", {}).get("score", "UNKNOWN")
    template = {**template, "quality_score": {"score": score, "date": int(meta.clock.now())}}
    meta.world.commit({"op": "template", "template": template})
    told = {"previous_quality_score": before, "new_quality_score": score}
    _tell(meta, template, "message_template_quality_update", told)
    return template


def _tell(meta: Meta, template: Json, field: str, told: Json) -> None:
    value = {"message_template_id": int(template["id"]), "message_template_name": template["name"],
             "message_template_language": template["language"].replace("_", "-"), **told}  # fmt: skip
    entry = {
        "id": meta.config.whatsapp.waba_id,
        "time": int(meta.clock.now()),
        "changes": [{"field": field, "value": value}],
    }
    meta.dispatcher.queue("whatsapp", field, "", {"object": "whatsapp_business_account", "entry": [entry]})
