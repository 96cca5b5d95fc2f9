"""A text that is none of its kind: what is wrong, and how to mend it."""


class Unreadable(ValueError):
    """The text is none of that kind: the code, what is wrong, and how to mend it."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def shown_text(text: str) -> str:
    """The text in quotation marks, cut where it is long."""
    short = text.strip() if len(text) <= 40 else text.strip()[:39] + "…"
    return f'"{short}"'
