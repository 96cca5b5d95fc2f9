"""Files of media/ that messages name: they are there, and every channel of the bot takes them."""

from collections.abc import Mapping, Sequence

from trinario.authoring.finding import Findings
from trinario.authoring.near import listed, mend
from trinario.authoring.notes import Written
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.spec.messages import MEDIA
from trinario.expressions import Phrase
from trinario.model.channel import Limits
from trinario.model.media import STICKERS


def check_media(bot: ParsedBot, limits: Mapping[str, Limits], found: Findings) -> None:
    """T049 for a file that is not there, T112 for one that a channel refuses for its size or its sort."""
    platforms = {one.platform: limits[one.platform] for one in bot.settings if one.platform in limits}
    for written in found.notes.written:
        name = _name(written)
        kind = _kind(written.path)
        if (
            name is None
            or written.path[:1] != ("steps",)
            or not (kind in MEDIA or (kind == "url" and "links" in written.path))
        ):
            continue
        if name not in bot.media:
            folder = f"{bot.file.rpartition('/')[0]}/media"
            hint = mend(name, bot.media) if bot.media else ""
            found.fault("T049", written.scalar, f'there is no file "{name}" in {folder}',
                        hint if hint.startswith("did") else "put it there, or write an address: https://...")  # fmt: skip
        elif kind in MEDIA:
            _check_fit(name, kind, written, bot, platforms, found)


def _kind(path: Sequence[str]) -> str:
    """The key that an address stands under; of several images, each is one."""
    return "image" if path[-2:-1] == ("images",) else path[-1] if path else ""


def _name(written: Written) -> str | None:
    """What is written where an address may stand and is none; what is worked out is looked for when it is sent."""
    if not isinstance(written.text, Phrase) or written.text.constant is None:
        return None
    plain = written.text.constant.strip()
    return None if ":" in plain or not plain or (plain in STICKERS and written.path[-1:] == ("sticker",)) else plain


def _check_fit(
    name: str, kind: str, written: Written, bot: ParsedBot, platforms: Mapping[str, Limits], found: Findings
) -> None:
    file = bot.media[name]
    for platform, limits in platforms.items():
        rule = limits.files.get(kind)
        if rule is None:
            continue
        most, endings = rule
        if endings and file.ending not in endings:
            found.fault("T112", written.scalar, f'{platform} takes no .{file.ending} as {kind}: "{name}"',
                        f"it takes {listed(sorted(endings))}")  # fmt: skip
        if file.size > most:
            found.fault("T112", written.scalar, f'"{name}" has {file.size / 1e6:.1f} MB, too much for {platform}',
                        f"a file of the kind {kind} has {most / 1e6:g} MB there at most")  # fmt: skip
