"""How WhatsApp words a refusal (meta.md §4.4)."""

from __future__ import annotations

from trinario.emulator.refusal import Refused


def invalid(path: str, details: str, *, rule: str = "") -> Refused:
    """131009, with the details Meta gives."""
    return Refused(rule or f"whatsapp.value:{_plain(path)}", 131009, details=details, whatsapp=True)


class WhatsAppWords:
    """The Complaints of WhatsApp."""

    def missing(self, path: str) -> Refused:
        details = f"The parameter {path} is required."
        return Refused(f"whatsapp.missing:{_plain(path)}", 131008, details=details, whatsapp=True)

    def kind(self, path: str, wanted: str) -> Refused:
        message = f"(#100) Param {path} must be {wanted}."
        return Refused(f"whatsapp.kind:{_plain(path)}", 100, message, whatsapp=True)

    def length(self, path: str, label: str, least: int, most: int) -> Refused:
        """The body of a text is the exception: too long is an invalid parameter."""
        rule = f"whatsapp.length:{_plain(path)}"
        if path == "text[body]":
            message = "(#100) Invalid parameter"
            details = f"Param text['body'] must be at most {most} characters long."
            return Refused(rule, 100, message, details=details, whatsapp=True)
        details = f"{label} length invalid. Min length: {least}, Max length: {most}"
        return Refused(rule, 131009, details=details, whatsapp=True)

    def count(self, path: str, least: int, most: int) -> Refused:
        details = f"Invalid number of {_plain(path).rsplit('.', 1)[-1]}. Min allowed: {least}, Max allowed: {most}"
        return Refused(f"whatsapp.count:{_plain(path)}", 131009, details=details, whatsapp=True)

    def value(self, path: str, wanted: str) -> Refused:
        return invalid(path, f"Param {path} must be {wanted}")

    def unknown(self, path: str, name: str) -> Refused:
        details = f"Unexpected key '{name}' on param '{path}'."
        return Refused(
            f"whatsapp.unknown:{_plain(path)}", 100, "(#100) Invalid parameter", details=details, whatsapp=True
        )


def _plain(path: str) -> str:
    """`interactive[action][buttons][0]` as `interactive.action.buttons`."""
    parts = path.replace("]", "").split("[")
    return ".".join(part for part in parts if not part.isdigit())


WORDS = WhatsAppWords()
