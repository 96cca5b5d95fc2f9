"""Personas of a Page: names and pictures that messages are shown with (meta.md 3B.8)."""

from __future__ import annotations

from trinario.emulator.call import Call, Endpoint
from trinario.emulator.checks.page_words import MESSENGER
from trinario.emulator.config import Json
from trinario.emulator.fields import Fields
from trinario.emulator.meta import Meta

NAME = 50


class Personas:
    """`/{PAGE_ID}/personas`, and one by its id."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> dict[tuple[str, str, str], Endpoint]:
        """(method, what the id is, edge) -> endpoint."""
        return {
            ("POST", "page", "personas"): self._add,
            ("GET", "page", "personas"): self._all,
            ("GET", "persona", ""): self._one,
            ("DELETE", "persona", ""): self._delete,
        }

    async def _add(self, call: Call) -> Json:
        fields = Fields(call.body, "", MESSENGER)
        name = fields.string("name", NAME)
        picture = fields.url("profile_picture_url", schemes=("https", "http"))
        fields.ignore("access_token", "appsecret_proof")
        fields.close()
        identity = self._meta.ids.number(16)
        known = {"id": identity, "name": name, "profile_picture_url": picture}
        self._meta.world.commit({"op": "persona", "id": identity, "persona": known})
        return {"id": identity}

    async def _all(self, call: Call) -> Json:
        return {"data": list(self._meta.world.personas.values())}

    async def _one(self, call: Call) -> Json:
        return dict(self._meta.world.personas[call.id])

    async def _delete(self, call: Call) -> Json:
        self._meta.world.commit({"op": "persona", "id": call.id, "persona": None})
        return {"success": True}


def speaker(meta: Meta, body: Json) -> str:
    """Whose name stands over a message; "" for the Page's. Raises Refused for one that is not there."""
    identity = body.get("persona_id")
    if identity is None:
        return ""
    known = meta.world.personas.get(str(identity))
    if known is None:
        raise MESSENGER.refused("persona", "persona_id", f"Persona {identity} does not exist.")
    return str(known["name"])
