"""What the platform last said of a template, and what that means for a message that is one."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from trinario.model.consent import MARKETING
from trinario.model.message import Content, Template
from trinario.model.outbox import Refusal
from trinario.model.template import TemplateSpec
from trinario.policy.facts import Facts, template_key

PAUSED, DISABLED, CATEGORY = "template_paused", "template_disabled", "template_category"

GOOD = frozenset({"APPROVED", "REINSTATED", "FLAGGED"})
"""States in which a template goes."""

BAD = frozenset({"DISABLED", "REJECTED", "DELETED", "PENDING_DELETION", "ARCHIVED", "LOCKED"})
"""States in which a template goes nowhere any more."""

NOT_YET = frozenset({"PENDING", "IN_APPEAL", "LIMIT_EXCEEDED"})
"""States in which it is not approved: it may be later."""

WAITS = timedelta(hours=1)
"""How long a message waits for a paused template when nobody says how long it is paused."""


def template_fault(
    content: Content, channel: str, facts: Facts, now: datetime, declared: Mapping[str, TemplateSpec]
) -> Refusal | None:
    """Why this content cannot go for its template's sake; with `until` it may be tried then. None: nothing is known."""
    if not isinstance(content, Template) or not facts.templates:
        return None
    fate = facts.templates.get(template_key(channel, content.name, content.language))
    if fate is None:
        return None
    spec = declared.get(content.name)
    if fate.category == MARKETING and spec is not None and spec.category != MARKETING:
        moved = f"{channel} has made {content.name} a marketing template: say `category: marketing` in templates.yaml"
        return Refusal("template_category", moved)
    if fate.status == "PAUSED" and (fate.until is None or fate.until > now):
        return Refusal(PAUSED, f"{channel} has paused the template {content.name}", fate.until or now + WAITS)
    if fate.status in NOT_YET:
        return Refusal(PAUSED, f"the template {content.name} is not approved yet: {fate.status.lower()}", now + WAITS)
    if fate.status in BAD:
        why = f": {fate.reason}" if fate.reason else ""
        return Refusal(DISABLED, f"the template {content.name} is {fate.status.lower()}{why}")
    return None
