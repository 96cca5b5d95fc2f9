"""The page of fitting: its pictures show what is, every content has a sample, and all of it is what Meta takes."""

from typing import get_args

import pytest

from docs.fitting.forms import PLATFORMS
from docs.fitting.page import SIZES, fitting
from docs.fitting.pictures import MOST_BYTES, OPENED, PICTURES, file_of, manifest, of_what, stale
from docs.fitting.samples import SAMPLES, SPRING, Sample
from tests.unit.channels.judging import FITTING, PEOPLE, judged
from trinario.model.message import Content, PublicReply, Sign, ThreadControl
from trinario.model.outbox import OutboxEntry

UNSHOWN = {PublicReply, ThreadControl}
"""Contents that are nothing in her thread."""


def test_pictures_show_what_is() -> None:
    assert [sample.name for sample in stale()] == [], "say: make pictures"
    assert sorted(manifest()["samples"]) == sorted(sample.name for sample in SAMPLES)


def test_every_picture_is_there_and_small() -> None:
    assert [(one.name, p) for one in SAMPLES for p in PLATFORMS if not file_of(one.name, p).is_file()] == []
    names = {sample.name for sample in SAMPLES}
    files = list(PICTURES.glob("*.webp"))
    assert {file.name.split(".")[0].removesuffix(OPENED) for file in files} == names
    assert sum(file.stat().st_size for file in files) < MOST_BYTES


def test_every_content_has_a_sample() -> None:
    shown = {type(sample.content) for sample in SAMPLES}
    missing = {kind.__name__ for kind in get_args(Content)} - {kind.__name__ for kind in shown | UNSHOWN}
    assert missing == set(), "add one to docs/fitting/samples.py, then make pictures and make docs"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_samples_are_taken(sample: Sample) -> None:
    for platform in PLATFORMS:
        for part in FITTING[platform].fit(sample.content):
            part = Sign(part.emoji, "5511987654:7") if isinstance(part, Sign) else part
            judged(platform, OutboxEntry(1, "k", 1, PEOPLE[platform], part), {"spring_2026": SPRING})


def test_a_changed_sample_is_noticed() -> None:
    first, second = SAMPLES[0], SAMPLES[1]
    assert of_what(first) == of_what(Sample("x", "x", first.content)) != of_what(second)


def test_the_page_tells_of_every_platform_at_every_size() -> None:
    page = "\n".join(fitting())
    assert all(f"### {title}" in page for title, *_ in SIZES)
    assert page.count("| WhatsApp |") >= len(SIZES)
