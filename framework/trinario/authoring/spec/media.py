"""The table of `media` in bot.yaml: which files that people send are fetched, and where their copies are kept."""

from trinario.authoring.spec.kinds import DURATION, NUMBER, TEXT, Atom, Key, ListOf, OneOf, Ref, Shape

KINDS = ("image", "video", "audio", "document", "sticker")
STORES = ("folder", "s3")

_HOST = Atom(
    "media_host", "a host like cdn.example, *.cdn.example or cdn.example:8443, and none of this machine",
    pattern=r"^(?!localhost)(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?(:[0-9]{1,5})?$|^\$\{\w+\}$",
)  # fmt: skip
_ENDPOINT = Atom(
    "endpoint",
    "an address like https://s3.example or http://127.0.0.1:9000",
    pattern=r"^https?://[^\s/]+/?$|^\$\{\w+\}$",
)
_SECRET = Atom("secret", 'a secret, best read from the environment: "${S3_SECRET_KEY}"')

_MEDIA = Shape("media", "The files that people send: what is fetched of them, and where copies are kept.", (
    Key("store", OneOf(STORES), "Where copies are kept: in the folder that TRINARIO_MEDIA names, or in an S3 bucket.",
        "s3", default="folder"),
    Key("fetch", ListOf(OneOf(KINDS), least=0), "The kinds that are fetched; without it all of them.",
        "[image, document]"),
    Key("max_mb", NUMBER, "The size above which a file is not fetched, in megabytes.", "20", default="100"),
    Key("keep", DURATION, "How long copies are kept; without it until the contact is erased or deletes the message.",
        "90d"),
    Key("hosts", ListOf(_HOST, least=0), "Hosts that files are fetched from, besides those of the platforms.",
        '["*.cdn.example"]'),
    Key("bucket", TEXT, "The bucket, with store: s3.", "lucky-garden-media"),
    Key("endpoint", _ENDPOINT, "The address of the S3 service; without it that of Amazon.", "https://s3.example"),
    Key("region", TEXT, "The region of the bucket.", "eu-south-1"),
    Key("prefix", TEXT, "What the names of all copies begin with.", "luckygarden/"),
    Key("access_key", TEXT, "The id of the key; without it that of the machine's role or environment.",
        '"${S3_ACCESS_KEY}"'),
    Key("secret_key", _SECRET, "The key itself.", '"${S3_SECRET_KEY}"'),
))  # fmt: skip

BOT_SHAPES = (_MEDIA,)
BOT_KEYS = (
    Key("media", Ref("media"), "The files that people send: what is fetched, and where copies are kept.",
        "{fetch: [image, document], keep: 90d}"),
)  # fmt: skip
