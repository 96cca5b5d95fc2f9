"""The names of this machine: where an emulator stands in for a platform, its files are there as well."""

from urllib.parse import urlsplit

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def loopback_of(url: str) -> tuple[str, ...]:
    """The names of this machine with the port of such an address; none for an address elsewhere."""
    parts = urlsplit(url)
    if parts.hostname not in _LOOPBACK:
        return ()
    port = parts.port or {"https": 443}.get(parts.scheme, 80)
    return f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"
