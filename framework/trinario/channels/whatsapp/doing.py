"""Requests, forms and products as WhatsApp's `/messages` takes them (meta.md 3A.3)."""

from typing import Any

from trinario.model.interactive import Form, Products, Wanted

Body = dict[str, Any]

FORM_VERSION = "3"
"""Of the message that opens a WhatsApp Flow."""


def request(content: Wanted, known: bool) -> Body:
    """A button that shares a place or a number; whose number is known is asked in words, for hers or another."""
    if content.what == "phone" and known:
        return {"type": "text", "text": {"preview_url": False, "body": content.text}}
    if content.what == "phone":
        return _interactive("request_contact_info", content.text, {"name": "request_contact_info"})
    return _interactive("location_request_message", content.text, {"name": "send_location"})


def form(content: Form) -> Body:
    """A WhatsApp Flow; where it begins goes along only if its author said so."""
    parameters: Body = {"flow_message_version": FORM_VERSION}
    if content.token:
        parameters["flow_token"] = content.token
    parameters["flow_name" if content.named else "flow_id"] = content.form
    parameters["flow_cta"] = content.button
    if content.draft:
        parameters["mode"] = "draft"
    parameters["flow_action"] = "data_exchange" if content.exchange else "navigate"
    if content.screen and not content.exchange:
        given = {"data": dict(content.data)} if content.data else {}
        parameters["flow_action_payload"] = {"screen": content.screen, **given}
    action = {"name": "flow", "parameters": parameters}
    return _interactive("flow", content.text, action, content.header, content.footer)


def products(content: Products) -> Body:
    """One product, several on their shelves, or the whole catalogue."""
    ids = content.ids
    if not ids:
        return _interactive("catalog_message", content.text, {"name": "catalog_message"}, footer=content.footer)
    if len(ids) == 1 and not content.header:
        action: Body = {"catalog_id": content.catalog, "product_retailer_id": ids[0]}
        return _interactive("product", content.text, action, footer=content.footer)
    sections = [
        {
            **({"title": shelf.title} if shelf.title else {}),
            "product_items": [{"product_retailer_id": one} for one in shelf.products],
        }
        for shelf in content.shelves
    ]
    action = {"catalog_id": content.catalog, "sections": sections}
    return _interactive("product_list", content.text, action, content.header, content.footer)


def _interactive(kind: str, text: str, action: Body, header: str = "", footer: str = "") -> Body:
    body: Body = {"type": kind}
    if header:
        body["header"] = {"type": "text", "text": header}
    body["body"] = {"text": text}
    if footer:
        body["footer"] = {"text": footer}
    return {"type": "interactive", "interactive": {**body, "action": action}}
