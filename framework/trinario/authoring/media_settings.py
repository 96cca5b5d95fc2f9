"""What bot.yaml says of the files that people send: which are fetched, how long copies are kept, and where."""

from dataclasses import dataclass, field
from datetime import timedelta

from trinario.authoring.parse_bot import ParsedBot

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Bucket:
    """An S3 bucket. `endpoint` "" is Amazon's, `access_key` "" what the machine itself has."""

    name: str
    endpoint: str = ""
    region: str = ""
    prefix: str = ""
    access_key: str = ""
    secret_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """`kinds` None: all. `most` in bytes. `keep` None: for good. `bucket` None: copies are kept in a folder."""

    kinds: frozenset[str] | None = None
    most: int = 100 * MEGABYTE
    keep: timedelta | None = None
    hosts: tuple[str, ...] = ()
    bucket: Bucket | None = None


def media_of(parsed: ParsedBot | None) -> MediaSettings:
    """The settings of a bot that was read."""
    record = parsed.get("media") if parsed is not None else None
    if record is None:
        return MediaSettings()
    texts = {name: str(record.get(name) or "") for name in ("endpoint", "region", "prefix", "access_key", "secret_key")}
    bucket = Bucket(str(record.get("bucket") or ""), **texts) if record.get("store") == "s3" else None
    kinds = frozenset(record.get("fetch") or ()) if record.has("fetch") else None
    if kinds is not None and "audio" in kinds:
        kinds |= {"voice"}
    keep = record.get("keep")
    return MediaSettings(
        kinds,
        int(record.get("max_mb") * MEGABYTE),
        keep.elapsed if keep else None,
        tuple(record.get("hosts") or ()),
        bucket,
    )
