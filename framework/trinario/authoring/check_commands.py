"""Commands that a channel offers: each of them begins something, and how many there may be."""

from collections.abc import Iterator, Mapping

from trinario.authoring.finding import Findings
from trinario.authoring.near import listed
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.patterns import patterns
from trinario.engine.fold import fold
from trinario.model.flow import Trigger

MOST = 30


def check_commands(bot: ParsedBot, flows: Mapping[str, ParsedFlow], found: Findings) -> None:
    """T119 for a command that nothing takes as a word, T111 for more than the platform shows."""
    declared = [(one.id, name) for one in bot.settings for name in _commands(one.values.get("commands"))]
    if not declared:
        return
    triggers = [
        one for parsed in flows.values() if parsed.flow and bot.lists(parsed.name) for one in parsed.flow.triggers
    ]
    own = {fold(word) for one in patterns(bot.get("patterns") or {}, bot.get("locale") or "en").values()
           for words in one.words.values() for word in words}  # fmt: skip
    for channel, name in declared:
        if fold(name) not in own and not any(_takes(one, fold(name)) for one in triggers):
            found.warn("T119", found.node("channels", channel, "commands", name),
                       f'/{name} begins no flow, and is no word of the bot', f"write - keyword: [{name}] in a flow")  # fmt: skip
    for channel in dict.fromkeys(channel for channel, _ in declared):
        if sum(one == channel for one, _ in declared) > MOST:
            found.warn("T111", found.node("channels", channel, "commands"),
                       f"there are more than {MOST} commands, and WhatsApp shows no more",
                       f"leave some out, like {listed([name for _, name in declared[MOST:MOST + 2]])}")  # fmt: skip


def _commands(declared: object) -> Iterator[str]:
    yield from declared if isinstance(declared, Mapping) else ()


def _takes(trigger: Trigger, command: str) -> bool:
    """Whether a keyword takes what she sends with such a command: the word alone."""
    if trigger.kind != "keyword":
        return False
    if trigger.mode == "regex":
        return True
    words = {fold(word) for some in trigger.words.values() for word in some}
    return command in words or (trigger.mode == "contains" and any(word in command for word in words))
