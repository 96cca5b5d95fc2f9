"""Answers against the bot that asks: a currency for `money`, defaults that are answers, choices that differ."""

from dataclasses import replace
from datetime import UTC, datetime

from trinario.authoring.finding import Findings
from trinario.authoring.near import listed
from trinario.authoring.parse_bot import ParsedBot, currency_of
from trinario.authoring.patterns import patterns
from trinario.authoring.spec.answers import ANSWERS
from trinario.engine.answer.heed import TIMED
from trinario.engine.answer.reading import Good, Heeded
from trinario.engine.answer.table import read
from trinario.engine.fold import fold
from trinario.expressions import Phrase
from trinario.model.channel import Identity
from trinario.model.flow import Ask, Choice, Flow
from trinario.model.heard import Heard
from trinario.model.session import Offered

_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""What `tomorrow` means does not matter to whether it can be read."""


def check_answers(flow: Flow, bot: ParsedBot, found: Findings) -> None:
    """T014 for money in a bot without a currency, T021 for a default that is no answer, T113 for choices alike."""
    for step in flow.steps.values():
        if not isinstance(step, Ask):
            continue
        if step.type == "money" and not currency_of(bot):
            found.fault("T014", found.node("steps", step.name, "type"),
                        f'question "{step.name}" asks for money, and bot "{bot.name}" has no currency',
                        "write currency: EUR in bot.yaml, or region: IT")  # fmt: skip
        if step.type == "otp":
            _check_code(step, bot, found)
        _check_default(step, bot, found)
        if isinstance(step.choices, tuple):
            for locale in flow.words:
                _check_twins(step, step.choices, flow, locale, found)


def _check_code(step: Ask, bot: ParsedBot, found: Findings) -> None:
    """Codes go by WhatsApp, to whoever is there."""
    if not any(channel.platform == "whatsapp" for channel in bot.settings):
        found.fault("T153", found.node("steps", step.name, "type"),
                    f'question "{step.name}" sends a code by WhatsApp, and bot "{bot.name}" is not there',
                    "add a WhatsApp channel to bot.yaml")  # fmt: skip
    said = step.phone.constant if step.phone is not None else None
    if said is not None:
        found.fault("T153", found.node("steps", step.name, "phone"), "a code goes to the number that she has named, not to one of ours",
                    'write phone: "{{ answers.number }}"')  # fmt: skip


def po_of(flow: Flow, locale: str) -> str:
    """The file in which a flow speaks that language."""
    return f"{flow.file.removesuffix('.yaml')}.{locale}.po"


# ---- defaults


def _check_default(step: Ask, bot: ParsedBot, found: Findings) -> None:
    """What is saved on a time-out is read as an answer; words that are none would be saved as they stand."""
    said = step.default.constant if step.default is not None else None
    kind = ANSWERS.get(step.type)
    if said is None or kind is None or not kind.closed or (step.choices and not isinstance(step.choices, tuple)):
        return
    if step.type == "choice" and any(said == str(choice.value) for choice in _choices(step)):
        return
    if not _is_answer(step, said, bot):
        hint = f"write one of {listed([choice.title.phrase.source for choice in _choices(step)])}"
        found.fault("T021", found.node("steps", step.name, "default"),
                    f'"{said}" is no answer to "{step.name}", which is a question of the type {step.type}',
                    hint if step.choices else f"what it takes: {kind.takes}")  # fmt: skip


def _is_answer(step: Ask, said: str, bot: ParsedBot) -> bool:
    live = any(isinstance(bound, Phrase) for bound in (step.min, step.max))
    plain = replace(step, min=None, max=None) if live or step.type in (*TIMED, "duration") else step
    heard = Heard(Identity("", "", ""), "", _SOME_DAY, "text", said)
    locale = bot.get("locale") or "en"
    heeded = Heeded(plain, heard, said, _offered(step, bot), locale, bot.get("region"), currency_of(bot), _SOME_DAY)
    return isinstance(read(heeded), Good)


def _choices(step: Ask) -> tuple[Choice, ...]:
    return step.choices if isinstance(step.choices, tuple) else ()


def _offered(step: Ask, bot: ParsedBot) -> tuple[Offered, ...]:
    if step.type == "yes_no":
        known = patterns(bot.get("patterns") or {}, bot.get("locale") or "en")
        words = {name: tuple(word for said in known[name].words.values() for word in said) for name in ("yes", "no")}
        return tuple(Offered(name, name, name == "yes", name, words[name]) for name in ("yes", "no"))
    return tuple(
        Offered(str(number), one.title.phrase.source, one.value, one.title.phrase.source, _further(one))
        for number, one in enumerate(_choices(step), 1)
    )


def _further(choice: Choice) -> tuple[str, ...]:
    return tuple(word for words in choice.also.values() for word in words)


# ---- choices alike


def _check_twins(step: Ask, choices: tuple[Choice, ...], flow: Flow, locale: str, found: Findings) -> None:
    """Titles that differ in the flow, and not in a translation."""
    places = {written.key: written.scalar for written in found.notes.written if written.translated}
    table = flow.words[locale]
    seen: dict[str, str] = {}
    for choice in choices:
        phrase = table.get(choice.title.key, choice.title.phrase)
        if phrase.constant is None:
            continue
        other = seen.setdefault(fold(phrase.constant), choice.title.phrase.source)
        if other != choice.title.phrase.source and choice.title.key in table:
            found.fault("T113", places.get(choice.title.key, found.step_key(step.name)),
                        f'in {locale} this choice is called "{phrase.constant}", as "{other}" is',
                        f"give it a title of its own in {po_of(flow, locale)}")  # fmt: skip
            return
