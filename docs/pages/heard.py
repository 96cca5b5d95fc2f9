"""The page of what is heard: every recorded webhook, what it is, and what begins by it; the very files that the tests decode."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from trinario.jobs.becomes import BECOMES, HEARD, STANDBY

GOLDEN = Path(__file__).parents[2] / "tests" / "golden" / "channels"
NAMES = {"whatsapp": "WhatsApp", "messenger": "Messenger", "instagram": "Instagram", "telegram": "Telegram"}
INTRO = """\
Platforms tell of much more than messages. Each line below is a recorded webhook that the tests decode; what is not on the list
is kept raw and counted. One damaged thing in a webhook never costs the others. The bodies stand in
`tests/golden/channels/<platform>_heard.json`, each under the name that it has here.
"""
BEGINS = {
    "text": "`keyword`, `message`", "tap": "the option, else `menu`, `ice_breaker`, `keyword`", "media": "`message`",
    "get_started": "`get_started`", "referral": "`referral`", "location": "`message`", "contacts": "`message`",
    "reaction": "`reaction`", "order": "`order`", "form": "`form`", "edit": "`edited`", "deleted": "`deleted`",
    "system": "", "optin": "`opt_in`, `opt_out`", "comment": "`comment`", "other": "`message`",
}  # fmt: skip
"""Triggers that listen to each kind of Heard, whatever else it carries."""

OF_THE_REST = {"Receipt": "`message_status`", "Echo": "the bot steps back", "Handover": "the bot steps back, or comes back",
               "Rekeyed": "two contacts may become one"}  # fmt: skip


def what_is_heard() -> Iterator[str]:
    """The lines of the page."""
    yield "# What is heard, and what becomes of it"
    yield from INTRO.splitlines()
    yield from _table(("what it is", "what becomes of it"), ((name, words) for name, words in BECOMES.items()))
    yield "A message (`Heard`) is of one of these kinds."
    yield from _table(("kind", "what becomes of it"), ((f"`{kind}`", words) for kind, words in HEARD.items()))
    yield f"A copy of what is said while another app has the thread (*standby*) {STANDBY}."
    for platform, name in NAMES.items():
        cases = json.loads((GOLDEN / f"{platform}_heard.json").read_text("utf-8"))
        yield from (
            "",
            f"## {name}",
            "",
            f"{len(cases)} recorded webhooks, in `tests/golden/channels/{platform}_heard.json`.",
        )
        rows = ((one["case"], _each(one["gives"], _noun), _each(one["gives"], begins)) for one in cases)
        yield from _table(("what is told", "what it is", "what begins or moves"), rows)


def begins(one: dict[str, Any]) -> str:
    """What begins or moves by one thing that was heard: triggers by name, what is particular before what is general."""
    if one.get("name") in ("team_edited", "team_deleted"):
        return "the message is marked in her thread"
    if one["is"] != "Heard":
        return OF_THE_REST.get(one["is"], "")
    if one.get("standby"):
        return "nothing: another app has her"
    data, referral = one.get("data", {}), one.get("referral", {})
    attached = [file.get("type") for file in data.get("attachments", ()) if isinstance(file, dict)]
    particular = {
        "story_reply": "story" in data,
        "story_mention": "story_mention" in attached,
        "product": "product" in referral.get("data", {}) or "referred_product" in data,
        "ad": bool(referral.get("ad")),
        "referral": bool(referral.get("ref")) and one["kind"] != "referral",
    }
    named = [f"`{name}`" for name, holds in particular.items() if holds]
    return ", ".join(filter(None, (*named, BEGINS[one["kind"]])))


def _each(gives: list[dict[str, Any]], told: Any) -> str:
    found = [words for one in gives if (words := told(one))]
    return "; ".join(dict.fromkeys(found)) or "nothing"


def _noun(one: dict[str, Any]) -> str:
    told = one.get("kind") or one.get("status") or one.get("name")
    match one["is"]:
        case "Unsupported":
            return f"Unsupported: {one['what']}"
        case "Handover":
            whose = {True: "ours", False: "another app's"}.get(one.get("ours"), "whose is not told")  # type: ignore[arg-type]
            return f"Handover `{told}`, {whose}"
        case "Echo" | "Rekeyed":
            return str(one["is"])
        case kind:
            return f"{kind} `{told}`" + (" (standby)" if one.get("standby") else "")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield from ("", "| " + " | ".join(head) + " |", "|" + "---|" * len(head))
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
    yield ""
