"""Files: those of a bot's media/ folder, and the names of those that people send."""

from dataclasses import dataclass
from hashlib import sha256

SCHEME = "media://"
"""Begins the address of a file that only we have: it is uploaded before it is sent."""


def address_in(digest: str, name: str) -> str:
    """The address of a file that only we have."""
    return f"{SCHEME}{digest}/{name}"


def digest_of(address: str) -> str:
    """The digest of the file that such an address is about; "" for any other address."""
    return address.removeprefix(SCHEME).partition("/")[0] if address.startswith(SCHEME) else ""


def address_of_copy(digest: str, id: str, name: str) -> str:
    """The address of a file that was put in by the API: our copy has this id."""
    return address_in(digest, f"@{id}/{name}")


def copy_of(address: str) -> tuple[str, str] | None:
    """(id of our copy, name) of such an address; None for any other."""
    _, _, rest = address.removeprefix(SCHEME).partition("/")
    id, _, name = rest.partition("/")
    return (id[1:], name) if digest_of(address) and id.startswith("@") and name else None


STICKERS = {"heart": "❤️", "like": "👍"}
"""Stickers that platforms have of their own, with the sign that is said where there is none."""


def key_of(address: str) -> str:
    """What the platform's id of an uploaded file is kept under: the digest of the file, or of an address it came from."""
    return digest_of(address) or (sha256(address.encode("utf-8", "surrogatepass")).hexdigest() if address else "")


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One file. `name` is its path below media/, `path` where it lies, `size` in bytes, `digest` of its bytes (hex).

    `url` is where platforms fetch it; "" where we have no public address by https.
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

    @property
    def address(self) -> str:
        """Where platforms fetch it, else the address of a file that is uploaded to them."""
        return self.url or address_in(self.digest, self.name)


FILE_KINDS = frozenset({"image", "video", "audio", "voice", "document", "sticker"})
"""What people send that is a file of theirs. Stories, shared posts and cards belong to others, and are not kept."""


def media_name(channel: str, message: str, place: int) -> str:
    """The name under which a copy of a file is kept: that of the message it came with, and its place in it, counted from 0."""
    return sha256(f"{channel}\0{message}\0{place}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
