"""Every JSON example of the platform sheet's sections on what comes in, by section: the golden cases that stand for it."""

EXAMPLES: dict[str, dict[str, tuple[str, ...]]] = {
    "1.4": {
        "whatsapp": ("two entries, two changes, a copy and a broken one", "a number that is not ours", "type of the future"),
        "messenger": ("message in the form of a change", "test button", "two events and a broken one", "field of the future"),
        "instagram": ("test message in the form of a change",),
    },
    "1.6": {
        "whatsapp": ("bare field and value", "no entries", "entry with nothing in it", "object of another product"),
        "messenger": ("standby", "standby tap", "standby delivery", "entry with nothing in it"),
        "instagram": ("entry with nothing in it",),
    },
    "2A.1": {
        "whatsapp": (
            "text as a reply, forwarded", "text forwarded often", "text about a product", "text from an ad",
            "text from a post", "text with the scoped id in from and wa_id", "text whose contact stands second",
            "text without contacts", "text in a routed conversation",
        ),
    },
    "2A.2": {
        "whatsapp": (
            "text", "image", "video", "voice note", "document", "sticker", "location", "contacts", "reply button",
            "list row", "form", "address filled in", "call permission", "template button", "reaction",
            "reaction taken back", "order", "number changed", "unsupported", "thread opened, of old",
            "number and scoped id changed", "scoped id changed", "security code changed", "edit", "revoke",
            "unsupported edit", "unsupported poll", "voice as its own type", "image too large", "text in a group",
            "form with broken JSON", "form that is no object",
        ),
    },
    "2A.3": {"whatsapp": ("errors of the number",)},
    "2A.4": {
        "whatsapp": (
            "status sent", "status delivered", "status read", "status played", "status failed", "status of a group",
            "status of a scoped id", "status of a warning, of old", "status of the future",
        ),
    },
    "2A.5": {
        "whatsapp": (
            "marketing stopped", "marketing resumed", "template status", "template quality",
            "template quality under the field of the status", "template components", "template category to change",
            "number quality", "number name", "capability", "account alert", "account violation", "account restriction",
            "account disabled", "account price tier", "account field one level up", "account review",
            "security of the number", "payment configuration",
        ),
    },
    "2A.6": {
        "whatsapp": (
            "echo from the app", "echo of an edit", "echo of a deletion", "history", "messages of history",
            "history refused", "contact book",
        ),
    },
    "2A.7": {
        "whatsapp": ("standby", "standby echo", "standby status", "handover", "handover to us", "handover taken"),
    },
    "2A.8": {"whatsapp": ("text with the phone hidden", "text with an id of the parent", "own number given when asked")},
    "2B.1": {"messenger": ("event of the future", "mention", "lead form", "template status", "template status, spelled otherwise", "integrity of the business")},
    "2B.2": {
        "messenger": (
            "text", "text as a reply", "quick reply", "quick reply with a phone number", "text with commands",
            "text by an ad", "text about a product", "text with a referral", "message of the checkbox plugin", "image",
            "audio", "video", "file", "sticker of now", "sticker, also as an image", "shared link", "shared link of old",
            "shared link without an address", "location", "shared products", "shared reel", "shared post",
            "shared post of Instagram", "booking", "text with two files", "message with nothing in it", "deleted",
        ),
    },
    "2B.3": {
        "messenger": (
            "echo of ours by key", "echo of ours by app", "echo from the page inbox", "echo without an app",
            "echo with a template",
        ),
    },
    "2B.4": {
        "messenger": (
            "postback", "get started", "get started by a link", "postback by an ad", "postback without an id",
            "link in an old thread", "ad in an old thread", "lead of an ad", "opt-in", "opt-in stopped",
            "opt-in for one notice, of old", "opt-in of a plugin", "delivery", "delivery without ids", "read", "reaction",
            "reaction taken back", "edit", "account linking", "account unlinked", "thread passed",
            "thread passed to another app", "thread taken", "thread asked for", "app roles", "policy",
            "thumb on an answer", "order", "feedback", "coupon", "information",
        ),
    },
    "2B.5": {
        "messenger": (
            "comment", "comment under a comment", "comment of our own", "comment edited", "comment removed",
            "comment hidden", "comment without a name to it", "post", "liked",
        ),
    },
    "2C.2": {
        "instagram": (
            "text", "quick reply", "text as a reply", "reply to a story", "image", "audio", "video", "file",
            "text by an ad", "text of a new thread by a link", "text about a product", "deleted", "echo",
            "message to oneself", "unsupported", "shared post", "shared post of old", "shared reel", "shared story",
            "story mention", "media", "ephemeral", "heart",
        ),
    },
    "2C.3": {
        "instagram": (
            "ice breaker by a link", "read", "reaction", "reaction taken back", "link in an old thread, in seconds", "edit",
            "edit number 0", "thread passed", "standby", "opt-in", "thumb on an answer",
        ),
    },
    "2C.4": {
        "instagram": (
            "comment as a change", "comment as a bare field", "comment under a comment", "comment on a live",
            "comment on the advertised copy of a reel", "comment of our own", "mention", "mention in a caption",
        ),
    },
}  # fmt: skip
