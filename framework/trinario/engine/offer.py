"""The choices of a question as they are offered: titles in her language, every word that means them, payloads."""

from decimal import Decimal

from trinario.engine.answer.scale import SCALES, scale_of
from trinario.engine.draft import Draft
from trinario.engine.limits import OFFERS_KEPT
from trinario.engine.say_words import text_of
from trinario.engine.values import kept
from trinario.engine.words import phrase_of
from trinario.errors import EvaluationError
from trinario.expressions.printing import text_of as printed
from trinario.model.flow import Ask, Choice, ChoicesFrom
from trinario.model.message import Option
from trinario.model.session import Offered


def offered(step: Ask, draft: Draft, prompt: str) -> tuple[Offered, ...]:
    """The choices under payloads `prompt/1`, `prompt/2` ...; none for a question without choices."""
    if isinstance(step.choices, ChoicesFrom):
        return _from_data(step.choices, draft, prompt)
    if step.choices:
        return _declared(step, step.choices, draft, prompt)
    if step.type in SCALES:
        least, most = scale_of(step)
        return tuple(
            Offered(f"{prompt}/{at}", str(number), Decimal(number), str(number))
            for at, number in enumerate(range(least, most + 1), 1)
        )
    return _yes_no(draft, prompt) if step.type == "yes_no" else ()


def listed(step: Ask, draft: Draft, options: tuple[Offered, ...]) -> str:
    """The choices as numbered lines, where several may be named: a tap would end the question with one."""
    if step.type != "multi_choice" or not options:
        return ""
    lines = (f"{number}. {option.title}" for number, option in enumerate(options, 1))
    return "\n".join(lines) + f"\n\n{draft.pattern('choices.several')}".rstrip()


def shown(step: Ask, draft: Draft, options: tuple[Offered, ...]) -> tuple[Option, ...]:
    """The offered choices as things to tap; none where several may be named."""
    if step.type == "multi_choice":
        return ()
    declared = step.choices if isinstance(step.choices, tuple) and len(step.choices) == len(options) else ()
    if not declared:
        return tuple(Option(option.payload, option.title) for option in options)
    return tuple(
        Option(option.payload, option.title, text_of(draft, choice.description) if choice.description else "")
        for option, choice in zip(options, declared, strict=True)
    )


def _declared(step: Ask, choices: tuple[Choice, ...], draft: Draft, prompt: str) -> tuple[Offered, ...]:
    """Titles that nothing is rendered into are worked out once for each language."""
    key = step.name, draft.contact.language or ""
    kept_ones = draft.facts.offers.get(key)
    if kept_ones is None:
        made = tuple(_choice(choice, draft, f"{prompt}/{number}") for number, choice in enumerate(choices, 1))
        if key not in draft.facts.offers and len(draft.facts.offers) < OFFERS_KEPT:
            constant = all(phrase_of(draft.flow, draft.contact, one.title).constant is not None for one in choices)
            draft.facts.offers[key] = made if constant else None
        return made
    return tuple(
        Offered(f"{prompt}/{number}", one.title, one.value, one.source, one.also, one.next)
        for number, one in enumerate(kept_ones, 1)
    )


def _choice(choice: Choice, draft: Draft, payload: str) -> Offered:
    title, source = text_of(draft, choice.title), choice.title.phrase
    words = [*_titles(choice, draft), *(word for also in choice.also.values() for word in also)]
    plain = source.constant if source.constant is not None else title
    return Offered(payload, title, kept(choice.value), plain, tuple(words), choice.next)


def _titles(choice: Choice, draft: Draft) -> list[str]:
    """Its titles in the other languages: somebody reads aloud from another phone."""
    found: list[str] = []
    for words in draft.flow.words.values():
        phrase = words.get(choice.title.key)
        if phrase is not None and phrase.constant is not None:
            found.append(phrase.constant)
    return found


def _yes_no(draft: Draft, prompt: str) -> tuple[Offered, ...]:
    return tuple(
        Offered(f"{prompt}/{number}", _yes_no_title(draft, name), value, name, _yes_no_words(draft, name))
        for number, (name, value) in enumerate((("yes", True), ("no", False)), 1)
    )


def _yes_no_title(draft: Draft, name: str) -> str:
    return draft.pattern(name) or name.capitalize()


def _yes_no_words(draft: Draft, name: str) -> tuple[str, ...]:
    pattern = draft.bot.patterns.get(name)
    if pattern is None:
        return ()
    titles = [phrase.constant for phrase in pattern.texts.values() if phrase.constant is not None]
    return tuple(dict.fromkeys([*titles, *(word for words in pattern.words.values() for word in words)]))


def _from_data(source: ChoicesFrom, draft: Draft, prompt: str) -> tuple[Offered, ...]:
    items = source.items.value(draft.scope)
    if items is None:
        return ()
    if not isinstance(items, list | tuple):
        raise EvaluationError("`from` of the choices needs a list")
    found: list[Offered] = []
    for number, item in enumerate(items, 1):
        scope = draft.scope.beside(item=item)
        title = printed(source.title.value(scope)).strip()
        if not title:
            raise EvaluationError("a choice from data has no title")
        found.append(Offered(f"{prompt}/{number}", title, kept(source.value.value(scope)), title))
    return tuple(found)
