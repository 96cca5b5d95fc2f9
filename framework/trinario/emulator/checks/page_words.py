"""How Messenger and Instagram word a refusal (meta.md §4.4, §7.4)."""

from __future__ import annotations

from dataclasses import dataclass

from trinario.emulator.refusal import Refused


@dataclass(frozen=True, slots=True)
class PageWords:
    """The Complaints of one of the two platforms; Instagram adds its subcode for invalid data."""

    platform: str

    @property
    def subcode(self) -> int | None:
        return 2534015 if self.platform == "instagram" else None

    def missing(self, path: str) -> Refused:
        return self.refused("missing", path, f"The parameter {path} is required.")

    def kind(self, path: str, wanted: str) -> Refused:
        return self.refused("kind", path, f"Param {path} must be {wanted}.")

    def length(self, path: str, label: str, least: int, most: int) -> Refused:
        """Both ends of a length are told in the words of the end that was passed."""
        return self.refused("length", path, f"Length of param {path} must be from {least} to {most}")

    def count(self, path: str, least: int, most: int) -> Refused:
        """An array with too many elements is code 105, one with too few 100."""
        message = f"(#105) param {path} has too many elements: {least} to {most} are allowed."
        return Refused(self._rule("count", path), 105, message, subcode=self.subcode)

    def value(self, path: str, wanted: str) -> Refused:
        return self.refused("value", path, f"Param {path} must be {wanted}.")

    def unknown(self, path: str, name: str) -> Refused:
        return self.refused("unknown", path or name, f'Invalid keys "{name}" were found in param "{path}".')

    def refused(self, rule: str, path: str, text: str, *, subcode: int | None = None) -> Refused:
        """Code 100 with a text of its own."""
        return Refused(self._rule(rule, path), 100, f"(#100) {text}", subcode=subcode or self.subcode)

    def _rule(self, rule: str, path: str) -> str:
        parts = path.replace("]", "").split("[")
        return f"{self.platform}.{rule}:" + ".".join(part for part in parts if not part.isdigit())


MESSENGER = PageWords("messenger")
INSTAGRAM = PageWords("instagram")
