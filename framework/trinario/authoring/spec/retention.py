"""The table of `retention` in bot.yaml: how long what happened is kept."""

from trinario.authoring.spec.kinds import Atom, Key, Ref, Shape

KEPT = Atom(
    "kept", "a duration, like 30d, or always", pattern=r"^\+?([0-9]{1,9}(\.[0-9]{1,6})? ?[smhdw])+$|^\+?P|^always$"
)

_RETENTION = Shape("retention", "How long what happened is kept. Who is erased is erased at once, whatever stands here.", (
    Key("raw", KEPT, "The bytes of webhooks, beside what was read of them; and which news were told to whom.", "7d", default="30d"),
    Key("strays", KEPT, "What came in and is nobody's: news of accounts, what was not understood.", "30d", default="90d"),
    Key("calls", KEPT, "Calls to services that are over.", "30d", default="always"),
    Key("notices", KEPT, "Notices to teams that went or failed.", "30d", default="always"),
    Key("events", KEPT, "The history: goals, tags, faults; evidence of links, merges and permissions stays.", "365d",
        default="always"),
    Key("steps", KEPT, "Which steps of flows people came to, which the reports of flows count.", "365d", default="always"),
    Key("messages", KEPT, "What was said and heard, with the files that people sent.", "730d", default="always"),
))  # fmt: skip

BOT_SHAPES = (_RETENTION,)
BOT_KEYS = (
    Key("retention", Ref("retention"), "How long what happened is kept.", "{raw: 7d, messages: 730d}"),
)  # fmt: skip
