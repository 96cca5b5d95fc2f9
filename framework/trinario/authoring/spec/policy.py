"""The table of policy: when marketing may be sent, and when the bot says that it is one."""

from trinario.authoring.spec.kinds import (
    CHANNEL,
    DURATION,
    LATE,
    REGION,
    SPAN,
    Atom,
    Either,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Ref,
    Shape,
)

_NEED = OneOf(("opt_in", "opt_out"))
_PLACES = Atom("whole", "a whole number from 1 to 1000", json="integer", least=1, most=1000)

_POLICY = Shape("policy", "When marketing may be sent. A flow may be tighter than its bot, never looser.", (
    Key("quiet_hours", ListOf(SPAN),
        "The hours of her day without marketing that she has not asked for: it waits until they are over.",
        '"21:00-09:00"'),
    Key("late", LATE, "What becomes of marketing that would have to wait: it is sent later, or not at all.",
        "skip after 3h", default="send"),
    Key("cap", ListOf(Ref("cap")), "How much marketing one person gets at most, over all channels, flows and campaigns.",
        "[{max: 2, per: 1d}]"),
    Key("consent", Either("opt_in or opt_out, or one of them by channel", scalar=_NEED,
                          mapping=MapOf(_NEED, keys=CHANNEL, least=1)),
        "Whether marketing takes a yes of hers, or only no no.", "{whatsapp: opt_in}", default="opt_out"),
))  # fmt: skip

_CAP = Shape("cap", "At most so many in any stretch of time that is so long.", (
    Key("max", _PLACES, "How many: what is said in one go counts once.", "2", required=True),
    Key("per", DURATION, "In how long; a day has 24 hours.", "1d", required=True),
))  # fmt: skip

_DISCLOSURE = Shape("disclosure", "When the bot says that it is one, in the words of the pattern `disclosure`.", (
    Key("when", ListOf(OneOf(("start", "lapse", "takeover"))),
        "At the first message, when it last said so `after` ago, when it takes over from a person.",
        "[start, lapse, takeover]"),
    Key("after", DURATION, "How long ago it may last have said so; needs `lapse`.", "30d", default="30d"),
    Key("countries", ListOf(REGION), "To whom: numbers of these countries, and all without a number. Else to everybody.", "[DE, US]"),
))  # fmt: skip

BOT_KEYS = (
    Key("policy", Ref("policy"), "When marketing may be sent.", '{quiet_hours: "21:00-09:00"}'),
    Key("disclosure", Ref("disclosure"), "When the bot says that it is one.", "{when: [start, takeover]}"),
)
FLOW_KEYS = (
    Key("policy", Ref("policy"), "When its marketing may be sent; only tighter than the bot says.",
        '{quiet_hours: "18:00-10:00"}'),
)  # fmt: skip
SHAPES = (_POLICY, _CAP, _DISCLOSURE)
