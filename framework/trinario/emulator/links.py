"""Deep links that carry state: wa.me, m.me, ig.me and t.me (meta.md §8, §12.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from trinario.emulator.config import Config

LINK = re.compile(r"https?://[^\s<>\"']+")
START = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
REF = re.compile(r"^[A-Za-z0-9_=\-]{1,2083}$")


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a business account of ours on `platform`, with a ref, or with a text to begin with."""

    platform: str
    url: str
    ref: str = ""
    text: str = ""


_HOSTS = {"wa.me": "whatsapp", "api.whatsapp.com": "whatsapp", "m.me": "messenger", "ig.me": "instagram",
          "t.me": "telegram"}  # fmt: skip


class BadLink(ValueError):
    """A link that leads nowhere; the text says why."""


def find_link(text: str) -> str:
    """The last link in a text that opens one of the apps, empty if there is none."""
    found = [url.rstrip(".,;:!?)") for url in LINK.findall(text)]
    ours = [url for url in found if app_of(url)]
    return ours[-1] if ours else ""


def app_of(url: str) -> str:
    """The app that opens this url: whatsapp, messenger, instagram, telegram or none."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return _HOSTS.get(host, "")


def parse_link(url: str, config: Config) -> Link:
    """The link, if its business is ours. Raises BadLink."""
    platform = app_of(url)
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    if not platform:
        raise BadLink(f"{url} opens none of the apps")
    text, ref = query.get("text", ""), query.get("ref", "")
    path = parts.path.strip("/")
    if platform == "whatsapp":
        digits = query.get("phone", "").lstrip("+") if parts.hostname == "api.whatsapp.com" else path
        if digits != config.whatsapp.phone:
            raise BadLink(f"{url} does not lead to {config.whatsapp.phone}: wa.me wants the number's digits alone")
        return Link(platform, url, text=text)
    if platform == "telegram":
        return _to_bot(url, path, query, config)
    known = (
        (config.messenger.page_name, config.messenger.page_id)
        if platform == "messenger"
        else (f"m/{config.instagram.username}",)
    )
    if path not in known:
        raise BadLink(f"{url} does not lead to {' or '.join(known)}")
    if "ref" in query and not REF.match(ref):
        raise BadLink("a ref has 1 to 2083 of the characters A-Z a-z 0-9 - _ =")
    return Link(platform, url, ref, text)


def _to_bot(url: str, path: str, query: dict[str, str], config: Config) -> Link:
    """A t.me link: user names know no case, and what it brings is 64 characters at most."""
    username, start = config.telegram.username, query.get("start", "")
    if path.lower() != username.lower():
        raise BadLink(f"{url} does not lead to {username}")
    if "start" in query and not START.match(start):
        raise BadLink("a start parameter has 1 to 64 of the characters A-Z a-z 0-9 - _")
    return Link("telegram", url, start)
