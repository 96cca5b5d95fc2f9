"""Which typeface a PNG is written in: the one that comes with the library where it has the letters, else one of this machine."""

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

OF_THE_MACHINE = (
    "NotoSans-Regular.ttf", "DejaVuSans.ttf", "Arial Unicode.ttf", "arial.ttf", "NotoSansHebrew-Regular.ttf",
    "NotoSansArabic-Regular.ttf", "NotoSansDevanagari-Regular.ttf", "NotoSansThai-Regular.ttf", "NotoSansCJK-Regular.ttc",
    "PingFang.ttc", "msyh.ttc", "malgun.ttf", "wqy-zenhei.ttc", "Nirmala.ttf",
)  # fmt: skip
"""Names of files that systems have; those that are not there are passed over."""

NOTHING = "\U0010ffff"
"""A letter that no typeface has: how it looks is how a missing one looks."""


def of(words: str, size: int) -> "tuple[str, FreeTypeFont | ImageFont]":
    """The words as they can be written, and in what: pictures that no typeface has are left out, other letters stay as boxes."""
    best = max(_known(size), key=lambda font: sum(_has(font, letter) for letter in words))
    kept = "".join(letter for letter in words if _has(best, letter) or unicodedata.category(letter) not in _PICTURES)
    return " ".join(kept.split()), best


_PICTURES = frozenset({"So", "Sk", "Cf", "Mn"})


@lru_cache(maxsize=8)
def _known(size: int) -> "tuple[FreeTypeFont | ImageFont, ...]":
    from PIL import ImageFont

    found = [ImageFont.load_default(size)]
    for name in OF_THE_MACHINE:
        try:
            found.append(ImageFont.truetype(name, size))
        except OSError:
            continue
    return tuple(found)


@lru_cache(maxsize=4096)
def _has(font: Any, letter: str) -> bool:
    """Whether it is written otherwise than what is missing."""
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask(NOTHING))
