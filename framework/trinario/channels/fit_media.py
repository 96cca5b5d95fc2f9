"""Files inside a platform's limits: what their captions cannot hold follows in words."""

from collections.abc import Iterator
from dataclasses import replace

from trinario.channels.fit_words import SAFE, are_buttons, clean, fit_text, is_address, joined, lines_of, parts
from trinario.channels.graphemes import trimmed
from trinario.channels.split import length
from trinario.model.channel import Limits
from trinario.model.media import SCHEME
from trinario.model.message import Content, Media, Text

MOST_FILENAME = 240


def fit_media(content: Media, limits: Limits) -> Iterator[Content]:
    """The file, then what its caption cannot hold; a sticker is a picture where there are no stickers.

    What nobody could fetch is said as words.
    """
    kind, caption, url, links = content.kind, trimmed(content.caption), content.url.strip(), clean(content.links)
    content = replace(content, url=url, filename=_filename(content.filename), links=())
    if kind not in limits.media and kind == "sticker":
        kind = "image"
    ours = url.startswith(SCHEME)
    if kind not in limits.media or not (limits.uploads if ours else is_address(url, SAFE)):
        shown = (caption, "" if ours and caption else url.rpartition("/")[2] if ours else url)
        yield from fit_text(Text("\n".join(filter(None, shown)), links), limits)
    elif links:
        yield from _with_links(replace(content, kind=kind, caption=caption, links=links), limits)
    elif kind in limits.captioned and length(caption, limits.text_unit) <= limits.caption:
        yield replace(content, kind=kind, caption=caption)
    else:
        yield replace(content, kind=kind, caption="")
        yield from parts(caption, limits)


def _with_links(content: Media, limits: Limits) -> Iterator[Content]:
    """The file above its links where that is one message; else the file, and its words with the links after it."""
    buttons = are_buttons(content.links, limits.links, limits)
    if content.kind in limits.link_media and buttons and 0 < len(content.caption) <= limits.link_text:
        yield content
        return
    words = joined(content.caption, lines_of(content.links))
    if not buttons and content.kind in limits.captioned and length(words, limits.text_unit) <= limits.caption:
        yield replace(content, caption=words, links=())
        return
    yield replace(content, caption="", links=())
    yield from fit_text(Text(content.caption, content.links), limits)


def _filename(name: str) -> str:
    """In one line, and with its ending if something has to go."""
    flat = " ".join(trimmed(name).split())
    if len(flat) <= MOST_FILENAME:
        return flat
    stem, dot, ending = flat.rpartition(".")
    if not dot or len(ending) > 10:
        return flat[:MOST_FILENAME]
    return stem[: MOST_FILENAME - len(ending) - 1] + dot + ending
