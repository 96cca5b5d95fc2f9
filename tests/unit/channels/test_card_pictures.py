"""Cards whose picture is a file that only we have: uploaded and shown one by one, where a card takes addresses alone."""

import pytest

from tests.unit.channels.judging import FITTING, PLATFORMS, said
from trinario.model.message import Card, Cards, Link, Media

FERN = Card("Fern", "12 EUR", "media://0a1b/fern.jpg", (Link("See it", "https://luckygarden.example/fern"),))
ROSE = Card(
    "Rose", "15 EUR", "https://luckygarden.example/rose.jpg", (Link("See it", "https://luckygarden.example/rose"),)
)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_picture_goes_along_as_a_file(platform: str) -> None:
    parts = FITTING[platform].fit(Cards((FERN,)))
    pictures = [part for part in parts if isinstance(part, Media)]
    assert [picture.url for picture in pictures] == [FERN.image]
    assert "Fern" in str(said(platform, Cards((FERN,))))


@pytest.mark.parametrize("platform", ["messenger", "instagram"])
def test_the_others_stay_side_by_side(platform: str) -> None:
    parts = FITTING[platform].fit(Cards((ROSE, FERN, ROSE)))
    assert [part.cards for part in parts if isinstance(part, Cards)] == [(ROSE,), (ROSE,)]
