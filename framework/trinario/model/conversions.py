"""Which goals are told to Meta as conversions of its ads, and for how long after the click."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

CLICKED = "clicked:"
"""Begins the mark that says on which channel she came by an ad, and by which click: `clicked:CHANNEL:ID`."""


@dataclass(frozen=True, slots=True)
class Conversions:
    """`goals`: the platform's name of the event by the goal's; it counts if it comes `within` this time after the click."""

    goals: Mapping[str, str]
    within: timedelta = timedelta(days=7)
