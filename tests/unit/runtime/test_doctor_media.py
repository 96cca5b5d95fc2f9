"""What doctor says of the place where people's files are kept."""

from pathlib import Path

import pytest

from trinario.authoring.media_settings import Bucket, MediaSettings
from trinario.runtime.doctor_media import media_of_people
from trinario.runtime.settings import Settings


def settings(folder: Path, database: str = "sqlite:///b.db", **more: Path) -> Settings:
    url = f"sqlite:///{folder}/b.db" if database.startswith("sqlite") else database
    return Settings(database_url=url, **more)


async def test_a_folder_beside_the_database(tmp_path: Path) -> None:
    found = await media_of_people(MediaSettings(), settings(tmp_path))
    assert [(one.state, one.what) for one in found] == [
        ("fine", f"copies of people's files are kept in {tmp_path}/b.db.media")
    ]
    assert [path.name for path in (tmp_path / "b.db.media").iterdir()] == ["incoming"]


async def test_a_folder_of_each_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = await media_of_people(MediaSettings(), settings(tmp_path, "postgresql://x@127.0.0.1/y"))
    assert found[0].state == "doubtful" and "TRINARIO_MEDIA" in found[0].mend
    shared = settings(tmp_path, "postgresql://x@127.0.0.1/y", media=tmp_path / "shared")
    assert (await media_of_people(MediaSettings(), shared))[0].state == "fine"


async def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "b.db.media").write_text("no folder")
    found = await media_of_people(MediaSettings(), settings(tmp_path))
    assert found[0].state == "wrong" and "TRINARIO_MEDIA" in found[0].mend


async def test_a_bucket_that_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    media_s3 = pytest.importorskip("trinario.outside.media_s3", reason="aiobotocore is not installed")
    monkeypatch.setattr(media_s3, "TRIES", 1)
    bucket = Bucket("people", "http://127.0.0.1:9", access_key="a", secret_key="very-secret")
    found = await media_of_people(MediaSettings(bucket=bucket), settings(tmp_path))
    assert found[0].state == "wrong" and "cannot be reached" in found[0].what and "bucket" in found[0].mend
    assert "very-secret" not in str(found)
