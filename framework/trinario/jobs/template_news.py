"""What the platform tells of a template by webhook: from then on messages that use it wait, are refused, or go again."""

from datetime import datetime

from trinario.model.news import News
from trinario.ports import TemplateState, Unit

NAME = "template_status"
"""How such news is called in the history."""

CATEGORY = "template_category"
"""And news of a category. With `previous_category` it is done, without it is announced."""


def template_told(unit: Unit, news: News, now: datetime) -> None:
    """Keep the state that the news tell, if they tell one."""
    if news.name == CATEGORY:
        _recategorised(unit, news, now)
        return
    name, status = str(news.data.get("message_template_name") or ""), str(news.data.get("event") or "").upper()
    if news.name != NAME or not name or not status:
        return
    language, reason = str(news.data.get("message_template_language") or ""), str(news.data.get("reason") or "")
    state = TemplateState(news.channel, name, language, status, "" if reason == "NONE" else reason[:500])
    unit.note_template(state, now)


def _recategorised(unit: Unit, news: News, now: datetime) -> None:
    name, category = str(news.data.get("message_template_name") or ""), str(news.data.get("new_category") or "")
    if name and category and news.data.get("previous_category"):
        language = str(news.data.get("message_template_language") or "")
        unit.note_category(news.channel, name, language, category, now)
