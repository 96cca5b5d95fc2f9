"""The phones page of `demo`: three phones of one person, what the bot knows of her, and what goes over the wire."""

from trinario.web.phones.app import Inspect, phones_app

__all__ = ["Inspect", "phones_app"]
