"""One line of the emulator's checklist as a row: a request over HTTP, and the judgement that it must get (meta.md §13)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.unit.emulator.conftest import IG, NUMBER, PAGE, PAGE_TOKEN, WA_TOKEN, Client

Json = dict[str, Any]
WABA, APP, SECRET = "102290129340398", "1517776481860111", "demo-app-secret"
WHATSAPP, PAGES = f"/v25.0/{NUMBER}/messages", "/v25.0/me/messages"
ANY = object()
"""Whatever the subcode is."""


@dataclass(frozen=True)
class Row:
    """`body` may name what the bench knows: "{wa}", "{psid}" ... `token` None: none at all. `says` stands in the error."""

    name: str
    expected: int | tuple[int, int] | tuple[int, int, Any]
    method: str = "POST"
    path: str = WHATSAPP
    body: Any = None
    token: str | None = WA_TOKEN
    raw: bytes | None = None
    form: Any = None
    headers: Json = field(default_factory=dict)
    says: str = ""
    gives: Json = field(default_factory=dict)


def wa(name: str, expected: Any, content: Json, **more: Any) -> Row:
    """A WhatsApp message to Anna; what `content` gives as None is left out."""
    body = {"messaging_product": "whatsapp", "to": "+{wa}", "type": "text", "text": {"body": "ciao"}, **content}
    return Row(name, expected, body={key: value for key, value in body.items() if value is not None}, **more)


def fb(name: str, expected: Any, content: Json, to: str = "{psid}", **more: Any) -> Row:
    """A message of the Page to Anna, on Messenger or Instagram by her id."""
    body = {"recipient": {"id": to}, "message": {"text": "ciao"}, **content}
    kept = {key: value for key, value in body.items() if value is not None}
    return Row(name, expected, path=PAGES, token=PAGE_TOKEN, body=kept, **more)


def ig(name: str, expected: Any, content: Json, **more: Any) -> Row:
    """The same on Instagram."""
    return fb(name, expected, content, to="{igsid}", **more)


def get(name: str, expected: Any, path: str, **more: Any) -> Row:
    """A reading call."""
    return Row(name, expected, method="GET", path=path, **more)


class Bench:
    """Asks one emulator for the rows; `known` are the names for bodies and paths."""

    def __init__(self, client: Client, **known: str) -> None:
        self.client = client
        phones = client.person["phones"]
        self.known = {"wa": phones["whatsapp"]["wa_id"], "bsuid": phones["whatsapp"]["user_id"],
                      "psid": phones["messenger"]["psid"], "igsid": phones["instagram"]["igsid"],
                      "page": PAGE, "ig": IG, "number": NUMBER, "waba": WABA, "app": APP, **known}  # fmt: skip

    async def wrong(self, rows: Iterable[Row]) -> list[str]:
        """What was judged otherwise than the rows say."""
        return [complaint for row in rows if (complaint := await self._judge(row))]

    async def _judge(self, row: Row) -> str:
        headers = {} if row.token is None else {"Authorization": f"Bearer {row.token}"}
        more: Json = {"headers": {**headers, **row.headers}}
        if row.raw is not None:
            more["data"] = row.raw
        if row.form is not None:
            more["data"] = {name: self._named(value) for name, value in row.form.items()}
        status, answer = await self.client.call(row.method, self._named(row.path), self._named(row.body), **more)
        error = answer.get("error", {}) if isinstance(answer, dict) else {}
        expected = row.expected if isinstance(row.expected, tuple) else (row.expected,)
        got = (status, error.get("code"), error.get("error_subcode"))[: len(expected)]
        same = all(mine is ANY or mine == theirs for mine, theirs in zip(expected, got, strict=True))
        if status >= 400 and same:
            same = error.get("type") == "OAuthException" and bool(error.get("fbtrace_id")) and bool(error["message"])
        told = json.dumps(answer, ensure_ascii=False)
        given = all(answer.get(name) == value for name, value in self._named(row.gives).items())
        return "" if same and given and row.says in told else f"{row.name}: {expected} expected, {status} {told}"

    def _named(self, value: Any) -> Any:
        if isinstance(value, str):
            for name, known in self.known.items():
                value = value.replace("{" + name + "}", known)
            return value
        if isinstance(value, dict):
            return {name: self._named(one) for name, one in value.items()}
        return [self._named(one) for one in value] if isinstance(value, list) else value
