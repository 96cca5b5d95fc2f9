"""What the platform tells of a template by webhook: from then on messages that use it wait, are refused, or go again."""

from datetime import datetime

from trinario.model.news import News
from trinario.ports import TemplateState, Unit

NAME = "template_status"
"""How such news is called in the history."""


def template_told(unit: Unit, news: News, now: datetime) -> None:
    """Keep the state that the news tell, if they tell one."""
    name, status = str(news.data.get("message_template_name") or ""), str(news.data.get("event") or "").upper()
    if news.name != NAME or not name or not status:
        return
    language, reason = str(news.data.get("message_template_language") or ""), str(news.data.get("reason") or "")
    state = TemplateState(news.channel, name, language, status, "" if reason == "NONE" else reason[:500])
    unit.note_template(state, now)
