"""What a chat tells, as a terminal shows it: bubbles, options as they look on that channel, remarks."""

from collections.abc import Iterator, Mapping
from textwrap import wrap

from rich.cells import cell_len as cells

from trinario.authoring.printing import safe
from trinario.model.message import DOTS
from trinario.testing.chat.orders import HELP
from trinario.testing.chat.room import Remark
from trinario.testing.phone import Shown

_COLORS = {"whatsapp": "32", "messenger": "34", "instagram": "35", "telegram": "36", "note": "2", "fault": "31", "refused": "33",
           "option": "1"}  # fmt: skip
_NAMED = frozenset({"template", "cards", "location", "contact"})
"""Kinds that stand in the head of a bubble."""

_FORMS = {
    "buttons": ("[", "]", "buttons"),
    "quick": ("(", ")", "quick replies"),
    "feedback": ("[", "]", "a card with marks"),
}
NARROW, WIDE = 24, 72
"""Cells of the words in a bubble: at least, and at most."""


class Screen:
    """Prints for a terminal of so many cells; `platforms` are by channel, `color` false leaves all colours out."""

    def __init__(self, width: int, color: bool, platforms: Mapping[str, str]) -> None:
        self._width = max(NARROW, min(width - 6, WIDE))
        self._color, self._platforms = color, platforms

    def bubble(self, shown: Shown) -> str:
        """One message of the bot, with its options and links below it."""
        style = self._platforms.get(shown.channel, "")
        lines = [piece for line in _words(shown).split("\n") for piece in _wrapped(line, self._width)]
        kind = f" · {shown.kind}" if shown.kind in _NAMED else ""
        head = f"─ {shown.channel}{kind} "
        inner = max(*(cells(line) for line in lines), cells(head) - 1, 0)
        rows = [f"╭{head}{'─' * (inner + 2 - cells(head))}╮"]
        rows += [f"│ {line}{' ' * (inner - cells(line))} │" for line in lines]
        rows += [f"╰{'─' * (inner + 2)}╯"]
        framed = [self._paint(style, row) if not row.startswith("│") else self._walled(style, row) for row in rows]
        return "".join(f"  {row}\n" for row in (*framed, *self._below(shown)))

    def remark(self, remark: Remark) -> str:
        """A line beside the messages."""
        mark = {"note": "·", "fault": "!", "refused": "×"}[remark.kind]
        return "".join(f"  {self._paint(remark.kind, f'{mark} {line}')}\n" for line in safe(remark.text).split("\n"))

    def help(self) -> str:
        """Every order."""
        room = max(map(len, HELP))
        return "".join(f"  {order:<{room}}  {self._paint('note', about)}\n" for order, about in HELP.items())

    def _walled(self, style: str, row: str) -> str:
        return f"{self._paint(style, '│')}{row[1:-1]}{self._paint(style, '│')}"

    def _below(self, shown: Shown) -> Iterator[str]:
        """Options by number and links, as that channel shows them."""
        titles = [f"{number} {safe(title)}" for number, (_, title) in enumerate(shown.options, 1)]
        if shown.kind in _FORMS and titles:
            opened, closed, name = _FORMS[shown.kind]
            row = "  ".join(self._paint("option", f"{opened}{title}{closed}") for title in titles)
            yield f"  {row}  {self._paint('note', name)}"
        elif titles:
            yield f"  {self._paint('note', '≡ a list opens')}"
            yield from (f"    {self._paint('option', title)}" for title in titles)
        for title, address in shown.links:
            yield f"  {self._paint('option', f'<{safe(title)}>')}  {self._paint('note', safe(address))}"

    def _paint(self, name: str, text: str) -> str:
        code = _COLORS.get(name)
        return f"\033[{code}m{text}\033[0m" if self._color and code else text


def _words(shown: Shown) -> str:
    """What stands in the bubble; a file is its kind and address."""
    media = [f"[{shown.media[0]}: {shown.media[1]}]"] if shown.media else []
    cards = [f"▢ {title}" for title in shown.cards]
    pin = [f"⌖ {shown.thing}"] if shown.kind == "location" else []
    said = shown.text.replace(DOTS, shown.code) if shown.code else shown.text  # whoever types it has to see it
    text = "\n".join([*media, *([said] if shown.text and not pin else []), *cards, *pin])
    return "\u200d".join(map(safe, text.split("\u200d")))  # what joins emoji may stay


def _wrapped(line: str, width: int) -> list[str]:
    """A line in pieces of at most so many cells."""
    pieces = wrap(line, width, break_long_words=True, break_on_hyphens=False, replace_whitespace=False) or [""]
    wide = [piece for piece in pieces if cells(piece) > width]
    if not wide or width < 4:
        return pieces
    return [part for piece in pieces for part in (_wrapped(piece, width // 2) if cells(piece) > width else [piece])]
