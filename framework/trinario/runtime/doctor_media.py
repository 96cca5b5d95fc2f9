"""What `trinario doctor` looks at of people's files: whether copies can be kept, and what was given up."""

from pathlib import Path

from trinario.authoring.media_settings import MediaSettings
from trinario.errors import ConfigError
from trinario.runtime import build
from trinario.runtime.finding import Finding
from trinario.runtime.settings import Settings

ABOUT = "media"


async def media_of_people(wanted: MediaSettings, settings: Settings) -> list[Finding]:
    """Write, read and remove something where copies are kept."""
    folder = settings.media_folder
    try:
        files = build.files(wanted, folder)
    except ConfigError as error:
        return [Finding(ABOUT, "wrong", "bot.yaml keeps copies in S3", str(error))]
    try:
        trouble = await files.check()
    finally:
        await files.close()
    if trouble:
        return [Finding(ABOUT, "wrong", trouble, _mend(wanted, folder))]
    if wanted.bucket is not None:
        return [Finding(ABOUT, "fine", f"copies of people's files are kept in the bucket {wanted.bucket.name}")]
    if settings.sqlite_path is None and settings.media is None:
        what = f"copies of people's files are kept in {folder}, on each machine its own"
        mend = "with several machines set TRINARIO_MEDIA to a folder that all share, or media: {store: s3} in bot.yaml"
        return [Finding(ABOUT, "doubtful", what, mend)]
    return [Finding(ABOUT, "fine", f"copies of people's files are kept in {folder}")]


def _mend(wanted: MediaSettings, folder: Path) -> str:
    if wanted.bucket is None:
        return f"make {folder} writable for this process, or set TRINARIO_MEDIA to a folder that is"
    return "see that media: in bot.yaml names the right endpoint and bucket, and that the key may put, get and delete there"
