"""Answers below a comment, for everybody to read: `POST /{comment}/comments` on Facebook, `/replies` on Instagram."""

from __future__ import annotations

from trinario.emulator import envelopes
from trinario.emulator.call import Call
from trinario.emulator.checks.page_words import INSTAGRAM, MESSENGER
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.meta import Meta
from trinario.emulator.refusal import Refused
from trinario.emulator.webhooks import Hook

LONGEST = {"messenger": 8000, "instagram": 300}
EDGES = {"messenger": "comments", "instagram": "replies"}
"""Each platform has its own name for what stands below a comment."""


class PublicReplies:
    """What the business says where everybody reads it."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def reply(self, call: Call) -> tuple[Json, list[Hook]]:
        """Meta's answer; the business hears of its own comment as of everybody's. Raises Refused."""
        meta, comment = self._meta, self._meta.world.comments[call.id]
        platform = str(comment["platform"])
        if call.edge != EDGES[platform]:
            message = f"(#100) Tried accessing nonexisting field ({call.edge}) on node type (Comment)"
            raise Refused(f"{platform}.comment_edge", 100, message)
        words = MESSENGER if platform == "messenger" else INSTAGRAM
        top = Fields(call.body, "", words)
        text = top.text("message", 1, LONGEST[platform]) or ""
        top.ignore("access_token", "appsecret_proof")
        top.close()
        if not text.strip():
            raise words.refused("blank", "message", "The comment must not be blank")
        number = meta.ids.number(17)
        identity = f"{call.id.partition('_')[0]}_{number}" if platform == "messenger" else number
        record = {"id": identity, "platform": platform, "person": "", "at": meta.clock.now(), "text": text,
                  "replied": True, "post": comment.get("post", ""), "parent": call.id}  # fmt: skip
        meta.world.commit({"op": "comment", "comment": record})
        self._tell(comment, record)
        return {"id": identity}, []

    def _tell(self, comment: Json, own: Json) -> None:
        """The business's own comment comes back to it."""
        meta, platform = self._meta, own["platform"]
        phone = meta.world.phone(comment["person"], platform)
        if phone is None:
            return
        account = meta.config.account(platform)
        if platform == "messenger":
            field = "feed"
            value: Json = {"from": {"id": account.id, "name": meta.config.whatsapp.name}, "message": own["text"],
                           "post_id": own["post"], "comment_id": own["id"], "created_time": int(own["at"]),
                           "item": "comment", "parent_id": own["parent"], "verb": "add"}  # fmt: skip
        else:
            field = "comments"
            value = {"id": own["id"], "from": {"id": account.id, "username": meta.config.instagram.username},
                     "text": own["text"], "media": {"id": own["post"], "media_product_type": "FEED"},
                     "parent_id": own["parent"]}  # fmt: skip
        meta.hook(phone, field, envelopes.change(meta.config, platform, own["at"], field, value))

    async def below(self, call: Call) -> Json:
        """What stands below a comment."""
        found = [one for one in self._meta.world.comments.values() if one.get("parent") == call.id]
        return {"data": [{"id": one["id"], "message": one["text"]} for one in found]}
