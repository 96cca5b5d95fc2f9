"""How the accounts of channels stand: pace, trouble, rating, tokens, what was uploaded to them."""

from datetime import datetime
from typing import Protocol

from trinario.model.standing import NumberStanding
from trinario.ports.beside import AccountToken, Opening, Trouble, Uploaded


class AccountUnit(Protocol):
    """The accounts of channels, in one transaction."""

    def grant_heavy(self, channel: str, wanted: int, pace: float, now: datetime) -> int:
        """How many audio and video files may go now, at `pace` a second; they are counted."""

    def rest(self, channel: str, now: datetime, until: datetime) -> None:
        """Nothing of a channel goes until then."""

    def slow(self, channel: str, share: int, until: datetime) -> None:
        """A channel sends at `share` percent of its pace until then."""

    def hold_bulk(self, channel: str, until: datetime) -> None:
        """Marketing of a channel waits until then."""

    def trouble(self, channel: str, code: str, reason: str, now: datetime) -> bool:
        """The platform refuses a channel's token or account: one message at a time from now on. False: known already."""

    def well(self, channel: str) -> bool:
        """A channel's trouble is over; False: there was none."""

    def try_again(self, channel: str, now: datetime) -> int:
        """An operator has mended what was the matter: rests end, and what the platform refused is due; how many rows that is."""

    def rated(self, channel: str, quality: str) -> bool:
        """What people make of a number: green, yellow, red, "". Gives whether it is news."""

    def limited(self, channel: str, most: int) -> bool:
        """How many people a number may write to first within 24 hours (-1: no limit). Gives whether it is news."""

    def standings(self) -> list[NumberStanding]:
        """The numbers of which either is known, by channel."""

    def troubles(self, now: datetime) -> list[Trouble]:
        """Channels that do not send as they could, by name."""

    def token(self, channel: str) -> AccountToken | None:
        """What is kept of a channel's token."""

    def keep_token(self, token: AccountToken) -> None:
        """The newest token of a channel counts."""

    def opening(self, channel: str) -> Opening:
        """What we have put up on a channel before a conversation; nothing if we never did."""

    def keep_opening(self, channel: str, opening: Opening, now: datetime) -> None:
        """Remember it: only that is taken away when nobody declares it any more."""

    def keep_upload(self, upload: Uploaded, now: datetime) -> None:
        """A file was uploaded: its newest id counts."""

    def upload(self, account: str, digest: str, kind: str, now: datetime) -> Uploaded | None:
        """The id of a file that is still good."""

    def forget_upload(self, address: str) -> None:
        """The platform does not take its id of this file (`media://...`) any more."""
