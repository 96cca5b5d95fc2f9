"""A picture of bars and words: as SVG, light and dark, or as PNG (with the extra `charts`); nothing of it from elsewhere."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from trinario.cli.columns import cut, folded, shortened, wide_of
from trinario.errors import ConfigError

WIDTH, LEFT, RIGHT, ROW, TOP, LINE = 740, 190, 130, 34, 64, 20
"""Units of the picture; RIGHT is the least room of the numbers, LINE the height of a line of the legend."""

COLOURS = ("#2f6f4f", "#c9772b", "#3b6ea5", "#8a4f7d", "#7a7a2e", "#5b5b5b", "#c04848", "#58a6a6", "#e0b84c", "#8c6b4f")
"""One for each variant, told apart also by who does not see red and green alike."""

OF_ALL = "#7d9488"
"""The colour of what is told of all of them."""

SHOWN = 22
"""Columns of a name that have room beside its bar, or in the legend."""

TITLE, TITLE_LINE, NARROW, LEAST = 60, 24, 7.2, 2.0
"""Columns of a line of a title, for the widest typefaces of browsers, and its height; units of a letter of a note; the width of
a bar of what is few but not nothing."""

EDGE = 4
"""Units that stay free at the edge."""

_PAPER = {"b": "#ffffff", "g": "#e7ede9"}
_INK = {"": "#1c2b25", "t": "#1c2b25", "n": "#5a6a62"}
_SIZES = {"": 14, "t": 17, "n": 12}
_STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#1c2b25}.t{font-weight:600;font-size:17px}.n{font-size:12px;fill:#5a6a62}"
    ".b{fill:#fff}.g{fill:#e7ede9}@media(prefers-color-scheme:dark){.b{fill:#121a16}text{fill:#e4ece7}.n{fill:#9fb0a7}.g{fill:#24312a}}"
)

SHARPER = 2
"""Pixels of a PNG for each unit of the picture."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; `colour` is one, or `b` or `g`: of the paper, of what a bar could be."""

    left: float
    top: float
    width: float
    height: float
    colour: str
    round: int = 3


@dataclass(frozen=True, slots=True)
class Word:
    """Words whose line stands at `base`. `look`: `t` a title, `n` a note; they end at `left` when `end`, and have no more room than
    that."""

    left: float
    base: float
    text: str
    look: Literal["", "t", "n"] = ""
    end: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be drawn, on paper of this height; `said` tells it to who cannot see it."""

    height: int
    said: str
    shapes: tuple[Bar | Word, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A bar of a chart: `shares` divide it in colours, a note stands behind the number."""

    name: str
    count: int
    shares: tuple[int, ...] = ()
    note: str = ""


def chart(title: str, rows: Sequence[Row], legend: Sequence[str] = ()) -> Picture:
    """Bars as long as their numbers, which stand beside them; `legend` names the shares."""
    most = max((row.count for row in rows), default=0)
    notes = [_note(row, most) for row in rows]
    right = max(RIGHT, *(22 + NARROW * len(note) for note in notes)) if notes else RIGHT
    titles = _title(title)
    top = TOP + TITLE_LINE * (len(titles) - 1)
    named, lines = _legend(legend, top + ROW * len(rows) + 18)
    height = top + ROW * len(rows) + (10 + LINE * lines if lines else 12)
    shapes: list[Bar | Word] = [Bar(0, 0, WIDTH, height, "b", 0), *titles]
    for number, (row, note) in enumerate(zip(rows, notes, strict=True)):
        shapes += _row(top + ROW * number, row, note, most, round(WIDTH - LEFT - right))
    return Picture(height, ", ".join(f"{row.name} {row.count}" for row in rows), (*shapes, *named))


def _title(words: str) -> list[Word]:
    """A title in one line, or in two."""
    first, *rest = folded(words, TITLE)
    lines = [first, " ".join(rest)] if rest else [first]
    return [Word(16, 30 + TITLE_LINE * at, cut(line, TITLE), "t") for at, line in enumerate(lines)]


def share(count: int, of: int) -> str:
    """In percent; few is not none."""
    return "<1%" if 0 < count / of < 0.005 else f"{count / of:.0%}"


def _note(row: Row, most: int) -> str:
    """The number, and its share or what else is told of it."""
    note = row.note or (share(row.count, most) if most else "")
    return f"{row.count:,}" + (f" · {note}" if note else "")


def _row(top: int, row: Row, note: str, most: int, room: int) -> list[Bar | Word]:
    shapes: list[Bar | Word] = [
        Word(LEFT - 12, top + 18, cut(row.name, SHOWN), end=True), Bar(LEFT, top + 2, room, 22, "g")
    ]  # fmt: skip
    shapes += _shares(top, row, room / most if most else 0.0)
    return [*shapes, Word(LEFT + room + 10, top + 18, note, "n")]


