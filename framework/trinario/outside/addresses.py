"""Which addresses may be called: hosts by the allow-list, and no address of our own network whatever its name."""

import re
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from trinario.model.hosts import USUAL, is_allowed

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})

_TRANSLATED = (
    IPv6Network("64:ff9b::/96"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("2002::/16"),
    IPv6Network("2001::/32"),
)
"""Networks whose addresses stand for an IPv4 address that only the way there knows."""

_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|[0-9a-f:.]*:[0-9a-f:.]*")
_CLEAN = re.compile(r"[!-\[\]-~]+")
"""What an address is made of: no space, no control character, no backslash, nothing beyond ASCII."""


class Forbidden(OSError):
    """The address that a name stands for may not be called."""


class Place:
    """Scheme, host (no brackets) and port of an address that is allowed."""

    def __init__(self, scheme: str, host: str, port: int) -> None:
        self.scheme, self.host, self.port = scheme, host, port

    @property
    def local(self) -> bool:
        """Whether it is this very machine, by name."""
        return self.host in LOOPBACK_HOSTS

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((self.scheme, self.host, self.port))


def place_of(url: str, allow: Sequence[str], local: bool) -> Place | str:
    """Where an absolute address leads, or why it may not be called. `local`: this machine may be, where it is listed."""
    if not _CLEAN.fullmatch(url):
        return "the address holds a character that no address has"
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "it is no web address"
    if parts.scheme not in ("https", "http") or not _HOST.fullmatch(host):
        return "it is no web address"
    if "@" in parts.netloc:
        return "the address has a sign-in in it"
    place = Place(parts.scheme, host, port or USUAL[parts.scheme])
    if place.local and not local:
        return "this machine may not be called; TRINARIO_HTTP_LOCAL=true allows it, for development"
    if place.scheme == "http" and not place.local:
        return "only https may be called"
    return place if _listed(place, allow) else f"the host {host} is not allowed in bot.yaml"


def _listed(place: Place, allow: Sequence[str]) -> bool:
    host = f"[{place.host}]" if ":" in place.host else place.host
    return is_allowed(host, place.port, place.scheme, allow)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, of this machine, of this link, of many, reserved."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return False
        if any(found in network for network in _TRANSLATED):
            return False
        return _open(found) and not found.is_site_local
    return _open(found)


def _open(found: IPv4Address | IPv6Address) -> bool:
    return found.is_global and not (
        found.is_multicast or found.is_reserved or found.is_loopback or found.is_link_local or found.is_unspecified
        or found.is_private
    )  # fmt: skip


AddressInfo = tuple[Any, Any, int, str, tuple[Any, ...]]


def public_socket(info: AddressInfo) -> socket.socket:
    """A socket for an address of the open internet. Raises Forbidden for any other: here the name has been resolved."""
    if not is_public(str(info[4][0])):
        raise Forbidden("the name stands for an address that may not be called")
    return _socket(info)


def local_socket(info: AddressInfo) -> socket.socket:
    """A socket for this machine. Raises Forbidden for any other address."""
    if not ip_address(str(info[4][0]).partition("%")[0]).is_loopback:
        raise Forbidden("this name is not this machine")
    return _socket(info)


def _socket(info: AddressInfo) -> socket.socket:
    family, kind, protocol = info[:3]
    made = socket.socket(family=family, type=kind, proto=protocol)
    made.setblocking(False)
    return made
