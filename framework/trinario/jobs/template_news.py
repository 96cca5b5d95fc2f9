"""What the platform tells of a template by webhook: from then on messages that use it wait, are refused, or go again."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from trinario.model.news import News
from trinario.policy.template import GOOD
from trinario.ports import TemplateState, Unit

NAME = "template_status"
"""How such news is called in the history."""

CATEGORY = "template_category"
"""And news of a category. With `previous_category` it is done, without it is announced."""

QUALITY = "template_quality"
"""And news of what people make of it."""


def template_told(unit: Unit, news: News, now: datetime) -> None:
    """Keep what the news tell of a template, if they tell of one."""
    data = news.data
    name, language = str(data.get("message_template_name") or ""), str(data.get("message_template_language") or "")
    if not name:
        return
    if news.name == CATEGORY:
        _recategorised(unit, news, name, language, now)
    elif news.name == QUALITY and (score := str(data.get("new_quality_score") or "")):
        unit.templates.note_quality(news.channel, name, language, "" if score.upper() == "UNKNOWN" else score, now)
    elif news.name == NAME and (status := str(data.get("event") or "").upper()):
        reason = str(data.get("reason") or "")
        state = TemplateState(news.channel, name, language, status, "" if reason == "NONE" else reason[:500])
        unit.templates.note(state, now)


def seen(unit: Unit, states: Sequence[TemplateState], now: datetime) -> list[TemplateState]:
    """Keep what the platform shows when it is asked; gives those that were otherwise known, or not at all.

    A template that we know to be good until now and that nobody ever told of is no news.
    """
    changed = []
    for one in states:
        found = [old for old in unit.templates.states(one.channel, [one.name]) if old.language == one.language]
        known = found[0] if found else TemplateState(one.channel, one.name, one.language, "APPROVED")
        if (known.status in GOOD) != (one.status in GOOD) or (one.status not in GOOD and known.status != one.status):
            unit.templates.note(one, now)
            changed.append(one)
        if one.category and found and known.category and known.category != one.category:
            unit.templates.note_category(one.channel, one.name, one.language, one.category, now)
        if one.quality and known.quality != one.quality:
            unit.templates.note_quality(one.channel, one.name, one.language, one.quality, now)
    return changed


def _recategorised(unit: Unit, news: News, name: str, language: str, now: datetime) -> None:
    category, correct = str(news.data.get("new_category") or ""), str(news.data.get("correct_category") or "")
    if category and news.data.get("previous_category"):
        unit.templates.note_category(news.channel, name, language, category, now)
    elif correct:
        unit.templates.note_becoming(news.channel, name, language, correct, _moment(news.data), now)


def _moment(data: Mapping[str, Any]) -> datetime | None:
    """When it is done, if that is said in seconds that there are."""
    at = data.get("category_update_timestamp")
    if isinstance(at, bool) or not isinstance(at, int) or not 0 < at < 32_503_680_000:
        return None
    return datetime.fromtimestamp(at, UTC)
