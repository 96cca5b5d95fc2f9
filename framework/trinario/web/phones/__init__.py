"""The phones page of `demo`: three phones of one person, what the bot knows of her, and what goes over the wire."""

from trinario.web.phones.app import phones_app
from trinario.web.phones.backstage import Backstage, Inspect

__all__ = ["Backstage", "Inspect", "phones_app"]
