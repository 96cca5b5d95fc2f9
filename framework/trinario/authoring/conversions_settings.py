"""What bot.yaml says of conversions: what the bot knows of them, and the account that they are told to."""

from dataclasses import dataclass, field
from datetime import timedelta

from trinario.authoring.notes import Notes
from trinario.authoring.reader import Record
from trinario.model.conversions import Conversions

LONGEST = timedelta(days=7)
"""Meta takes no event that is older."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Where conversions are told to."""

    id: str
    token: str = field(repr=False)


def conversions_of(found: Record | None) -> Conversions | None:
    """The rules of a bot.yaml that was read."""
    return None if found is None else Conversions(found.get("goals"), found.get("within").elapsed)


def dataset_of(found: Record | None) -> Dataset | None:
    """The account of a bot.yaml that was read."""
    return None if found is None else Dataset(found.get("dataset"), found.get("access_token"))


def check_conversions(record: Record, notes: Notes) -> None:
    """T021: a time in which nothing would be told, or would be refused."""
    found: Record | None = record.get("conversions")
    if found is not None and not timedelta() < found.get("within").elapsed <= LONGEST:
        notes.fault("T021", found.nodes["within"], "`within` has to be above 0, and seven days at most", "write 7d")
