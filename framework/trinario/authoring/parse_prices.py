"""prices.yaml to price lists, or every issue it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from trinario.authoring.forms import BAD
from trinario.authoring.issue import Issue
from trinario.authoring.notes import Notes
from trinario.authoring.reader import Record, read_shape
from trinario.authoring.source import read_source
from trinario.authoring.spec import SHAPES
from trinario.model.country import COUNTRIES
from trinario.model.prices import PriceList, Prices

_MEANT = {"UK": "GB", "EN": "GB", "EL": "GR", "SP": "ES", "JA": "JP", "KO": "KR"}
"""Codes that people write, and what they mean."""


@dataclass(frozen=True, slots=True)
class ParsedPrices:
    """What became of a prices.yaml. `prices` is None when there is no such file, or it has faults."""

    file: str
    prices: Prices | None = None
    issues: tuple[Issue, ...] = ()


def parse_prices(data: bytes, file: str) -> ParsedPrices:
    """The price lists of a file; none of it counts while anything of it is wrong."""
    document = read_source(data, file)
    if isinstance(document, list):
        return ParsedPrices(file, issues=tuple(document))
    notes = Notes(document, list(document.warnings))
    record = read_shape(SHAPES["prices"], document.root, (), notes)
    given: tuple[Record, ...] = () if record is BAD else record.get("prices") or ()
    _check(given, notes)
    issues = tuple(sorted(notes.issues))
    if record is BAD or notes.failed:
        return ParsedPrices(file, None, issues)
    lists = sorted((_list(one) for one in given), key=lambda one: one.since)
    return ParsedPrices(file, Prices(record.get("currency"), tuple(lists)), issues)


def _list(record: Record) -> PriceList:
    countries: Mapping[str, Mapping[str, Any]] = record.get("countries") or {}
    return PriceList(record.get("from"), countries, record.get("elsewhere") or {})


def _check(lists: tuple[Record, ...], notes: Notes) -> None:
    """T180 for a list without prices or a second one of the same day, T181 for countries that there are not."""
    days: set[date] = set()
    for record in lists:
        day = record.values.get("from")
        if day in days:
            notes.fault("T180", record.nodes["from"], f"another list holds from {day} on too", "put both into one")
        if day is not None:
            days.add(day)
        if not record.has("countries") and not record.has("elsewhere"):
            notes.fault("T180", record.node, "this list has no prices", "write countries:, elsewhere:, or both")
        for country in record.values.get("countries") or {}:
            if country not in COUNTRIES:
                node = notes.nodes.get((*record.path, "countries", country), record.nodes["countries"])
                meant = _MEANT.get(country)
                hint = f"did you mean {meant}?" if meant else "write its code of two letters (ISO 3166), like IT"
                notes.fault("T181", node, f"there is no country {country}", hint)
