"""Services that stand in for others while one develops: `TRINARIO_HTTP_STAND_INS` as the environment writes it."""

from urllib.parse import urlsplit

from trinario.runtime.loopback import is_loopback


def parse_stand_ins(text: str) -> dict[str, str]:
    """Host -> address on this machine, from `HOST=http://127.0.0.1:PORT/PATH`, several with spaces between them.

    Raises ValueError with words for a part that is none, or that leads elsewhere than to this machine.
    """
    found: dict[str, str] = {}
    for part in text.split():
        host, _, address = part.partition("=")
        if not host or "/" in host or urlsplit(address).scheme != "http":
            raise ValueError(f"holds {part!r}: write it as calendar.example=http://127.0.0.1:9000/calendar")
        if not is_loopback(address):
            raise ValueError(f"leads {host} to {address}: only this machine can stand in for another, like 127.0.0.1")
        found[host.lower()] = address
    return found
