"""The outside of a talk: services and models answer as the talk says, functions really run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

from trinario import jsons
from trinario.authoring.outside_settings import OutsideSettings
from trinario.model.value import plain
from trinario.outside.addresses import place_of
from trinario.outside.http import MOST_BYTES
from trinario.ports import HttpRequest, NotReturned, Returned

COMPLETIONS = "/chat/completions"
"""How the address of a language model ends."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service answers. `fails` is why there is no answer; `wants` what the request has to bring (None: anything)."""

    status: int = 200
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    fails: str = ""
    after: timedelta = timedelta()
    wants: Any = None


@dataclass(slots=True)
class Stubs:
    """Implements ports.Http for a talk. `asked` are the requests that were made, `strange` what nobody had an answer for.

    Of several replies to one request each is given once, the last one for ever.
    """

    settings: OutsideSettings
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    thoughts: list[Reply] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    delay: timedelta = timedelta()

    def answer(self, replies: Mapping[str, Sequence[Reply]]) -> None:
        """From now on these requests (`POST https://...`, with * for anything) are answered like this."""
        for request, several in replies.items():
            self.replies.pop(request, None)
            self.replies[request] = list(several)

    def think(self, replies: Sequence[Reply]) -> None:
        """From now on the language model says this."""
        self.thoughts = list(replies)

    async def request(self, request: HttpRequest, timeout: float) -> Returned | NotReturned:
        """One request, answered at once; `delay` tells how long the answer takes."""
        shown = f"{request.method} {request.url}"
        self.asked.append(shown)
        if self.thoughts and request.url.endswith(COMPLETIONS):
            return self._reply(_next(self.thoughts), timeout)
        place = place_of(request.url, self.settings.hosts, local=True)
        if isinstance(place, str):
            return NotReturned(place)
        found = self._found(shown)
        if found is None:
            what = (
                "the language model: write `- ai: {...}`"
                if request.url.endswith(COMPLETIONS)
                else f"{shown}: write `- http: {{{shown}: {{...}}}}`"
            )
            self.strange.append(f"the talk has no answer for {what} before this")
            return NotReturned("the talk has no answer for it")
        reply = _next(found)
        self._check(reply, shown, request)
        return self._reply(reply, timeout)

    def _found(self, shown: str) -> list[Reply] | None:
        """The newest replies whose request fits: as it is, without its query, or as a pattern."""
        bare = shown.partition("?")[0]
        for key, replies in reversed(self.replies.items()):
            if key in (shown, bare) or fnmatchcase(shown, key):
                return replies
        return None

    def _check(self, reply: Reply, shown: str, request: HttpRequest) -> None:
        if reply.wants is None:
            return
        text = (request.body or b"").decode("utf-8", "replace")
        try:
            sent = jsons.loads(text)
        except ValueError:
            sent = text
        if sent != plain(reply.wants):
            self.strange.append(f"{shown} sent {jsons.dumps(sent)}, not {jsons.dumps(plain(reply.wants))}")

    def _reply(self, reply: Reply, timeout: float) -> Returned | NotReturned:
        if reply.fails == "timeout" or reply.after.total_seconds() > timeout:
            self.delay = timedelta(seconds=timeout)
            return NotReturned(f"no answer within {timeout:g} seconds", again=True)
        self.delay = reply.after
        if reply.fails == "unreachable":
            return NotReturned("the service cannot be reached", again=True)
        if reply.fails == "too_large":
            return NotReturned(f"the answer is larger than {MOST_BYTES >> 20} MiB")
        return Returned(plain(reply.data), reply.status, reply.headers)

    def taken(self) -> timedelta:
        """How long the last answer takes, told once."""
        delay, self.delay = self.delay, timedelta()
        return delay


def _next(replies: list[Reply]) -> Reply:
    return replies.pop(0) if len(replies) > 1 else replies[0]


def thought(said: Mapping[str, Any]) -> Any:
    """What a model's service answers when the model says this."""
    return {"choices": [{"message": {"role": "assistant", "content": jsons.dumps(plain(said))}}]}
