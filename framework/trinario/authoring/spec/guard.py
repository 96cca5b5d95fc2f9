"""The table of `guard` in bot.yaml: who writes like no person does."""

from trinario.authoring.spec.kinds import DURATION, WHOLE, Key, ListOf, Ref, Shape

_FLOOD = Shape("flood", "More messages of one person than a person writes.", (
    Key("messages", WHOLE, "How many messages are a person's still.", "30", required=True),
    Key("within", DURATION, "Within which time; a day at most.", "1m", required=True),
))  # fmt: skip

_GUARD = Shape("guard", "When answers to somebody are paused who writes like no person does: another bot, or a flood."
    " What she writes is kept, and the teams are told.", (
    Key("floods", ListOf(Ref("flood"), least=0),
        "What is too much ([]: nothing); without it 30 in a minute, and 150 in half an hour.",
        "[{messages: 30, within: 1m}]"),
    Key("same", WHOLE, "How often the same words may come in a row within ten minutes; 0 looks at nothing.", "10",
        default="10"),
    Key("pause", DURATION, "How long the bot is silent then.", "15m", default="15m"),
))  # fmt: skip

BOT_SHAPES = (_FLOOD, _GUARD)
BOT_KEYS = (
    Key("guard", Ref("guard"), "When answers are paused to who writes like no person does.", "{pause: 1h}"),
)  # fmt: skip
