"""Files inside a platform's limits: what their captions cannot hold follows in words."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from trinario.channels.fit_words import SAFE, are_buttons, clean, fit_text, is_address, joined, lines_of, parts
from trinario.channels.graphemes import trimmed
from trinario.channels.http.multipart import MIMES
from trinario.channels.split import length
from trinario.model.channel import Limits
from trinario.model.media import SCHEME, STICKERS
from trinario.model.message import Content, Media, Text

MOST_FILENAME = 240
POINT = "👇"
"""What stands above buttons where there have to be words, and nobody wrote any."""


_POST = re.compile(r"\w{1,100}", re.ASCII)


def fit_media(content: Media, limits: Limits) -> Iterator[Content]:
    """The file, then what its caption cannot hold; a sticker is a picture where there are no stickers.

    What nobody could fetch, and what the platform would not take, is said as words.
    """
    if content.others:
        yield from _several(content, limits)
        return
    kind, caption, url, links = content.kind, trimmed(content.caption), content.url.strip(), clean(content.links)
    if kind == "sticker" and url in STICKERS:
        yield content if url in limits.stickers else Text(STICKERS[url])
        return
    if kind == "post" and limits.posts and _POST.fullmatch(content.post):
        yield Media("post", url, post=content.post)
        yield from parts(caption, limits)
        return
    if kind not in limits.media and kind == "sticker":
        kind = "image"
    taken = kind in limits.media and _is_taken(content.kind, url, limits)
    name = _filename(content.filename)
    file = replace(content, kind=kind, url=url, caption=caption, filename=name, links=links, post="")
    yield from _file(file, taken, limits)


def _file(content: Media, taken: bool, limits: Limits) -> Iterator[Content]:
    """The file with its caption and its links, or words in its place where the platform would not take it."""
    kind, caption, url, links = content.kind, content.caption, content.url, content.links
    ours = url.startswith(SCHEME)
    if not taken:
        shown = (caption, "" if ours and caption else url.rpartition("/")[2] if ours else url)
        yield from fit_text(Text("\n".join(filter(None, shown)), links), limits)
    elif links:
        yield from _with_links(content, limits)
    elif kind in limits.captioned and length(caption, limits.text_unit) <= limits.caption:
        yield content
    else:
        yield replace(content, caption="")
        yield from parts(caption, limits)


def _is_taken(kind: str, url: str, limits: Limits) -> bool:
    """Whether the platform gets this file: uploaded, or fetched from an address that does not end as what it never takes."""
    if url.startswith(SCHEME):
        return limits.uploads
    if not is_address(url, SAFE):
        return False
    name = urlsplit(url).path.rpartition("/")[2]
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    _, endings = limits.files.get(kind, (0, frozenset()))
    return not endings or ending in endings or ending not in MIMES


def _several(content: Media, limits: Limits) -> Iterator[Content]:
    """Images together, as many as the platform shows in one message; one by one where it does not, the words below the last;
    where nothing is left of their addresses, the words alone."""
    addresses = [url for url in (content.url.strip(), *(one.strip() for one in content.others)) if url]
    pages = [addresses[at : at + limits.images] for at in range(0, len(addresses), limits.images)]
    if addresses and (limits.images == 1 or not all(_is_taken("image", url, limits) for url in addresses)):
        *before, last = addresses
        for url in before:
            yield from fit_media(Media("image", url), limits)
        yield from fit_media(Media("image", last, content.caption, links=content.links), limits)
        return
    yield from (Media("image", page[0], others=tuple(page[1:])) for page in pages)
    yield from fit_text(Text(trimmed(content.caption), content.links), limits)


def _with_links(content: Media, limits: Limits) -> Iterator[Content]:
    """The file above its links where that is one message; else the file, and its words with the links after it."""
    buttons = are_buttons(content.links, limits.links, limits)
    if content.kind in limits.link_media and buttons and not limits.link_words:
        yield from parts(content.caption, limits)
        yield replace(content, caption="")
        return
    if buttons and not content.caption:
        content = replace(content, caption=POINT)
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
