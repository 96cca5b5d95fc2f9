"""Reading one JSON object of a request member by member; what was never read is an unknown member."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol
from urllib.parse import urlsplit

from trinario.emulator.config import Json
from trinario.emulator.refusal import Refused


class Complaints(Protocol):
    """How a platform words what is wrong; `path` runs from the outermost member inwards."""

    def missing(self, path: str) -> Refused: ...

    def kind(self, path: str, wanted: str) -> Refused: ...

    def length(self, path: str, label: str, least: int, most: int) -> Refused: ...

    def count(self, path: str, least: int, most: int) -> Refused: ...

    def value(self, path: str, wanted: str) -> Refused: ...

    def unknown(self, path: str, name: str) -> Refused: ...


class Fields:
    """One object. Every reading method returns the member, or None if it is optional and absent."""

    __slots__ = ("_content", "_seen", "complaints", "path")

    def __init__(self, content: Any, path: str, complaints: Complaints) -> None:
        if not isinstance(content, dict):
            raise complaints.kind(path, "a JSON object")
        self._content: Json = content
        self._seen: set[str] = set()
        self.path = path
        self.complaints = complaints

    def __contains__(self, name: str) -> bool:
        return self._content.get(name) is not None

    def at(self, name: str | int) -> str:
        """The path of a member, in Meta's form: `interactive[action][buttons][0]`."""
        return f"{self.path}[{name}]" if self.path else str(name)

    def raw(self, name: str, *, needed: bool = False) -> Any:
        """Any JSON value."""
        self._seen.add(name)
        value = self._content.get(name)
        if value is None and needed:
            raise self.complaints.missing(self.at(name))
        return value

    def text(self, name: str, least: int, most: int, *, label: str = "", needed: bool = True) -> str | None:
        """A string of `least` to `most` code points, not blank where at least one is asked for."""
        value = self.raw(name, needed=needed)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.complaints.kind(self.at(name), "a string")
        if not least <= len(value) <= most or (least and not value.strip()):
            raise self.complaints.length(self.at(name), label or name, least, most)
        return value

    def string(self, name: str, most: int, *, label: str = "") -> str:
        """A needed string of 1 to `most` code points."""
        return self.text(name, 1, most, label=label) or ""

    def choice(self, name: str, allowed: Collection[str], *, needed: bool = True) -> str | None:
        """One of a closed set of strings."""
        value = self.raw(name, needed=needed)
        if value is not None and (not isinstance(value, str) or value not in allowed):
            raise self.complaints.value(self.at(name), "one of {" + ", ".join(sorted(allowed)) + "}")
        return value

    def flag(self, name: str) -> bool | None:
        """An optional boolean."""
        value = self.raw(name)
        if value is not None and not isinstance(value, bool):
            raise self.complaints.kind(self.at(name), "a boolean")
        return value

    def object(self, name: str) -> Fields:
        """A needed inner object."""
        return Fields(self.raw(name, needed=True), self.at(name), self.complaints)

    def objects(self, name: str, least: int, most: int) -> list[Fields]:
        """A needed array of `least` to `most` objects."""
        value = self.raw(name, needed=True)
        if not isinstance(value, list):
            raise self.complaints.kind(self.at(name), "an array")
        if not least <= len(value) <= most:
            raise self.complaints.count(self.at(name), least, most)
        return [Fields(item, f"{self.at(name)}[{index}]", self.complaints) for index, item in enumerate(value)]

    def url(
        self, name: str, *, schemes: Collection[str] = ("https",), most: int = 2000, needed: bool = True
    ) -> str | None:
        """An absolute url with a host; media must be https, links may be http."""
        value = self.text(name, 1, most, needed=needed)
        if value is not None and not is_url(value, schemes):
            raise self.complaints.value(self.at(name), f"a valid {'/'.join(schemes)} url")
        return value

    def ignore(self, *names: str) -> None:
        """These members exist at Meta and are not looked at here."""
        self._seen.update(names)

    def close(self) -> None:
        """Nothing else may be in this object."""
        for name, value in self._content.items():
            if name not in self._seen and value is not None:
                raise self.complaints.unknown(self.path, name)


def is_url(value: str, schemes: Collection[str]) -> bool:
    """Whether this is an absolute url of one of the schemes, with a host and without spaces."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname) and not any(sign.isspace() for sign in value)
