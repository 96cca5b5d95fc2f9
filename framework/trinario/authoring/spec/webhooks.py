"""The table of `webhooks` in bot.yaml: which other systems are told what happens."""

from trinario.authoring.spec.kinds import NAME, TRUE_FALSE, Atom, Key, ListOf, MapOf, Ref, Shape

_ADDRESS = Atom(
    "hook_address", "an address that begins with https://", pattern=r"^(https://|http://(localhost|127\.0\.0\.1)[:/]).+"
)
_TYPE = Atom(
    "hook_type", "a kind of news like message.heard, or message.* for all that begin so", pattern=r"^[a-zA-Z0-9_.*-]+$"
)
_SIGNS = Atom("hook_secret", 'a secret that begins with whsec_: "${CRM_WEBHOOK_SECRET}"')

_WEBHOOK = Shape("webhook", "Another system that is told what happens, by signed POST requests.", (
    Key("url", _ADDRESS, "Where to.", "https://crm.shop.example/hooks/trinario", required=True),
    Key("events", ListOf(_TYPE), "What it is told of; without it everything.", '["message.*", goal.reached]'),
    Key("secret", ListOf(_SIGNS), "What it is signed with, several while it is changed; else the bot's own.",
        '"${CRM_WEBHOOK_SECRET}"'),
    Key("text", TRUE_FALSE, "Whether it gets the words of messages too.", "true", default="false"),
))  # fmt: skip

BOT_SHAPES = (_WEBHOOK,)
BOT_KEYS = (
    Key("webhooks", MapOf(Ref("webhook"), keys=NAME), "Other systems that are told what happens.",
        "{crm: {url: https://crm.shop.example/hooks}}"),
)  # fmt: skip
