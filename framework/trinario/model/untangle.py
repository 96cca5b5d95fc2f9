"""Whose word stands when one of several who are one goes her own way: theirs who stay, and the stricter at each merge."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trinario.model.channel import Identity
from trinario.model.consent import Consents, RecordConsent, consented, stricter
from trinario.model.part import Side


@dataclass(frozen=True, slots=True)
class Word:
    """An entry of the ledger since a merge: on which side and by whom (None: on no identity), and the number of the inbox
    row that brought it (0: none did)."""

    at: datetime
    number: int
    side: Side
    identity: Identity | None
    entry: RecordConsent


@dataclass(frozen=True, slots=True)
class Joining:
    """A later merge of the one kept with `others`, who had given that `consent`. `moved` are the identities that it moved:
    those of the others if `theirs`, else her own. `mark`: the newest inbox row at that time."""

    id: int
    at: datetime
    mark: int
    moved: Collection[Identity]
    theirs: bool
    consent: Consents

    def before(self, word: Word) -> bool:
        """Whether that was said before they were one."""
        return word.number <= self.mark if word.number else word.at <= self.at

    def others(self, word: Word) -> bool:
        """Whether one of the others said it."""
        return word.identity is not None and (word.identity in self.moved) == self.theirs


def staying(
    start: Consents, words: Sequence[Word], joinings: Sequence[Joining]
) -> tuple[Consents, Mapping[int, Consents]]:
    """What holds for the one kept without the one taken; and what held right before each later merge, by its id.

    `start` is what held for her before the merge; words and joinings are in order. What was taken back on either side is
    taken back for her too.
    """
    consent, left, found = start, list(joinings), dict[int, Consents]()
    for word in words:
        while left and not left[0].before(word):
            consent = _joined(consent, left.pop(0), found)
        strange = any(joining.others(word) and joining.before(word) for joining in left)
        if not strange and (word.entry.state != "granted" or word.side == "kept"):
            consent = consented(consent, word.entry)
    while left:
        consent = _joined(consent, left.pop(0), found)
    return consent, found


def _joined(consent: Consents, joining: Joining, found: dict[int, Consents]) -> Consents:
    found[joining.id] = consent
    return stricter(consent, joining.consent)
