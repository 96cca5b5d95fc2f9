"""Files as Messenger and Instagram take them: one, several images, one above buttons, a post, a sticker of theirs (3B.3, 3B.5, 3C)."""

from typing import Any

from trinario.model.media import STICKERS
from trinario.model.message import Link, Media

ATTACHMENTS = {"document": "file", "sticker": "image"}

THUMB = "369239263222822"
"""The smallest of Messenger's thumbs (2B.2)."""

Body = dict[str, Any]


def media_message(content: Media) -> Body:
    """The `message` that shows a file. One above buttons has been uploaded before: the platform takes it by its id alone."""
    if content.kind == "sticker" and content.url in STICKERS:
        return {"sticker_id": THUMB} if content.url == "like" else {"attachment": {"type": "like_heart"}}
    if content.kind == "post":
        return {"attachment": {"type": "MEDIA_SHARE", "payload": {"id": content.post}}}
    kind = ATTACHMENTS.get(content.kind, content.kind)
    if content.others:
        ids = content.uploads or ("",) * len(content.others)
        pairs = [(content.uploaded, content.url), *zip(ids, content.others, strict=True)]
        return {"attachments": [{"type": kind, "payload": _source(*pair)} for pair in pairs]}
    if content.links:
        return {"attachment": {"type": "template", "payload": _above_buttons(content, kind)}}
    return {"attachment": {"type": kind, "payload": _source(content.uploaded, content.url)}}


def button(link: Link) -> Body:
    """A link as a button of a template."""
    return {"type": "web_url", "title": link.title.strip(), "url": link.url}


def _source(uploaded: str, url: str) -> Body:
    return {"attachment_id": uploaded} if uploaded else {"url": url}


def _above_buttons(content: Media, kind: str) -> Body:
    buttons = [button(link) for link in content.links]
    element = {"media_type": kind, "attachment_id": content.uploaded or content.url, "buttons": buttons}
    return {"template_type": "media", "elements": [element]}
