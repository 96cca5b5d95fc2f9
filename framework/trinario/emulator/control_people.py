"""The control API of the people: who they are, what their phones show, what they do."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from trinario.emulator.acts import Acts, ice_breakers, in_language
from trinario.emulator.arrivals import Arrivals
from trinario.emulator.changes import Changes
from trinario.emulator.config import Json
from trinario.emulator.deletion import delete_data
from trinario.emulator.journeys import Follower
from trinario.emulator.meta import Meta
from trinario.emulator.people import DAY, PLATFORMS, Person, Phone, person_from_json
from trinario.emulator.telegram.acts import TelegramActs
from trinario.emulator.things import Things
from trinario.emulator.voice import CannotAct, Voice
from trinario.emulator.wishes import Reply, control_routes, platform_of, read_wish

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


DELETE_DATA = "delete_data"
"""The one act of a person that the business answers at once."""


class PeopleControl:
    """One method a path; wrong wishes are answered with 400, 404 or 409 and `{"error": why}`."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        voice = Voice(meta)
        self._acts = Acts(meta, voice)
        self._things = Things(meta, voice)
        self._arrivals = Arrivals(meta, voice)
        self._changes = Changes(meta, voice)
        self._telegram = TelegramActs(meta)
        self._follower = Follower(meta, self._acts, self._telegram)

    def routes(self) -> list[web.RouteDef]:
        """All routes, prefix included."""
        return control_routes(
            [
                ("GET", "/people", self._people),
                ("POST", "/people", self._add_people),
                ("DELETE", "/people", self._clear),
                ("GET", "/people/{person}", self._person),
                ("GET", "/people/{person}/thread", self._thread),
                ("GET", "/people/{person}/phone", self._phone_state),
                ("GET", "/comments", self._comments),
                ("POST", "/people/{person}/{act}", self._act),
                ("POST", "/business/{platform}/say", self._team),
            ]
        )

    async def _people(self, request: web.Request) -> Reply:
        return [person.as_json() for person in self._meta.world.people.values()]

    async def _person(self, request: web.Request) -> Reply:
        return self._someone(request.match_info["person"]).as_json()

    async def _add_people(self, request: web.Request) -> Reply:
        wish = await read_wish(request, list_allowed=True)
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
        language = self._meta.world.person_of(phone).language
        starters = [{"title": item["question"], "payload": item["payload"]} for item in ice_breakers(profile, language)]
        menu = in_language(profile.get("persistent_menu", []), language)
        if phone.platform == "whatsapp":
            starters = [{"title": words, "payload": ""} for words in profile.get("prompts", [])]
        if phone.platform == "messenger" and "get_started" in profile:
            starters = [{"title": "Get Started", "payload": profile["get_started"]["payload"]}]
        closes = phone.last_heard + DAY if phone.last_heard is not None else None
        if phone.platform == "telegram":
            starters, closes = [{"title": "Start", "payload": "/start"}], None
        return {
            "platform": phone.platform,
            "starters": [] if phone.opened else starters,
            "menu": [{"locale": language, "call_to_actions": menu}] if menu else [],
            "greeting": profile.get("greeting", []),
            "typing": phone.typing_until > now,
            "blocked": phone.blocked,
            "opened": phone.opened,
            "window_closes": closes,
        }

    async def _comments(self, request: web.Request) -> Reply:
        """What stands below the posts, the business's own answers too (of these `person` is empty)."""
        post = request.query.get("post", "")
        known = self._meta.world.comments.values()
        return [one for one in known if str(one.get("post", "")).endswith(post)]

    def _deeds(self, phone: Phone, wish: Json) -> dict[str, Callable[[], Json]]:
        """What can be done from this phone, by name."""
        deeds: dict[str, Callable[[], Json]] = {
            "say": lambda: self._acts.say(phone, str(wish.get("text", "")), reply_to=str(wish.get("reply_to") or "")),
            "tap": lambda: self._follower.tap(phone, wish),
            "send": lambda: self._things.send(phone, wish),
            "follow": lambda: self._follower.follow(phone, wish),
            "react": lambda: self._acts.react(phone, wish),
            "read": lambda: self._acts.read(phone),
            "get_started": lambda: self._acts.get_started(phone, wish),
            "block": lambda: self._acts.block(phone, True),
            "menu": lambda: self._acts.menu(phone, wish),
            "unblock": lambda: self._acts.block(phone, False),
            "unsend": lambda: self._acts.unsend(phone, wish),
            "comment": lambda: self._things.comment(phone, wish),
            "story_reply": lambda: self._arrivals.story_reply(phone, wish),
            "story_mention": lambda: self._arrivals.story_mention(phone, wish),
            "ad": lambda: self._arrivals.ad(phone, wish),
            "form": lambda: self._arrivals.form(phone, wish),
            "order": lambda: self._arrivals.order(phone, wish),
            "product": lambda: self._arrivals.product(phone, wish),
            "notices": lambda: self._arrivals.notices(phone, wish),
            "edit": lambda: self._changes.edit(phone, wish),
            "unsupported": lambda: self._changes.unsupported(phone, wish),
            "hide_phone": lambda: self._changes.hide(phone, True),
            "show_phone": lambda: self._changes.hide(phone, False),
            "change_number": lambda: self._changes.change_number(phone, wish),
            "hand_over": lambda: self._changes.hand_over(phone, wish),
            "opt_out": lambda: self._changes.marketing(phone, False),
            "opt_in": lambda: self._changes.marketing(phone, True),
        }
        if phone.platform != "telegram":
            return deeds
        shared = {name: deed for name, deed in deeds.items() if name in ("tap", "follow")}
        return {**shared, **self._telegram.deeds(phone, wish)}

    async def _act(self, request: web.Request) -> Reply:
        wish = await read_wish(request)
        name = request.match_info["act"]
        phone = self._phone(request.match_info["person"], str(wish.get("platform", "")))
        deeds = self._deeds(phone, wish)
        if name not in deeds and name != DELETE_DATA:
            raise CannotAct(f"nobody can {name}; known are {', '.join((*deeds, DELETE_DATA))}", 404)
        done = await delete_data(self._meta, phone) if name == DELETE_DATA else deeds[name]()
        self._meta.log("control", what=name, act=done)
        return done

    async def _team(self, request: web.Request) -> Reply:
        wish = await read_wish(request)
        phone = self._phone(str(wish.get("person", "")), request.match_info["platform"])
        if phone.platform == "telegram":
            raise CannotAct("a Telegram bot has no app in which people of the team could write")
        done = self._acts.team_says(phone, str(wish.get("text", "")))
        self._meta.log("control", what="team_says", act=done)
        return done

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
        for platform in wish.get("platforms") or self._usual():
            given = wish.get(platform) if isinstance(wish.get(platform), dict) else {}
            phones[platform_of(platform)] = self._ids(platform, identity, wish, given or {})
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

    def _usual(self) -> list[str]:
        """The phones that everybody has: Telegram's where there is a bot."""
        return [name for name in PLATFORMS if name != "telegram" or self._meta.config.telegram.token]

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
        if platform == "telegram":
            free = self._free(lambda: ids.number(10))
            return {
                "telegram_id": str(given.get("telegram_id") or free),
                "username": str(given.get("username") or username),
            }
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
        phone = self._someone(person).phones.get(platform_of(platform))
        if phone is None:
            raise CannotAct(f"person {person!r} has no {platform}", 404)
        return phone


def _country(phone: str) -> str:
    """The country that stands before a user id."""
    return next((country for prefix, country in COUNTRY_OF_PREFIX.items() if phone.startswith(prefix)), "US")
