"""What Messenger and Instagram share in `POST /{PAGE_ID|me}/messages` (meta.md §3B, §3C, §13.6)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from trinario.emulator.checks.page_templates import check_template
from trinario.emulator.checks.page_words import INSTAGRAM, MESSENGER, PageWords
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.refusal import Refused

TEXT_LIMIT = 1999  # "less than 2000"
INSTAGRAM_TEXT_BYTES = 1000
METADATA_LIMIT = 999  # "less than 1000"
QUICK_REPLIES, TITLE, PAYLOAD = 13, 20, 1000
MANY_IMAGES = {"messenger": 30, "instagram": 10}
RECIPIENTS = (
    "id",
    "user_ref",
    "comment_id",
    "post_id",
    "notification_messages_token",
    "phone_number",
    "one_time_notif_token",
)
CONTENTS = ("text", "attachment", "attachments", "sticker_id", "template")
DEAD_TAGS = ("CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE")
LIVE_TAGS = {"messenger": ("HUMAN_AGENT", "CUSTOMER_FEEDBACK"), "instagram": ("HUMAN_AGENT",)}
ACTIONS = ("typing_on", "typing_off", "mark_seen", "react", "unreact")
PICTURES = frozenset({"jpg", "jpeg", "png", "gif"})
FORMATS = {
    ("instagram", "image"): PICTURES,
    ("instagram", "video"): frozenset({"mp4", "ogg", "avi", "mov", "webm"}),
    ("instagram", "audio"): frozenset({"aac", "m4a", "wav", "mp4"}),
    ("instagram", "file"): frozenset({"pdf"}),
}
ENDINGS = frozenset().union(*FORMATS.values()) | {
    "webp",
    "mp3",
    "amr",
    "3gp",
    "doc",
    "docx",
    "xls",
    "xlsx",
    "ppt",
    "pptx",
    "txt",
    "zip",
}
"""Endings that say for certain what a file is."""

TOP = ("recipient", "messaging_type", "tag", "notification_type", "persona_id", "reply_to", "thread_control", "message",
       "sender_action", "payload", "access_token", "appsecret_proof", "platform", "filedata")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sending:
    """A request whose form is right: who it is for, why it may be sent, and what it holds."""

    recipient_kind: str
    recipient: str
    tag: str
    utility: bool
    action: str
    message: Json
    reaction: Json
    heavy: bool


def recipient_of(body: Json) -> tuple[str, str]:
    """The one key of `recipient` and its value; which of the two platforms is meant follows from it."""
    recipient = body.get("recipient")
    if recipient is None:
        raise MESSENGER.missing("recipient")
    fields = Fields(recipient, "recipient", MESSENGER)
    given = [name for name in RECIPIENTS if name in fields]
    fields.ignore(*RECIPIENTS)
    fields.close()
    if len(given) != 1:
        raise MESSENGER.refused("recipient", "recipient", "Param recipient must have exactly one identifier")
    return given[0], fields.string(given[0], 1000)


def check_send(platform: str, body: Json) -> Sending:
    """Every check that needs the request alone. Raises Refused."""
    words = MESSENGER if platform == "messenger" else INSTAGRAM
    kind, recipient = recipient_of(body)
    top = Fields(body, "", words)
    _check_recipient_kind(kind, words)
    if ("message" in top) == ("sender_action" in top):
        raise words.refused("one_content", "message", "Exactly one of message and sender_action is needed")
    tag, utility = _check_type(platform, top, words)
    if "sender_action" in top:
        action = top.choice("sender_action", ACTIONS) or ""
        return Sending(kind, recipient, tag, utility, action, {}, _check_reaction(top, action), False)
    message = top.object("message")
    heavy = _check_message(platform, message, words, utility, tag)
    if "reply_to" in top:
        reply = top.object("reply_to")
        reply.string("mid", 1000)
        reply.close()
    if "thread_control" in top:
        _check_thread_control(top.object("thread_control"))
    top.choice("notification_type", ("REGULAR", "SILENT_PUSH", "NO_PUSH"), needed=False)
    if platform == "instagram" and "persona_id" in top:
        raise words.refused("persona", "persona_id", "Personas are not supported")
    return Sending(kind, recipient, tag, utility, "", body["message"], {}, heavy)


def _check_thread_control(control: Fields) -> None:
    """A message may hand its thread over."""
    if control.choice("control_type", ("pass", "release")) == "pass":
        control.string("app_id", 30)
    control.ignore("metadata")
    control.close()


def strange_members(body: Json) -> list[str]:
    """Members Meta passes over in silence: worth an entry in the log."""
    return sorted(set(body) - set(TOP))


def _check_recipient_kind(kind: str, words: PageWords) -> None:
    if kind not in ("id", "comment_id"):
        raise words.refused("recipient", f"recipient[{kind}]", f"recipient[{kind}] is not available to this account")


def _check_type(platform: str, top: Fields, words: PageWords) -> tuple[str, bool]:
    """messaging_type and tag (meta.md §3B.2); RESPONSE is assumed where it is absent."""
    allowed = ("RESPONSE", "UPDATE", "MESSAGE_TAG") + (("UTILITY",) if platform == "messenger" else ())
    kind = top.choice("messaging_type", allowed, needed=False) or "RESPONSE"
    tag = top.raw("tag")
    if kind != "MESSAGE_TAG":
        if tag is not None:
            raise words.refused("tag", "tag", "tag needs messaging_type MESSAGE_TAG")
        return "", kind == "UTILITY"
    if tag is None:
        raise words.missing("tag")
    if tag in DEAD_TAGS:
        raise words.refused("dead_tag", "tag", f"Message tag {tag} is no longer supported.")
    top.choice("tag", LIVE_TAGS[platform])
    return str(tag), False


def _check_reaction(top: Fields, action: str) -> Json:
    if action not in ("react", "unreact"):
        return {}
    payload = top.object("payload")
    payload.string("message_id", 1000)
    if action == "react":
        payload.string("reaction", 32)
    payload.close()
    return dict(top.raw("payload"))


def _check_message(platform: str, message: Fields, words: PageWords, utility: bool, tag: str) -> bool:
    """The content of a message; True if it is audio or video."""
    given = [name for name in CONTENTS if name in message]
    if len(given) != 1:
        raise words.refused("one_content", "message", "message must have exactly one of " + ", ".join(CONTENTS))
    content = given[0]
    message.ignore(*CONTENTS, "quick_replies", "metadata")
    message.close()
    if utility != (content == "template"):
        raise words.refused("utility", "messaging_type", "messaging_type UTILITY and message[template] belong together")
    kind = _check_held(platform, content, message, words)
    if tag == "CUSTOMER_FEEDBACK" and kind != "customer_feedback":
        raise words.refused("tag", "tag", "CUSTOMER_FEEDBACK is for the customer_feedback template only")
    message.text("metadata", 0, METADATA_LIMIT, needed=False)
    if "quick_replies" in message:
        _check_quick_replies(message, words)
    return kind in ("audio", "video")


def _check_held(platform: str, content: str, message: Fields, words: PageWords) -> str:
    """What the message holds; gives the kind of an attachment, "" for anything else."""
    if content == "attachment":
        return _check_attachment(platform, message.object("attachment"), words)
    if content == "text":
        _check_text(platform, message, words)
    elif content == "attachments":
        _check_images(platform, message)
    elif content in ("sticker_id", "template") and platform == "instagram":
        raise words.refused("content", f"message[{content}]", f"message[{content}] is not supported")
    elif content == "template":
        template = message.object("template")
        template.string("name", 512)
        template.object("language").string("code", 15)
    return ""


def _check_text(platform: str, message: Fields, words: PageWords) -> None:
    if platform == "messenger":
        message.text("text", 1, TEXT_LIMIT)
        return
    text = message.text("text", 1, INSTAGRAM_TEXT_BYTES) or ""
    if len(text.encode("utf-8", "surrogatepass")) > INSTAGRAM_TEXT_BYTES:
        raise words.length("message[text]", "text", 1, INSTAGRAM_TEXT_BYTES)


def _check_quick_replies(message: Fields, words: PageWords) -> None:
    for reply in message.objects("quick_replies", 1, QUICK_REPLIES):
        kind = reply.choice("content_type", ("text", "user_phone_number", "user_email"))
        if kind == "text":
            reply.text("title", 1, TITLE)
            reply.text("payload", 1, PAYLOAD)
        else:
            reply.ignore("title", "payload")
        reply.url("image_url", schemes=("https", "http"), needed=False)
        reply.close()


def _check_images(platform: str, message: Fields) -> None:
    for attachment in message.objects("attachments", 1, MANY_IMAGES[platform]):
        attachment.choice("type", ("image",))
        payload = attachment.object("payload")
        check_media_payload(payload)
        check_format(platform, "image", payload)
        attachment.close()


def _check_attachment(platform: str, attachment: Fields, words: PageWords) -> str:
    """The kind of the attachment, or of the template in it."""
    kinds = ["image", "audio", "video", "file", "template"]
    if platform == "instagram":
        kinds += ["MEDIA_SHARE", "like_heart"]
    kind = attachment.choice("type", kinds) or ""
    if kind == "template":
        kind = check_template(platform, attachment.object("payload"), words)
    elif kind == "MEDIA_SHARE":
        share = attachment.object("payload")
        share.string("id", 200)
        share.close()
    elif kind != "like_heart":
        payload = attachment.object("payload")
        check_media_payload(payload)
        check_format(platform, kind, payload)
    attachment.ignore("payload")
    attachment.close()
    return kind


def check_media_payload(payload: Fields) -> None:
    """Exactly one of an https url and an attachment id."""
    if ("url" in payload) == ("attachment_id" in payload):
        raise payload.complaints.value(payload.path, "a url or an attachment_id, not both")
    payload.url("url", needed=False, most=4000)
    payload.text("attachment_id", 1, 200, needed=False)
    payload.flag("is_reusable")
    payload.close()


def check_format(platform: str, kind: str, payload: Fields) -> None:
    """100/2018047 for an address that ends as a sort of file which the platform does not take as this kind (4.2, 4.3)."""
    url = payload.raw("url")
    name = urlsplit(str(url or "")).path.rpartition("/")[2]
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    taken = FORMATS.get((platform, kind))
    if taken is not None and ending in ENDINGS and ending not in taken:
        message = f"(#100) Attachment type does not match the type of the file: {ending} is not supported as {kind}"
        raise Refused(f"{platform}.format", 100, message, subcode=2018047)


def check_attachment_id(known: bool, identity: str, platform: str) -> None:
    """100/2018074 for an attachment id that is not ours or has expired."""
    if not known:
        message = f"(#100) Attachment id {identity} is not valid."
        raise Refused(f"{platform}.attachment_id", 100, message, subcode=2018074)