def _shares(top: int, row: Row, unit: float) -> list[Bar]:
    """The bar in its colours; of too few to see them, in one."""
    if row.count and max(row.shares or (row.count,)) * unit < LEAST / 2:
        return [Bar(LEFT, top + 2, max(LEAST, row.count * unit), 22, OF_ALL, 0)]
    found, left, colours = [], float(LEFT), COLOURS if row.shares else (OF_ALL,)
    several = sum(map(bool, row.shares)) > 1
    for number, share in enumerate(row.shares or (row.count,)):
        found.append(Bar(left, top + 2, unit * share, 22, colours[number % len(colours)], 0 if several else 3))
        left += unit * share
    return found


def _legend(names: Iterable[str], base: int) -> tuple[list[Bar | Word], int]:
    """What the colours mean, in as many lines as it takes, and how many these are."""
    shapes: list[Bar | Word] = []
    left, lines = float(LEFT), 0
    for number, name in enumerate(names):
        words = shortened(name, SHOWN)
        wide = 32 + NARROW * wide_of(words)
        if not lines or left + wide > WIDTH - 8:
            left, lines = float(LEFT), lines + 1
        foot = base + LINE * (lines - 1)
        shapes.append(Bar(left, foot - 10, 10, 10, COLOURS[number % len(COLOURS)], 0))
        shapes.append(Word(left + 15, foot, words, "n"))
        left += wide
    return shapes, lines


def drawn(picture: Picture, form: str) -> str | bytes:
    """As `svg` or `png`. Raises ConfigError where the library for PNG is not installed."""
    if form == "svg":
        return svg(picture)
    try:
        return png(picture)
    except ImportError as error:
        raise ConfigError(
            'a PNG needs the extra `charts`: pip install "trinario[charts]", or take --format svg'
        ) from error


# ---- as SVG


def svg(picture: Picture) -> str:
    """As SVG; who reads it by night has it on dark paper."""
    drawn = "".join(_bar(shape) if isinstance(shape, Bar) else _word(shape) for shape in picture.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {picture.height}" role="img"'
        f' aria-label="{escape(picture.said)}"><style>{_STYLE}</style>{drawn}</svg>\n'
    )


def _bar(bar: Bar) -> str:
    look = f'class="{bar.colour}"' if bar.colour in _PAPER else f'fill="{bar.colour}"'
    place = f'x="{bar.left:.1f}" y="{bar.top:g}" width="{bar.width:.1f}" height="{bar.height:g}"'
    return f"<rect {look} {place}{f' rx={chr(34)}{bar.round}{chr(34)}' if bar.round else ''}/>"


def _word(word: Word) -> str:
    look = f' class="{word.look}"' if word.look else ""
    end = ' text-anchor="end"' if word.end else ""
    if word.end and _units(word.text) > word.left - EDGE:
        end += f' textLength="{word.left - EDGE:g}" lengthAdjust="spacingAndGlyphs"'
    return f'<text{look} x="{word.left:g}" y="{word.base:g}"{end}>{escape(word.text)}</text>'


def _units(words: str) -> float:
    """How much room words take at most, in the widest typeface that a browser takes for its own."""
    return sum(
        14
        if letter in "mwMW@%"
        else 6.5
        if letter in "fijlrt .,:;'()|!"
        else 10.8
        if letter.isupper()
        else 9 * wide_of(letter)
        for letter in words
    )


# ---- as PNG


def png(picture: Picture) -> bytes:
    """As PNG, on white paper. Raises ImportError without the extra `charts`."""
    from PIL import Image, ImageDraw

    from trinario.cli import typeface

    image = Image.new("RGB", (WIDTH * SHARPER, picture.height * SHARPER), _PAPER["b"])
    pen = ImageDraw.Draw(image)
    for shape in picture.shapes:
        if isinstance(shape, Word):
            place = (shape.left * SHARPER, shape.base * SHARPER)
            words, font = typeface.of(shape.text, _SIZES[shape.look] * SHARPER)
            pen.text(place, words, _INK[shape.look], font, "rs" if shape.end else "ls")
        elif shape.width >= 1 / SHARPER:
            right, bottom = (shape.left + shape.width) * SHARPER - 1, (shape.top + shape.height) * SHARPER - 1
            box = (shape.left * SHARPER, shape.top * SHARPER, right, bottom)
            pen.rounded_rectangle(box, shape.round * SHARPER, _PAPER.get(shape.colour, shape.colour))
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
