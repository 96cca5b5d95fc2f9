"""What each platform can carry and how long its window stays open: all that a check needs of the adapters, quick to load."""

from collections.abc import Mapping

from trinario.channels.instagram import limits as instagram
from trinario.channels.messenger import limits as messenger
from trinario.channels.telegram import limits as telegram
from trinario.channels.whatsapp import limits as whatsapp
from trinario.model.channel import Limits, Window

LIMITS: Mapping[str, Limits] = {
    "whatsapp": whatsapp.LIMITS, "messenger": messenger.LIMITS, "instagram": instagram.LIMITS,
    "telegram": telegram.LIMITS,
}  # fmt: skip
WINDOWS: Mapping[str, Window] = {
    "whatsapp": whatsapp.WINDOW, "messenger": messenger.WINDOW, "instagram": instagram.WINDOW,
    "telegram": telegram.WINDOW,
}  # fmt: skip
