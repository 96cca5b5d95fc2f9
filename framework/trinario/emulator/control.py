"""The control API under `/_emulator/`: people, clock, faults, log, webhooks."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from trinario.emulator.acts import Acts, CannotAct, ice_breakers
from trinario.emulator.clock import offset_for
from trinario.emulator.config import Json
from trinario.emulator.envelopes import signed_form
from trinario.emulator.faults import BadFault
from trinario.emulator.journal import compact
from trinario.emulator.journeys import Follower
from trinario.emulator.meta import Meta
from trinario.emulator.people import DAY, PLATFORMS, Person, Phone, person_from_json

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Reply = Any
HEARTBEAT_SECONDS = 15.0
COUNTRY_OF_PREFIX = {
    "1": "US",
    "39": "IT",
    "44": "GB",
    "49": "DE",
    "33": "FR",
    "34": "ES",
    "91": "IN",
    "55": "BR",
    "52": "MX",
}


class Control:
    """One method a path; wrong wishes are answered with 400, 404 or 409 and `{"error": why}`."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        self._acts = Acts(meta)
        self._follower = Follower(meta, self._acts)

    def routes(self) -> list[web.RouteDef]:
        """All routes, prefix included."""
        table: list[tuple[str, str, Callable[[web.Request], Awaitable[Reply]]]] = [
            ("GET", "/people", self._people),
            ("POST", "/people", self._add_people),
            ("DELETE", "/people", self._clear),
            ("GET", "/people/{person}", self._person),
            ("GET", "/people/{person}/thread", self._thread),
            ("GET", "/people/{person}/phone", self._phone_state),
            ("POST", "/people/{person}/{act}", self._act),
            ("POST", "/business/{platform}/say", self._team),
            ("GET", "/clock", self._clock),
            ("POST", "/clock", self._move_clock),
            ("GET", "/faults", self._faults),
            ("POST", "/faults", self._add_fault),
            ("DELETE", "/faults", self._clear_faults),
            ("GET", "/log", self._log),
            ("GET", "/violations", self._violations),
            ("GET", "/messages", self._messages),
            ("POST", "/subscribe", self._subscribe),
            ("POST", "/webhook/raw", self._raw),
            ("POST", "/webhooks/flush", self._flush),
            ("GET", "/webhooks/pending", self._pending),
        ]
        routes = [web.route(method, "/_emulator" + path, _answering(handler)) for method, path, handler in table]
        routes.append(web.get("/_emulator/log/stream", self._stream))
        routes.append(web.get("/_emulator/media/{media}", self._download))
        return routes

    async def _people(self, request: web.Request) -> Reply:
        return [person.as_json() for person in self._meta.world.people.values()]

    async def _person(self, request: web.Request) -> Reply:
        return self._someone(request.match_info["person"]).as_json()

    async def _add_people(self, request: web.Request) -> Reply:
        wish = await _json(request, list_allowed=True)
        if isinstance(wish, list):
            return [self._add(item) for item in wish]
        return self._add(wish)

    async def _clear(self, request: web.Request) -> Reply:
        self._meta.dispatcher.forget()
        self._meta.timetable.clear()
        self._meta.world.commit({"op": "clear"})
        return {"people": 0}

    async def _thread(self, request: web.Request) -> Reply:
        phone = self._phone(request.match_info["person"], request.query.get("platform", ""))
        return phone.view(self._meta.clock.now())

    async def _phone_state(self, request: web.Request) -> Reply:
        """What stands around the thread: starters, menu, typing, window."""
        phone = self._phone(request.match_info["person"], request.query.get("platform", ""))
        profile, now = self._meta.world.profiles.get(phone.platform, {}), self._meta.clock.now()
        starters = [{"title": item["question"], "payload": item["payload"]}
                    for item in ice_breakers(profile, self._meta.world.person_of(phone).language)]  # fmt: skip
        if phone.platform == "messenger" and "get_started" in profile:
            starters = [{"title": "Get Started", "payload": profile["get_started"]["payload"]}]
        closes = phone.last_heard + DAY if phone.last_heard is not None else None
        return {"platform": phone.platform, "starters": [] if phone.opened else starters, "menu": profile.get("persistent_menu", []),
                "greeting": profile.get("greeting", []), "typing": phone.typing_until > now, "blocked": phone.blocked,
                "opened": phone.opened, "window_closes": closes}  # fmt: skip

    async def _act(self, request: web.Request) -> Reply:
        wish = await _json(request)
        name = request.match_info["act"]
        phone = self._phone(request.match_info["person"], str(wish.get("platform", "")))
        deeds: dict[str, Callable[[], Json]] = {
            "say": lambda: self._acts.say(phone, str(wish.get("text", "")), reply_to=str(wish.get("reply_to") or "")),
            "tap": lambda: self._tap(phone, wish),
            "send": lambda: self._acts.send(phone, wish),
            "follow": lambda: self._follower.follow(phone, wish),
            "react": lambda: self._acts.react(phone, wish),
            "read": lambda: self._acts.read(phone),
            "get_started": lambda: self._acts.get_started(phone, wish),
            "block": lambda: self._acts.block(phone, True),
            "unblock": lambda: self._acts.block(phone, False),
            "unsend": lambda: self._acts.unsend(phone, wish),
            "comment": lambda: self._acts.comment(phone, wish),
        }
        if name not in deeds:
            raise CannotAct(f"nobody can {name}; known are {', '.join(deeds)}", 404)
        done = deeds[name]()
        self._meta.log("control", what=name, act=done)
        return done

    def _tap(self, phone: Phone, wish: Json) -> Json:
        """A url button that opens one of the three apps is followed."""
        title, index = wish.get("title"), wish.get("index")
        for message in reversed(phone.messages):
            options = phone.tappable(message)
            if not options or wish.get("message_id") not in (None, "", message.id):
                continue
            if index is not None and wish.get("title") is None and wish.get("payload") is None:
                found = options[int(index)] if 0 <= int(index) < len(options) else None
            else:
                found = next((option for option in options if title is not None and option.title == title), None)
            if found is not None and found.kind == "url":
                return self._follower.follow(phone, {**wish, "url": found.url, "index": 0})
            if found is not None or index is not None:
                break
        return self._acts.tap(phone, wish)

    async def _team(self, request: web.Request) -> Reply:
        wish = await _json(request)
        phone = self._phone(str(wish.get("person", "")), request.match_info["platform"])
        done = self._acts.team_says(phone, str(wish.get("text", "")))
        self._meta.log("control", what="team_says", act=done)
        return done

    async def _clock(self, request: web.Request) -> Reply:
        return self._meta.clock.view()

    async def _move_clock(self, request: web.Request) -> Reply:
        wish = await _json(request)
        if isinstance(wish.get("advance"), int | float):
            offset = self._meta.clock.offset + wish["advance"]
        elif isinstance(wish.get("set"), str):
            offset = offset_for(wish["set"])
        else:
            raise CannotAct("give advance (seconds) or set (an ISO moment)", 400)
        self._meta.move_clock(offset)
        self._meta.log("control", what="clock", **self._meta.clock.view())
        return self._meta.clock.view()

    async def _faults(self, request: web.Request) -> Reply:
        return [fault.as_json() for fault in self._meta.faults.active]

    async def _add_fault(self, request: web.Request) -> Reply:
        return self._meta.faults.add(await _json(request)).as_json()

    async def _clear_faults(self, request: web.Request) -> Reply:
        self._meta.faults.clear()
        return []

    async def _log(self, request: web.Request) -> Reply:
        after, limit = _number(request, "after"), _number(request, "limit")
        return self._meta.world.log.after(after, request.query.get("kind", ""), limit)

    async def _violations(self, request: web.Request) -> Reply:
        return self._meta.world.log.violations

    async def _messages(self, request: web.Request) -> Reply:
        return self._meta.world.accepted[_number(request, "after") :]

    async def _subscribe(self, request: web.Request) -> Reply:
        """Meta's GET verification; the url is taken if the bot answers as it must."""
        wish = await _json(request)
        platform = _platform(str(wish.get("platform", "")))
        account = self._meta.config.account(platform)
        url = str(wish.get("url") or account.webhook_url)
        outcome = await self._meta.dispatcher.verify(
            platform, url, str(wish.get("verify_token") or account.verify_token)
        )
        if outcome["verified"]:
            self._meta.world.commit({"op": "subscribed", "platform": platform, "settings": {"url": url}})
        return {"platform": platform, "url": url, **outcome}

    async def _raw(self, request: web.Request) -> Reply:
        wish = await _json(request)
        body = wish.get("body")
        raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else signed_form(body)
        if "base64" in wish:
            raw = base64.b64decode(str(wish["base64"]))
        platform = _platform(str(wish.get("platform", "")))
        return await self._meta.dispatcher.raw(platform, raw, bad_signature=wish.get("signature") == "bad")

    async def _flush(self, request: web.Request) -> Reply:
        return {"retried": self._meta.dispatcher.flush()}

    async def _pending(self, request: web.Request) -> Reply:
        return {"pending": self._meta.dispatcher.pending()}

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: every entry of the log from `after` on (default: from now)."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        queue = self._meta.world.log.listen()
        try:
            if "after" in request.query:
                for entry in self._meta.world.log.after(_number(request, "after")):
                    await response.write(_event(entry))
            while True:
                try:
                    entry = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                    await response.write(_event(entry))
                except TimeoutError:
                    await response.write(b": still here\n\n")
        except (ConnectionResetError, asyncio.CancelledError):
            return response
        finally:
            self._meta.world.log.leave(queue)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a WhatsApp medium: with the number's token only, for five minutes only."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if token != self._meta.config.whatsapp.access_token:
            return web.Response(status=401, text="<html>Unauthorized</html>", content_type="text/html")
        media = self._meta.world.media.get(request.match_info["media"])
        if media is None or _number(request, "until") < self._meta.clock.now():
            return web.Response(status=404)
        content = base64.b64decode(media["content"])
        return web.Response(body=content, headers={"Content-Type": media["mime_type"]})

    def _add(self, wish: Json) -> Json:
        record = self._record(wish)
        self._meta.world.commit({"op": "person", "person": record})
        return self._meta.world.people[record["id"]].as_json()

    def _record(self, wish: Json) -> Json:
        """A person with an id for every platform; what was not chosen is drawn from the seed."""
        world = self._meta.world
        identity = str(wish.get("id") or f"p{len(world.people) + 1}")
        if identity in world.people:
            raise CannotAct(f"person {identity!r} exists already")
        phones: Json = {}
        for platform in wish.get("platforms") or PLATFORMS:
            given = wish.get(platform) if isinstance(wish.get(platform), dict) else {}
            phones[_platform(platform)] = self._ids(platform, identity, wish, given or {})
        known = {
            "id": identity,
            "name": str(wish.get("name") or identity),
            "language": str(wish.get("language") or "en"),
        }
        record = {**known, "reads": wish.get("reads"), "phones": phones}
        fresh = person_from_json(record)
        for phone in fresh.phones.values():
            if phone.identity in world.by_identity:
                raise CannotAct(f"{phone.platform} id {phone.identity} is somebody else's")
        return record

    def _ids(self, platform: str, person: str, wish: Json, given: Json) -> Json:
        ids = self._meta.ids
        if platform == "whatsapp":
            phone = "".join(sign for sign in str(given.get("wa_id") or wish.get("phone") or "") if sign.isdigit())
            phone = phone or self._free(lambda: "39333" + ids.number(7))
            return {
                "wa_id": phone,
                "user_id": str(given.get("user_id") or f"{_country(phone)}.{self._free(lambda: ids.number(16))}"),
            }
        if platform == "messenger":
            return {"psid": str(given.get("psid") or self._free(lambda: ids.number(16)))}
        username = "".join(sign for sign in person.lower() if sign.isalnum() or sign in "._")
        return {
            "igsid": str(given.get("igsid") or self._free(lambda: ids.number(15))),
            "username": str(given.get("username") or username or person),
        }

    def _free(self, draw: Callable[[], str]) -> str:
        """An id that nobody has."""
        while (drawn := draw()) in self._meta.world.by_identity:
            continue
        return drawn

    def _someone(self, identity: str) -> Person:
        person = self._meta.world.people.get(identity)
        if person is None:
            raise CannotAct(f"there is no person {identity!r}", 404)
        return person

    def _phone(self, person: str, platform: str) -> Phone:
        phone = self._someone(person).phones.get(_platform(platform))
        if phone is None:
            raise CannotAct(f"person {person!r} has no {platform}", 404)
        return phone


