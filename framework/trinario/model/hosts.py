"""Which hosts a bot may call: one rule for the check of its flows and for the call itself."""

import re
from collections.abc import Iterable

USUAL = {"https": 443, "http": 80}
"""The port of a scheme where an address names none."""


def is_allowed(host: str, port: int | None, scheme: str, allow: Iterable[str]) -> bool:
    """Whether the list allows a host (an IPv6 address in brackets) at a port; None is that of the scheme.

    An entry is a host, or `*.` before one for everything below it, and may end in the port that is meant.
    """
    return any(_is_meant(host, port or USUAL[scheme], USUAL[scheme], entry) for entry in allow)


def _is_meant(host: str, port: int, usual: int, entry: str) -> bool:
    name, _, number = entry.rpartition(":") if re.search(r":[0-9]+$", entry) else (entry, "", "")
    if port != (int(number) if number else usual):
        return False
    return host == name or (name.startswith("*.") and host.endswith(name[1:]) and len(host) >= len(name))
