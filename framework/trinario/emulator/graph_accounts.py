"""The Graph endpoints that tell who somebody is: a number, a Page, an Instagram account, a person."""

from __future__ import annotations

from trinario.emulator.call import Call, Endpoint
from trinario.emulator.config import Json
from trinario.emulator.graph_answers import selected
from trinario.emulator.meta import Meta
from trinario.emulator.refusal import Refused


class Accounts:
    """One method an endpoint; `routes` is their table."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def routes(self) -> dict[tuple[str, str, str], Endpoint]:
        """(method, what the id is, edge) -> endpoint."""
        return {
            ("GET", "number", ""): self._number,
            ("GET", "page", ""): self._account,
            ("GET", "instagram", ""): self._account,
            ("GET", "person", ""): self._person,
        }

    async def _number(self, call: Call) -> Json:
        account = self._meta.config.whatsapp
        known = {"display_phone_number": account.phone, "verified_name": account.name, "quality_rating": "GREEN",
                 "whatsapp_business_manager_messaging_limit": self._tier(), "throughput": {"level": self._throughput()},
                 "platform_type": "CLOUD_API", "code_verification_status": "VERIFIED", "name_status": "APPROVED",
                 "status": "CONNECTED", "conversational_automation": self._meta.world.profiles.get("whatsapp", {})}  # fmt: skip
        default = ("display_phone_number", "verified_name", "quality_rating", "platform_type", "throughput")
        return {**selected(call, known, default), "id": account.phone_number_id}

    def _throughput(self) -> str:
        """80 messages a second, 1,000 after the upgrade (meta.md §6)."""
        return "HIGH" if self._meta.config.rates.whatsapp_number >= 1000 else "STANDARD"

    def _tier(self) -> str:
        most = self._meta.config.whatsapp.messaging_limit
        return f"TIER_{most // 1000}K" if most >= 1000 else f"TIER_{most}" if most else "TIER_UNLIMITED"

    async def _account(self, call: Call) -> Json:
        config = self._meta.config
        if call.target == "page":
            account = config.messenger
            known: Json = {"id": account.page_id, "name": account.page_name, "username": account.page_name}
            if config.instagram.login == "facebook":
                known["instagram_business_account"] = {"id": config.instagram.account_id}
            return selected(call, known, ("id", "name"))
        instagram = config.instagram
        known = {"id": instagram.account_id, "user_id": instagram.account_id, "username": instagram.username}
        return selected(call, known, ("id",))

    async def _person(self, call: Call) -> Json:
        """Only those who wrote have given leave to read their profile."""
        phone = self._meta.world.by_identity[call.id]
        if not phone.opened:
            subcode = 2018218 if phone.platform == "messenger" else 2534014
            raise Refused(
                f"{phone.platform}.profile", 100, "(#100) No profile available for this user.", subcode=subcode
            )
        person = self._meta.world.person_of(phone)
        first, _, last = person.name.partition(" ")
        known = {
            "id": phone.identity, "first_name": first, "last_name": last, "name": person.name, "username": phone.username,
            "profile_pic": f"https://cdn.example/{phone.identity}.jpg", "timezone": 1, "follower_count": 3,
            "locale": {"en": "en_US", "pt": "pt_BR"}.get(person.language, f"{person.language}_{person.language.upper()}"),
            "is_user_follow_business": False, "is_business_follow_user": False, "is_verified_user": False,
        }  # fmt: skip
        default = ("first_name", "last_name", "profile_pic") if phone.platform == "messenger" else ("name", "username")
        return {**selected(call, known, default), "id": phone.identity}
