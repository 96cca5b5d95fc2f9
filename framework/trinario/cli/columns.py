"""Columns on a terminal: how wide words are there, and words made as wide as there is room."""

import unicodedata

from rich.cells import cell_len

OPEN, CLOSE = "\u2068", "\u2069"
"""Around words that run from the right: what stands beside them stays where it is."""


def wide_of(words: str) -> int:
    """Columns that words take: two for a letter of Chinese or a picture, none for a mark on the letter before."""
    return cell_len(words)


def cut(words: str, most: int) -> str:
    """Words of at most so many columns, with an ellipsis where some are missing."""
    if wide_of(words) <= most:
        return words
    kept = words
    while kept and wide_of(kept) > most - 1:
        kept = kept[:-1]
    return kept.rstrip("\u200d") + "…"


def shortened(words: str, most: int) -> str:
    """Words of at most so many columns: what is missing is missing in the middle, for names differ at their ends."""
    if wide_of(words) <= most:
        return words
    head, tail = cut(words, most // 2), words
    while wide_of(tail) > most - wide_of(head):
        tail = tail[1:]
    return head + tail.lstrip("\u200d")


def padded(words: str, size: int) -> str:
    """Words, cut to so many columns and filled up with blanks; those that run from the right are set apart."""
    kept = shortened(words, size)
    blanks = " " * (size - wide_of(kept))
    return f"{apart(kept)}{blanks}"


def apart(words: str) -> str:
    """Words that run from the right in marks that keep them from what follows; others as they are."""
    turned = any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in words)
    return f"{OPEN}{words}{CLOSE}" if turned else words


def folded(words: str, most: int) -> list[str]:
    """Words in lines of at most so many columns; a word that is longer than that stays whole: it may be
    what somebody copies."""
    lines: list[str] = []
    for word in words.split():
        if lines and wide_of(f"{lines[-1]} {word}") <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]
