"""What the database is told and asked when somebody is to be forgotten."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """That somebody was erased: `code` is what she can ask by, `asked_by` platform, team or api, `contacts` how many
    contacts of ours it was (0: nobody was known)."""

    code: str
    asked_by: str
    contacts: int
    at: datetime
