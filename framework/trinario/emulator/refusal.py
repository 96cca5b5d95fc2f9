"""A refused request: Meta's code and body, and the rule it broke, by our name for it."""

from __future__ import annotations

from trinario.emulator.config import Json

# HTTP statuses that differ from 400 (meta.md §7.3).
STATUS_OF_CODE = {0: 401, 2: 503, 3: 500, 10: 403, 190: 401, 200: 403, 368: 403, 130497: 403, 131000: 500, 131005: 403}
STATUS_OF_CODE |= {134102: 500} | dict.fromkeys(range(201, 300), 403)
STATUS_OF_CODE |= {131016: 500, 131031: 403, 131045: 500, 131057: 500, 132001: 404, 133000: 500, 133004: 503}

TITLES = {
    100: "Invalid parameter",
    130429: "Rate limit hit",
    131000: "Something went wrong",
    131005: "Access denied",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131016: "Service unavailable",
    131021: "Recipient cannot be sender",
    131026: "Message undeliverable",
    131030: "Recipient phone number not in allowed list",
    131042: "Business eligibility payment issue",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "This message was not delivered to maintain healthy ecosystem engagement.",
    131050: "User has stopped receiving marketing messages from the business",
    131051: "Unsupported message type",
    131053: "Media upload error",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132005: "Template hydrated text too long",
    132012: "Parameter format does not match format in the created template",
    132015: "Template is paused",
    132016: "Template is disabled",
    133010: "Account not registered",
    137000: "Recipient identity key hash mismatch",
}

ERRORS_PAGE = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class Refused(Exception):
    """Raised by a check. `rule` names what was broken; the rest is what Meta answers."""

    def __init__(
        self,
        rule: str,
        code: int,
        message: str = "",
        *,
        details: str = "",
        subcode: int | None = None,
        http: int | None = None,
        whatsapp: bool = False,
    ) -> None:
        self.rule = rule
        self.code = code
        self.message = message or f"(#{code}) {TITLES.get(code, 'Invalid parameter')}"
        self.details = details
        self.subcode = subcode
        self.http = http or STATUS_OF_CODE.get(code, 400)
        self.whatsapp = whatsapp
        super().__init__(f"{rule}: {self.message} {details}".strip())

    def body(self, trace: str) -> Json:
        """The JSON that Meta answers with (meta.md §7.1)."""
        error: Json = {"message": self.message, "type": "OAuthException", "code": self.code}
        if self.whatsapp and self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {"error": {**error, "fbtrace_id": trace}}


def whatsapp_failure(code: int, details: str = "") -> Json:
    """One entry of `statuses[].errors[]`."""
    title = TITLES.get(code, "Something went wrong")
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details or title},
        "href": ERRORS_PAGE,
    }
