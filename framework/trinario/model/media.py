"""Files of a bot's media/ folder: what they are, and where the outside fetches them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One file. `name` is its path below media/, `path` where it lies, `size` in bytes, `digest` of its bytes (hex).

    `url` is where platforms fetch it; "" where we have no public address.
    """

    name: str
    path: str
    size: int
    digest: str
    url: str = ""

    @property
    def ending(self) -> str:
        """What follows the last point of the name, in small letters."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""
