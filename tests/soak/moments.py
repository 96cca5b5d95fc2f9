"""How things stood when a message came up on a phone: later in one step everything may be otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from trinario.channels.http.transport import Outcome
from trinario.testing.phone import Phones

Identity = tuple[str, str]
"""(channel, the id of a person there)."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Who was whom, and whose each session was."""

    holders: Mapping[Identity, int]
    sessions: Mapping[str, int]

    def one(self, identity: Identity, other: Identity) -> bool:
        """Whether these two were one contact's."""
        return identity in self.holders and self.holders[identity] == self.holders.get(other)


@dataclass(slots=True)
class Screens:
    """The transport to the phones, that looks how things stand (`now`) whenever a message comes up; `then` by its id."""

    phones: Phones
    now: Callable[[], Moment]
    then: dict[str, Moment] = field(default_factory=dict)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """POST."""
        before = len(self.phones.shown)
        outcome = await self.phones.post(url, body, headers)
        fresh = self.phones.shown[before:]
        if fresh:
            self.then |= dict.fromkeys((one.id for one in fresh), self.now())
        return outcome

    async def get(self, url: str, headers: Mapping[str, str]) -> Outcome:
        """GET."""
        return await self.phones.get(url, headers)

    async def delete(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """DELETE."""
        return await self.phones.delete(url, body, headers)
