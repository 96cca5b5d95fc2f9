"""Services of the development: what is called elsewhere is answered on this machine, and nothing else changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from trinario.outside.addresses import Place, place_of
from trinario.outside.http import HttpClient
from trinario.ports import HttpRequest, NotReturned, Returned


class StandIn:
    """Implements ports.Http over another client. `places` maps hosts to addresses of this machine.

    A call to one of these hosts goes to its address, with path and query as they were. The host has to be on the list
    all the same: what is refused where the service itself is called is refused here.
    """

    def __init__(self, http: HttpClient, places: Mapping[str, str], allow: Callable[[], Sequence[str]]) -> None:
        self._http, self._places, self._allow = http, places, allow
        here = [urlsplit(place).netloc for place in places.values()]
        self._here = HttpClient(lambda: here, local=True)

    async def close(self) -> None:
        """Give the connections back."""
        await self._here.close()
        await self._http.close()

    async def request(self, request: HttpRequest, timeout: float) -> Returned | NotReturned:
        """The request, here or there. Never raises."""
        place = place_of(request.url, self._allow(), False)
        here = self._places.get(place.host) if isinstance(place, Place) else None
        if here is None:
            return await self._http.request(request, timeout)
        rest = request.url.partition("//")[2].partition("/")[2]
        return await self._here.request(replace(request, url=f"{here.rstrip('/')}/{rest}"), timeout)