def _answering(handler: Callable[[web.Request], Awaitable[Reply]]) -> Handler:
    """A wish that cannot be met is an answer, not a fault of ours."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            content, status = await handler(request), 200
        except CannotAct as reason:
            content, status = {"error": str(reason)}, reason.status
        except (BadFault, ValueError) as reason:
            content, status = {"error": str(reason)}, 400
        return web.Response(status=status, body=compact(content), content_type="application/json")

    return answer


async def _json(request: web.Request, *, list_allowed: bool = False) -> Any:
    raw = await request.read()
    content = json.loads(raw) if raw else {}
    if not isinstance(content, dict) and not (list_allowed and isinstance(content, list)):
        raise CannotAct("the body must be a JSON object", 400)
    return content


def _number(request: web.Request, name: str) -> int:
    value = request.query.get(name, "0")
    if not value.isdigit():
        raise CannotAct(f"{name} must be a number", 400)
    return int(value)


def _platform(name: str) -> str:
    if name not in PLATFORMS:
        raise CannotAct(f"platform must be one of {', '.join(PLATFORMS)}", 400)
    return name


def _country(phone: str) -> str:
    """The country that stands before a user id."""
    return next((country for prefix, country in COUNTRY_OF_PREFIX.items() if phone.startswith(prefix)), "US")


def _event(entry: Json) -> bytes:
    return b"id: %d\ndata: %s\n\n" % (entry["n"], compact(entry))
