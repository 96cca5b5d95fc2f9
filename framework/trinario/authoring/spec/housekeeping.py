"""The table of `housekeeping` in bot.yaml: when the bot tidies up."""

from trinario.authoring.spec.kinds import CRON, ZONE, Key, Ref, Shape

_HOUSEKEEPING = Shape("housekeeping", "When the bot tidies up; of several processes one does it.", (
    Key("retention", CRON, "When what is kept no longer (`retention`) is forgotten; else every hour.", '"0 3 * * *"'),
    Key("tokens", CRON, "When tokens that are old enough (`renew_after`) are renewed; else within ten minutes.", '"30 4 * * *"'),
    Key("templates", CRON, "When Meta is asked how its templates stand, in case a webhook was lost; else never.",
        '"0 5 * * *"'),
    Key("zone", ZONE, "The zone of these times; else the bot's.", "Europe/Rome"),
))  # fmt: skip

BOT_SHAPES = (_HOUSEKEEPING,)
BOT_KEYS = (Key("housekeeping", Ref("housekeeping"), "When the bot tidies up.", '{retention: "0 3 * * *"}'),)
