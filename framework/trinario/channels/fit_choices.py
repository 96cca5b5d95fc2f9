"""Choices inside a platform's limits: things to tap, pages of them, or a numbered text (meta.md 14.5)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from trinario.channels.fit_words import joined, parts
from trinario.channels.graphemes import shortened, trimmed
from trinario.channels.scale import fit_card
from trinario.channels.split import split_for_taps
from trinario.model.channel import Limits
from trinario.model.message import PAGE, Choices, Content, Option, Text

LIST_BUTTON = "☰"
"""What opens a list whose author named no word for it."""


def fit_choices(content: Choices, limits: Limits) -> list[Content]:
    """Things to tap on the last part; more than the platform shows are paged, or a numbered text."""
    if limits.feedback and (card := fit_card(content)) is not None:
        return [card]
    options, words = content.options[content.start :], trimmed(content.text)
    more = _turned(content, limits)
    if more is not None:
        options = options[:PAGE]
    elif not options or len(options) > limits.most_choices:
        return parts(joined(words, _scale(options) or _numbered(options)), limits)
    count = len(options) + (more is not None)
    shown = _shown(options, limits, count, content.start, (more.title,) if more else ())
    words = _with_unshown(words, options, shown, content.start)
    *before, last = split_for_taps(words, limits)
    button = shortened(trimmed(content.button) or LIST_BUTTON, limits.list_button)
    tapped = (*shown, more) if more else shown
    return [*map(Text, before), Choices(last, tapped, button if _is_list(count, limits) else "")]


def _turned(content: Choices, limits: Limits) -> Option | None:
    """What turns the page, when there is another."""
    left, title = len(content.options) - content.start, " ".join(trimmed(content.more).split())
    if not title or left <= limits.most_choices or limits.most_choices <= PAGE:
        return None
    prompt = content.options[0].payload.rpartition("/")[0]
    return Option(f"{prompt}/more/{content.start + PAGE}", shortened(title, limits.title_limit(PAGE + 1)))


def _with_unshown(words: str, options: Sequence[Option], shown: Sequence[Option], start: int) -> str:
    """The words with all that the options do not show themselves."""
    cut = any(new.title != trimmed(old.title) for new, old in zip(shown, options, strict=True))
    unsaid = [old for new, old in zip(shown, options, strict=True) if new.description != trimmed(old.description)]
    if cut or not words:
        return joined(words, _numbered(options, start))
    return joined(words, [_line(option.title, option.description) for option in unsaid]) if unsaid else words


def _is_list(count: int, limits: Limits) -> bool:
    return limits.buttons < count <= limits.list_rows


def _numbered(options: Sequence[Option], start: int = 0) -> list[str]:
    return [f"{number}. {_line(one.title, one.description)}" for number, one in enumerate(options, start + 1)]


def _scale(options: Sequence[Option]) -> list[str]:
    """Options that are numbers in order stand in one line: a number before each would be mistaken for the answer."""
    titles = [trimmed(option.title) for option in options]
    numbers = [int(title) for title in titles if title.isascii() and title.isdecimal()]
    if not numbers or len(numbers) < len(titles) or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return []
    return [" · ".join(titles)]


def _line(title: str, description: str) -> str:
    return " – ".join(filter(None, (trimmed(title), trimmed(description))))


def _shown(
    options: Sequence[Option], limits: Limits, count: int, start: int, others: Sequence[str]
) -> tuple[Option, ...]:
    """The options as they can be tapped: too long, blank or double titles become short, numbered, unique.

    `count` things are tapped in all, among them `others`; `start` options stand on the pages before.
    """
    limit = limits.title_limit(count)
    titles = [trimmed(option.title) for option in options]
    every = [*titles, *others]
    good = [0 < len(title) <= limit and "\n" not in title and every.count(title) == 1 for title in titles]
    taken = {*others, *(title for title, fits in zip(titles, good, strict=True) if fits)}
    shown = []
    for number, (option, title, fits) in enumerate(zip(options, titles, good, strict=True), start + 1):
        if not fits:
            title = next(name for name in _short_names(number, title, limit) if name not in taken)
            taken.add(title)
        shown.append(replace(option, title=title, description=_described(option, limits, count)))
    return tuple(shown)


def _short_names(number: int, title: str, limit: int) -> Iterator[str]:
    """Ever plainer names for an option, all of which say its number."""
    flat = " ".join(title.split())
    if flat:
        yield shortened(f"{number}. {flat}", limit)
    for dots in range(limit):
        yield str(number) + "." * dots


def _described(option: Option, limits: Limits, count: int) -> str:
    """Only rows of a list have descriptions; one that is too long stands whole in the text."""
    description = trimmed(option.description)
    return description if _is_list(count, limits) and len(description) <= limits.list_description else ""
