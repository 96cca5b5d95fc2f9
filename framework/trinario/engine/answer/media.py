"""Answers that are files: `image`, `video`, `audio`, `document`, and `media`, which is any of them."""

from trinario.engine.answer.reading import Bad, Good, Heeded, Reading
from trinario.engine.scope import media_value

_KINDS = {
    "image": frozenset({"image"}),
    "video": frozenset({"video"}),
    "audio": frozenset({"audio", "voice"}),
    "document": frozenset({"document", "file"}),
    "media": frozenset({"image", "video", "audio", "voice", "document", "file"}),
}


def read_media(heeded: Heeded) -> Reading:
    """The first file of the wanted kind: `{kind, id, url, mime_type, filename}`."""
    wanted = _KINDS[heeded.step.type]
    for place, media in enumerate(heeded.heard.media):
        if media.kind in wanted:
            return Good(media_value(heeded.heard, place), media.filename or media.kind)
    return Bad(heeded.step.type)
