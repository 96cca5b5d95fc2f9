"""What the platforms' error codes mean for us: two tables of rules, WhatsApp's and the Page's (meta.md 7.3 and 7.4).

Decided by code and subcode alone; the words of an error are for people. A code that no table knows is our fault until
somebody has looked at it (fix), unless the answer says that it passes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from trinario.model.failure import Action, Failure

RETRY, SLOW, TEMPLATE, DROP = Action.RETRY, Action.SLOW, Action.TEMPLATE, Action.DROP
UNREACHABLE, OPTOUT, TOKEN, ACCOUNT, FIX = (Action.UNREACHABLE, Action.OPTOUT, Action.TOKEN, Action.ACCOUNT, Action.FIX)

PAIR_LIMIT_LONGEST = 4.0**6
"""Seconds: where the growing wait of a pair limit stops."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What to do, `after` seconds at least; `tries` attempts later `then` instead. `grows`: 4^attempts seconds.

    `holds` is what stands still meanwhile besides the message: see `Failure`.
    """

    action: Action
    after: float | None = None
    tries: int = 0
    then: Action | None = None
    grows: bool = False
    holds: str = ""


def _each(codes: range, rule: Rule) -> dict[int, Rule]:
    return dict.fromkeys(codes, rule)


def _all(rule: Rule, *codes: int) -> dict[int, Rule]:
    return dict.fromkeys(codes, rule)


ONCE = Rule(RETRY, tries=1, then=FIX)
ANEW = Rule(RETRY, tries=1, then=FIX, holds="file")
"""The id of an uploaded file is no good any more: it is uploaded again, and the message tried once."""
MINUTE = 60.0
HOUR = 3600.0
DAY = 86_400.0
STOP = Rule(ACCOUNT, holds="channel")
DEAD = Rule(TOKEN, holds="channel")
CROWD = Rule(SLOW, MINUTE, holds="channel")
"""Too many calls of the whole account: all of it waits, since going on makes it worse (6)."""

WHATSAPP: Mapping[int, Rule] = {
    **_each(range(200, 300), STOP),
    **_each(range(131_201, 131_216), Rule(DROP)),  # groups
    **_each(range(132_000, 132_100), Rule(FIX)),  # templates and forms
    **_each(range(134_000, 134_200), Rule(FIX)),
    **_each(range(138_000, 138_024), Rule(DROP)),  # calling
    **_each(range(139_000, 139_007), Rule(FIX)),  # management of forms
    **_each(range(139_100, 139_104), Rule(DROP)),  # blocking
    **_each(range(147_001, 147_006), Rule(FIX)),  # names of businesses
    **_all(DEAD, 0, 190),
    **_all(Rule(RETRY), 2, 131_000, 131_016, 133_004),
    **_all(STOP, 3, 10, 33, 368, 1005, 131_005, 131_031, 131_037, 131_042, 131_044, 131_045),
    **_all(STOP, 133_000, 133_005, 133_006, 133_008, 133_009, 133_010, 133_016, 134_011),
    **_all(STOP, 2_388_001, 2_388_012, 2_388_091, 2_388_093, 2_388_103),  # a number on its way elsewhere
    **_all(Rule(FIX), 100, 131_008, 131_009, 131_030, 131_051, 131_055, 131_062, 131_063, 135_000),
    **_all(Rule(FIX), 2_388_019, 2_388_040, 2_388_047, 2_388_072, 2_388_073, 2_388_293, 2_388_299),
    **_all(Rule(DROP), 130_403, 130_472, 131_014, 131_020, 131_021, 131_041, 131_052, 131_059, 131_060, 137_000),
    **_all(Rule(DROP), 1_752_041, 2_494_191, 2_593_107, 2_593_108, 2_593_109),
    **_all(CROWD, 4, 613, 80_007, 80_008),
    **_all(Rule(UNREACHABLE), 1013, 1026, 130_497),
    1: ONCE,
    470: Rule(TEMPLATE),
    471: CROWD,
    130_429: Rule(SLOW, 3.0, holds="channel"),
    131_026: Rule(UNREACHABLE),
    131_047: Rule(TEMPLATE),
    131_049: Rule(DROP, DAY),
    131_048: Rule(ACCOUNT, HOUR, holds="bulk"),  # a limit on what the number begins itself: answers still go
    131_050: Rule(OPTOUT),
    131_053: ANEW,
    131_056: Rule(RETRY, grows=True),
    131_057: Rule(RETRY, MINUTE, holds="channel"),
    131_064: Rule(ACCOUNT, HOUR, holds="bulk"),
    132_015: Rule(RETRY, 3 * HOUR, holds="template"),  # paused: for 3 hours the first time
    132_016: Rule(FIX, holds="template"),
    132_069: Rule(SLOW, HOUR),
    133_015: Rule(RETRY, 5 * MINUTE),
    134_101: Rule(RETRY, 10 * MINUTE),
    138_013: CROWD,
    2_494_100: Rule(RETRY, 5 * MINUTE),
}

PAGE_CODES: Mapping[int, Rule] = {
    **_each(range(200, 300), STOP),
    **_each(range(2_018_173, 2_018_189), Rule(FIX)),
    **_each(range(2_018_389, 2_018_397), Rule(DROP)),  # calling
    **_all(DEAD, 102, 190, 463, 467),
    **_all(Rule(RETRY, tries=5, then=DROP), 1, 2, 1200),
    **_all(CROWD, 4, 9, 17, 32, 613, 80_001, 80_002, 80_006),
    **_all(STOP, 3, 10, 33, 368, 2022, 10_303, 36_103, 2_018_321),
    **_all(Rule(FIX), 100, 104, 105, 2_018_144, 2_018_171, 2_018_382),
    **_all(Rule(DROP), 10_900, 10_901, 10_903),  # private replies: answered already, too old, not to her
    **_all(Rule(DROP), 506, 2_018_218, 2_018_247, 2_018_300, 2_300_052, 9_000_001),
    551: Rule(UNREACHABLE, 3 * DAY),
}

PAGE_SUBCODES: Mapping[tuple[int, int], Rule] = {
    (10, 1_404_170): STOP,
    (10, 1_893_015): Rule(OPTOUT),
    (10, 1_893_063): STOP,
    (10, 2_018_065): Rule(TEMPLATE),
    (10, 2_018_108): Rule(RETRY, 10 * MINUTE, tries=3, then=DROP),
    (10, 2_018_278): Rule(TEMPLATE),
    (10, 2_018_300): Rule(DROP),
    (10, 2_018_336): STOP,
    (10, 2_534_022): Rule(TEMPLATE),
    (10, 2_534_077): Rule(DROP),
    (100, 33): STOP,
    (100, 2_018_001): Rule(UNREACHABLE),
    (100, 2_018_008): ONCE,
    (100, 2_018_074): ANEW,
    (100, 2_018_300): Rule(DROP),
    (100, 2_534_014): Rule(UNREACHABLE),
    (100, 2_534_025): Rule(DROP),
    (100, 2_534_029): Rule(UNREACHABLE),
    (100, 2_534_037): Rule(DROP),
    (200, 1_545_041): Rule(UNREACHABLE, 3 * DAY),
    (200, 2_018_028): STOP,
    (200, 2_534_041): STOP,
    (551, 1_545_041): Rule(UNREACHABLE, 3 * DAY),
    (613, 1_893_016): Rule(SLOW, 5 * MINUTE, holds="channel"),
    (613, 2_018_338): Rule(SLOW, 5 * MINUTE, holds="channel"),
    (613, 2_534_040): CROWD,
}
"""Where the subcode changes what the code says; every other pair goes by its code."""


def whatsapp_failure(code: int, reason: str, attempts: int = 0, *, passing: bool = False) -> Failure:
    """What a WhatsApp error means after `attempts` attempts; `passing` says that the answer calls it transient."""
    return _failure(WHATSAPP.get(code), code, 0, reason, attempts, passing)


def whatsapp_file_failure(code: int, reason: str, attempts: int = 0, *, passing: bool = False) -> Failure:
    """The same for a message with an uploaded file: 100 says that its id is no good any more."""
    rule = ANEW if code == 100 else WHATSAPP.get(code)
    return _failure(rule, code, 0, reason, attempts, passing)


def page_failure(code: int, subcode: int, reason: str, attempts: int = 0, *, passing: bool = False) -> Failure:
    """What an error of Messenger or Instagram means after `attempts` attempts."""
    rule = PAGE_SUBCODES.get((code, subcode)) or PAGE_CODES.get(code)
    return _failure(rule, code, subcode, reason, attempts, passing)


def _failure(rule: Rule | None, code: int, subcode: int, reason: str, attempts: int, passing: bool) -> Failure:
    code = max(code, 0)  # -1 stood for none
    if rule is None:
        return Failure(RETRY if passing else FIX, code, subcode, reason)
    if rule.then is not None and attempts >= rule.tries:
        return Failure(rule.then, code, subcode, reason)
    after = min(4.0 ** min(attempts, 10), PAIR_LIMIT_LONGEST) if rule.grows else rule.after
    return Failure(rule.action, code, subcode, reason, after, rule.holds)
