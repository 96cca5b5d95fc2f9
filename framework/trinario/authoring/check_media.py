"""Files of media/ that messages name: they are there, and every channel of the bot takes them."""

from collections.abc import Mapping, Sequence

from trinario.authoring.finding import Findings
from trinario.authoring.issue import Issue
from trinario.authoring.near import listed, mend
from trinario.authoring.nodes import Node
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
            _missing(name, written.scalar, bot, found)
        elif kind in MEDIA:
            _check_fit(name, kind, written.scalar, bot, platforms, found)


def check_template_files(bot: ParsedBot, limits: Mapping[str, Limits]) -> list[Issue]:
    """The same of the files above templates and their cards."""
    if bot.templates.notes is None:
        return []
    found = Findings(bot.templates.notes)
    used = {one.platform: limits[one.platform] for one in bot.settings if one.platform in limits}
    platforms = {name: one for name, one in used.items() if one.templates == "whatsapp"}
    for kind, name, node in bot.templates.files:
        if name in bot.media:
            _check_fit(name, kind, node, bot, platforms, found)
        else:
            _missing(name, node, bot, found)
    return found.issues


def _missing(name: str, node: Node, bot: ParsedBot, found: Findings) -> None:
    folder = f"{bot.file.rpartition('/')[0]}/media"
    hint = mend(name, bot.media) if bot.media else ""
    found.fault("T049", node, f'there is no file "{name}" in {folder}',
                hint if hint.startswith("did") else "put it there, or write an address: https://...")  # fmt: skip


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
    name: str, kind: str, node: Node, bot: ParsedBot, platforms: Mapping[str, Limits], found: Findings
) -> None:
    file = bot.media[name]
    for platform, limits in platforms.items():
        rule = limits.files.get(kind)
        if rule is None:
            continue
        most, endings = rule
        if endings and file.ending not in endings:
            found.fault("T112", node, f'{platform} takes no .{file.ending} as {kind}: "{name}"',
                        f"it takes {listed(sorted(endings))}")  # fmt: skip
        if file.size > most:
            found.fault("T112", node, f'"{name}" has {file.size / 1e6:.1f} MB, too much for {platform}',
                        f"a file of the kind {kind} has {most / 1e6:g} MB there at most")  # fmt: skip
