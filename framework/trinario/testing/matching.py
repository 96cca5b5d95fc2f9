"""What the bot said against what the talk lists: message by message, and aligned when they differ."""

from collections.abc import Sequence
from dataclasses import dataclass

import re2

from trinario.testing.phone import Shown
from trinario.testing.script import Expected


@dataclass(frozen=True, slots=True)
class Awaited:
    """One listed message, with who has to hear it, and on which channel if that was named."""

    expected: Expected
    person: str
    channel: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A listed message and a said one that belong together; None on one side: it is missing, or was not listed.

    `why` says in what they differ; "" if they do not.
    """

    awaited: Awaited | None
    shown: Shown | None
    why: str = ""

    @property
    def fits(self) -> bool:
        """Whether this is as listed."""
        return self.awaited is not None and self.shown is not None and not self.why


def compared(awaited: Sequence[Awaited], said: Sequence[Shown]) -> list[Pair]:
    """Both lists, aligned on the messages that fit. Their order counts for each person, not between two."""
    people = dict.fromkeys([*(one.person for one in awaited), *(one.person for one in said)])
    pairs: list[Pair] = []
    for person in people:
        pairs += _aligned([a for a in awaited if a.person == person], [s for s in said if s.person == person])
    return pairs


def _aligned(awaited: Sequence[Awaited], said: Sequence[Shown]) -> list[Pair]:
    if len(awaited) == len(said):
        return [Pair(one, other, difference(one, other)) for one, other in zip(awaited, said, strict=True)]
    pairs: list[Pair] = []
    left, right = 0, 0
    for one, other in _common(awaited, said):
        pairs += [Pair(item, None) for item in awaited[left:one]] + [Pair(None, item) for item in said[right:other]]
        pairs.append(Pair(awaited[one], said[other]))
        left, right = one + 1, other + 1
    return pairs + [Pair(item, None) for item in awaited[left:]] + [Pair(None, item) for item in said[right:]]


def _common(awaited: Sequence[Awaited], said: Sequence[Shown]) -> list[tuple[int, int]]:
    """The longest run of pairs that fit, in order."""
    best: list[list[list[tuple[int, int]]]] = [[[] for _ in range(len(said) + 1)] for _ in range(len(awaited) + 1)]
    for one in range(len(awaited) - 1, -1, -1):
        for other in range(len(said) - 1, -1, -1):
            found = max(best[one + 1][other], best[one][other + 1], key=len)
            if not difference(awaited[one], said[other]):
                found = max(found, [(one, other), *best[one + 1][other + 1]], key=len)
            best[one][other] = found
    return best[0][0]


def difference(awaited: Awaited, shown: Shown) -> str:
    """In what a message differs from what is listed; "" if in nothing."""
    expected = awaited.expected
    if (shown.kind == "public") != (expected.public is not None):
        return "it is said for everybody to read" if shown.kind == "public" else "it is not said in public"
    if (shown.kind == "reaction") != (expected.reaction is not None):
        return "it is a sign on her message" if shown.kind == "reaction" else "it is no sign on her message"
    if awaited.channel is not None and shown.channel != awaited.channel:
        return f"it is said on {shown.channel}, not on {awaited.channel}"
    return _words(expected, shown) or _parts(expected, shown)


def _words(expected: Expected, shown: Shown) -> str:
    if expected.text is not None and shown.text.strip() != expected.text:
        return "the words differ"
    missing = [part for part in expected.contains if part not in shown.text]
    if missing:
        return f"it does not contain {missing[0]!r}"
    if expected.matches is not None and not re2.search(expected.matches, shown.text):
        return f"it does not match {expected.matches}"
    return ""


def _parts(expected: Expected, shown: Shown) -> str:
    titles = tuple(title for _, title in shown.options)
    if expected.choices is not None and titles != expected.choices:
        return f"its choices are {', '.join(titles) or 'none'}, not {', '.join(expected.choices) or 'none'}"
    if expected.links is not None and not _links_fit(expected.links, shown.links):
        found = ", ".join(title for title, _ in shown.links) or "none"
        return f"its links are {found}, not {', '.join(expected.links) or 'none'}"
    if expected.media is not None:
        kind, address = expected.media
        if shown.media is None or shown.media[0] != kind or address not in shown.media[1]:
            return f"it is no {kind} from {address}"
    return _things(expected, shown)


def _things(expected: Expected, shown: Shown) -> str:
    """Cards, places, people's cards and templates; what is public, and signs."""
    if expected.public is not None and shown.text.strip() not in expected.public:
        return "the public words differ"
    if expected.reaction is not None and shown.thing.rstrip("\ufe0f") != expected.reaction.rstrip("\ufe0f"):
        return f"the sign is {shown.thing}, not {expected.reaction}"
    if expected.cards is not None and shown.cards != expected.cards:
        return f"its cards are {', '.join(shown.cards) or 'none'}, not {', '.join(expected.cards)}"
    if expected.location is not None and (shown.kind != "location" or expected.location not in shown.thing):
        return f"it is no pin at {expected.location}"
    for kind, wanted in (("contact", expected.contact), ("template", expected.template)):
        if wanted is not None and (shown.kind, shown.thing) != (kind, wanted):
            return f"it is no {kind} {wanted}"
    return ""


def _links_fit(expected: Sequence[str], links: Sequence[tuple[str, str]]) -> bool:
    """By the whole title, or by a part of the address."""
    if len(expected) != len(links):
        return False
    return all(one == title or one in url for one, (title, url) in zip(expected, links, strict=True))


def listed(expected: Expected) -> str:
    """A listed message as a talk's diff shows it."""
    parts = [expected.text] if expected.text is not None else []
    parts += [f"(public) {' | '.join(expected.public)}"] if expected.public is not None else []
    parts += [f"(reaction: {expected.reaction})"] if expected.reaction is not None else []
    parts += [f"… {part} …" for part in expected.contains]
    parts += [f"/{expected.matches}/"] if expected.matches is not None else []
    parts += [f"[{expected.media[0]}: {expected.media[1]}]"] if expected.media else []
    parts += [f"[{' | '.join(expected.choices)}]"] if expected.choices is not None else []
    parts += [f"<{' | '.join(expected.links)}>"] if expected.links is not None else []
    parts += [f"(cards: {' | '.join(expected.cards)})"] if expected.cards is not None else []
    things = (("location", expected.location), ("contact", expected.contact), ("template", expected.template))
    parts += [f"({kind}: {thing})" for kind, thing in things if thing is not None]
    return " ".join(parts)


def said(shown: Shown) -> str:
    """A message of the bot as a talk's diff shows it."""
    parts = [f"[{shown.media[0]}: {shown.media[1]}]"] if shown.media else []
    parts += ["(public)"] if shown.kind == "public" else []
    parts += [shown.text] if shown.text else []
    parts += [f"[{' | '.join(title for _, title in shown.options)}]"] if shown.options else []
    parts += [f"<{' | '.join(title for title, _ in shown.links)}>"] if shown.links else []
    parts += [f"(cards: {' | '.join(shown.cards)})"] if shown.cards else []
    parts += [f"({shown.kind}: {shown.thing})"] if shown.thing else []
    return " ".join(parts)
