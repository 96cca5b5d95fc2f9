"""A Template as WhatsApp and Messenger's utility messages write it (meta.md 3A.4 and 3B.6)."""

from collections.abc import Mapping
from typing import Any

from trinario.model.message import Template


def template_body(content: Template) -> dict[str, Any]:
    """Name, language and the values of the body's places."""
    template: dict[str, Any] = {"name": content.name, "language": {"code": content.language}}
    if content.params:
        template["components"] = [{"type": "body", "parameters": _parameters(content.params)}]
    return template


def _parameters(params: Mapping[str, str]) -> list[dict[str, str]]:
    """Places that are numbers ({{1}}) go by position, others by their name: a template has one sort or the other."""
    if all(name.isdecimal() for name in params):
        ordered = sorted(params.items(), key=lambda pair: int(pair[0]))
        return [{"type": "text", "text": value} for _, value in ordered]
    return [{"type": "text", "parameter_name": name, "text": value} for name, value in params.items()]
