"""A picture of bars and words: as SVG, light and dark, or as PNG (with the extra `charts`); nothing of it from elsewhere."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from trinario.errors import ConfigError

WIDTH, LEFT, RIGHT, ROW, TOP = 740, 190, 130, 34, 64

COLOURS = ("#2f6f4f", "#c9772b", "#3b6ea5", "#8a4f7d", "#7a7a2e", "#5b5b5b")
"""One for each variant, told apart also by who does not see red and green alike."""

OF_ALL = "#7d9488"
"""The colour of what is told of all of them."""

SHOWN = 22
"""Letters of a name that have room beside its bar."""

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
    """Words whose line stands at `base`. `look`: `t` a title, `n` a note; they end at `left` when `end`."""

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
    height = TOP + ROW * len(rows) + (30 if legend else 12)
    shapes: list[Bar | Word] = [Bar(0, 0, WIDTH, height, "b", 0), Word(16, 30, title, "t")]
    for number, row in enumerate(rows):
        shapes += _row(TOP + ROW * number, row, most)
    shapes += _legend(legend, height - 12)
    return Picture(height, ", ".join(f"{row.name} {row.count}" for row in rows), tuple(shapes))


def _row(top: int, row: Row, most: int) -> list[Bar | Word]:
    room = WIDTH - LEFT - RIGHT
    name = row.name if len(row.name) <= SHOWN else row.name[: SHOWN - 1] + "…"
    shapes: list[Bar | Word] = [Word(LEFT - 12, top + 18, name, end=True), Bar(LEFT, top + 2, room, 22, "g")]
    left, colours = float(LEFT), COLOURS if row.shares else (OF_ALL,)
    for number, share in enumerate(row.shares or (row.count,)):
        width = room * share / most if most else 0.0
        shapes.append(Bar(left, top + 2, width, 22, colours[number % len(colours)]))
        left += width
    note = row.note or (f"{row.count / most:.0%}" if most else "")
    shapes.append(Word(WIDTH - RIGHT + 10, top + 18, f"{row.count:,}" + (f" · {note}" if note else ""), "n"))
    return shapes


def _legend(names: Iterable[str], base: int) -> list[Bar | Word]:
    shapes: list[Bar | Word] = []
    left = LEFT
    for number, name in enumerate(names):
        shapes.append(Bar(left, base - 10, 10, 10, COLOURS[number % len(COLOURS)], 0))
        shapes.append(Word(left + 15, base, name, "n"))
        left += 30 + 8 * len(name)
    return shapes


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
    return f'<text{look} x="{word.left:g}" y="{word.base:g}"{end}>{escape(word.text)}</text>'


# ---- as PNG


def png(picture: Picture) -> bytes:
    """As PNG, on white paper. Raises ImportError without the extra `charts`."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (WIDTH * SHARPER, picture.height * SHARPER), _PAPER["b"])
    pen = ImageDraw.Draw(image)
    fonts = {look: ImageFont.load_default(size * SHARPER) for look, size in _SIZES.items()}
    for shape in picture.shapes:
        if isinstance(shape, Word):
            place = (shape.left * SHARPER, shape.base * SHARPER)
            pen.text(place, shape.text, _INK[shape.look], fonts[shape.look], "rs" if shape.end else "ls")
        elif shape.width >= 1 / SHARPER:
            right, bottom = (shape.left + shape.width) * SHARPER - 1, (shape.top + shape.height) * SHARPER - 1
            box = (shape.left * SHARPER, shape.top * SHARPER, right, bottom)
            pen.rounded_rectangle(box, shape.round * SHARPER, _PAPER.get(shape.colour, shape.colour))
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
