"""A Template as a utility message of Messenger (meta.md 3B.6): named and numbered places, what its buttons bring."""

from typing import Any

from trinario.channels.graph.template import template_body
from trinario.model.message import Template


def utility_body(content: Template) -> dict[str, Any]:
    """Name, language and what each part is given; all buttons stand in one component, in their order."""
    template = template_body(content)
    components = [one for one in template.pop("components", ()) if one["type"] != "button"]
    if buttons := _buttons(content):
        components.append({"type": "buttons", "parameters": buttons})
    return {**template, "components": components} if components else template


def _buttons(content: Template) -> list[dict[str, str]]:
    addresses = iter(content.links)
    found = []
    for button in sorted(content.buttons, key=lambda one: one.index):
        if button.kind == "reply":
            found.append({"type": "POSTBACK", "payload": button.value})
        elif link := next(addresses, None):
            found.append({"type": "URL", "url": link.url})
    return found
