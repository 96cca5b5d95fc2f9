"""The Graph endpoints of a Messenger profile: the greeting, the menu and what else stands in a thread before it begins."""

from __future__ import annotations

from trinario.emulator.call import Call, Endpoint
from trinario.emulator.checks.page_words import MESSENGER
from trinario.emulator.checks.profile import check_deletion, check_profile
from trinario.emulator.config import Json
from trinario.emulator.meta import Meta


class Profiles:
    """One method an endpoint; `routes` is their table."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> dict[tuple[str, str, str], Endpoint]:
        """(method, what the id is, edge) -> endpoint."""
        table: dict[tuple[str, str, str], Endpoint] = {}
        for target in ("page", "instagram"):
            table["POST", target, "messenger_profile"] = self._set_profile
            table["GET", target, "messenger_profile"] = self._profile
            table["DELETE", target, "messenger_profile"] = self._delete_profile
        return table

    def _profile_platform(self, call: Call) -> str:
        asked = call.body.get("platform") or call.query.get("platform") or ""
        if call.target == "instagram":
            return "instagram"
        if str(asked).lower() not in ("", "messenger", "instagram"):
            raise MESSENGER.value("platform", "messenger or instagram")
        return str(asked).lower() or "messenger"

    async def _set_profile(self, call: Call) -> Json:
        call.platform = platform = self._profile_platform(call)
        present = self._meta.world.profiles.get(platform, {})
        wanted = check_profile(platform, call.body, present)
        self._meta.gates.profile(platform, self._meta.clock.now())
        self._meta.world.commit({"op": "profile", "platform": platform, "fields": {**present, **wanted}})
        return {"result": "success"}

    async def _profile(self, call: Call) -> Json:
        call.platform = platform = self._profile_platform(call)
        present = self._meta.world.profiles.get(platform, {})
        names = [name for name in call.query.get("fields", "").split(",") if name]
        found = {name: present[name] for name in names if name in present}
        return {"data": [found] if found else []}

    async def _delete_profile(self, call: Call) -> Json:
        call.platform = platform = self._profile_platform(call)
        present = self._meta.world.profiles.get(platform, {})
        gone = check_deletion(platform, call.body or {"fields": call.query.get("fields", "").split(",")}, present)
        self._meta.gates.profile(platform, self._meta.clock.now())
        kept = {name: value for name, value in present.items() if name not in gone}
        self._meta.world.commit({"op": "profile", "platform": platform, "fields": kept})
        return {"result": "success"}
