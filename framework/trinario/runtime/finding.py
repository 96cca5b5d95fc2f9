"""One thing that `trinario doctor` looked at."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `mend` says what to do, and is empty when all is well."""

    about: str
    state: Literal["fine", "doubtful", "wrong"]
    what: str
    mend: str = ""
