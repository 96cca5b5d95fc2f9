"""Calls of the API for people of the team: whom they have, the thread of a person, a reply, who has her."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator, model_validator

from trinario import jsons
from trinario.jobs import reply as jobs
from trinario.jobs.tickets import HAND, give_back
from trinario.jobs.world import World
from trinario.model.contact import Contact
from trinario.model.message import Content, Media, Text
from trinario.ports import Inward, Unit
from trinario.ports.pages import NEWEST
from trinario.web.api import attached
from trinario.web.api.calls import Call, contact_of, number_of
from trinario.web.api.patience import patient
from trinario.web.api.problem import Fault, invalid
from trinario.web.api.shapes import (
    ContactList,
    ContactsAsked,
    Given,
    Id,
    MessageList,
    Name,
    PageAsked,
    Sparing,
    Words,
    contact_shape,
    message_shape,
)
from trinario.web.doors import Doors


class MediaGiven(Given):
    """A file: by its https address, by the name of one in the bot's media/ folder, or its bytes."""

    kind: Literal["image", "video", "audio", "document", "sticker"] | None = Field(
        default=None, description="Needed with `url` and `file`; else what the bytes show."
    )
    url: Name | None = Field(default=None, pattern=r"^https://[^ ]+$", description="Where the platform fetches it.")
    file: Name | None = Field(default=None, description="The name of a file below media/.")
    data: str | None = Field(
        default=None, description="The bytes as base64, 3 MB at most; larger files go as multipart/form-data."
    )
    caption: str = Field(default="", max_length=4000)
    filename: str = Field(default="", max_length=200, description="What a document is called on her phone.")

    @model_validator(mode="after")
    def _one(self) -> "MediaGiven":
        if sum(one is not None for one in (self.url, self.file, self.data)) != 1:
            raise ValueError("give either url, file or data")
        if self.kind is None and self.data is None:
            raise ValueError("say which kind it is")
        return self


class TemplateGiven(Given):
    """A template of templates.yaml, with the values of its places."""

    name: Name
    language: Name | None = Field(default=None, description="Else hers, else the bot's.")
    params: dict[str, str] = {}


class ReplyGiven(Given):
    """What an operator writes to a contact: exactly one of text, media and template."""

    media: MediaGiven | None = None
    template: TemplateGiven | None = None
    text: Words | None = Field(default=None, validate_default=True)
    channel: Name | None = Field(
        default=None,
        description="A channel's name in bot.yaml; else where she wishes, else where she last wrote, or what else is open.",
    )
    author: Name | None = Field(default=None, description="Who writes; it stands in her thread.")
    id: Id | None = Field(default=None, description="The same id twice is one message.")

    @field_validator("text")
    @classmethod
    def _one(cls, text: str | None, info: ValidationInfo) -> str | None:
        """The fault stands at `text`, which is what most mean to write."""
        if sum(one is not None for one in (text, info.data.get("media"), info.data.get("template"))) > 1:
            raise ValueError("give exactly one of text, media and template")
        if text is None and {"media", "template"} <= info.data.keys() and not any(info.data.values()):
            raise ValueError("give a text, media or a template")
        return text


class TemplateOffered(BaseModel):
    """A template that would go to her now."""

    name: str
    language: str
    channel: str
    category: str
    params: list[str] = Field(description="The places that are to be filled.")
    text: str = Field(description="Its words, with the places.")


class ReplyTaken(Sparing):
    """The reply is in the outbox; its fate is in the contact's messages under this id. `refusal`: it will not go, and why."""

    id: str
    duplicate: bool = False
    channel: str | None = Field(default=None, description="The channel it goes by.")
    refusal: str | None = None
    detail: str | None = Field(
        default=None, description="More of the refusal; without one: why it goes elsewhere than she wishes."
    )
    hint: str | None = Field(default=None, description="With `refusal`: what can be done.")
    templates: list[TemplateOffered] | None = Field(
        default=None, description="With `refusal`: templates that would go now."
    )


class LookGiven(Given):
    """How far somebody of the team has read a contact's thread."""

    newest: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = Field(
        default=None, description="The `newest` of the messages that were shown; left out: all there is now."
    )


class LookTaken(BaseModel):
    """What is left to read."""

    unread: int = Field(description="Messages that nobody has answered or looked at; 0 where the bot has her.")


class OwnerGiven(Given):
    """Who has a contact from now on."""

    owner: Literal["bot", "person"] = Field(
        description="`bot`: the people are done; their tickets are closed, and the bot goes on. `person`: the bot steps back."
    )
    author: Name | None = Field(default=None, description="Who says so.")


class OwnerTaken(BaseModel):
    """It is in her inbox, and done in her order."""

    id: str


async def list_contacts(doors: Doors, call: Call) -> ContactList:
    """Contacts by identity, or those whom people have."""
    asked, now = call.asked(ContactsAsked), doors.clock.now()
    if (asked.identity is None) == (asked.owner is None):
        raise invalid(
            [Fault(where="?identity", what="give either identity or owner", hint="for example ?owner=person")]
        )
    if asked.identity is None:
        return await _of_people(doors, asked)
    channel, _, value = asked.identity.partition(":")

    def work(unit: Unit) -> list[Contact]:
        return unit.contacts(unit.contact_ids({"identity": (channel, value)}), now)

    return ContactList(contacts=[contact_shape(contact) for contact in await doors.store.read(work)])


async def _of_people(doors: Doors, asked: ContactsAsked) -> ContactList:
    """The inbox of the team: who waits longest comes first."""
    offset, now = int(asked.next or 0), doors.clock.now()

    def work(unit: Unit) -> ContactList:
        rows = unit.people_waiting(offset, asked.limit + 1)
        shown = {contact: (since, unread) for contact, since, unread in rows[: asked.limit]}
        found = []
        for contact in unit.contacts(list(shown), now):
            since, unread = shown[contact.id]
            found.append(contact_shape(contact).model_copy(update={"waiting_since": since, "unread": unread}))
        return ContactList(contacts=found, next=str(offset + asked.limit) if len(rows) > asked.limit else None)

    return await doors.store.read(work)


async def list_messages(doors: Doors, call: Call) -> MessageList:
    """A page of the contact's thread, over all channels."""
    id, page = number_of(call.id), call.asked(PageAsked)
    if page.next is not None and page.after is not None:
        raise invalid([Fault(where="?after", what="give either next or after", hint="`next` is older, `after` newer")])
    before, after = int(page.next) if page.next else NEWEST, int(page.after) if page.after else None
    rows = await doors.store.read(lambda unit: unit.thread(contact_of(unit, id), before, page.limit + 1, after))
    more = len(rows) > page.limit
    shown = rows[-page.limit :] if after is not None else rows[: page.limit]
    newest = str(shown[0]["id"]) if shown else page.after
    older = more if after is None else bool(shown)
    following = str(shown[-1]["id"]) if older and shown else None
    return MessageList(
        messages=[message_shape(row) for row in shown], next=following, newest=newest, more=more and after is not None
    )


async def take_reply(doors: Doors, call: Call) -> ReplyTaken:
    """Write an operator's words to the outbox; the bot steps back for this contact. A file that comes along is kept."""
    given, file = call.given(ReplyGiven), call.file
    try:
        if given.channel is not None and given.channel not in doors.world().adapters:
            hint = "known: " + ", ".join(sorted(doors.world().adapters))
            raise invalid([Fault(where="/channel", what=f"{given.channel!r} is no channel of bot.yaml", hint=hint)])
        if file is None and given.media is not None and given.media.data is not None:
            file = await attached.decoded(doors, given.media.data, given.media.filename)
        return await _reply(doors, call, given, file)
    finally:
        if file is not None:
            attached.discard(file)


async def _reply(doors: Doors, call: Call, given: ReplyGiven, file: attached.Attached | None) -> ReplyTaken:
    number, world, id, copy = number_of(call.id), doors.world(), given.id or doors.new_id(), None
    if file is not None and given.media is not None:
        copy = attached.named(doors, file, given.media.kind, given.media.filename)
        await doors.store.run(_promised(doors, copy, number))
        await attached.keep(doors, copy)

    def work(unit: Unit) -> jobs.Replied | None:
        contact, now = contact_of(unit, number), doors.clock.now()
        said = _content(world, given, unit.contacts([contact], now)[0], copy)
        written = jobs.reply(unit, world, contact, said, given.channel, id, now, given.author or "")
        if written is not None and copy is not None and not written.again:
            _attach(unit, world, contact, written, copy, now)
        return written

    written = None
    try:
        written = await patient(doors, work)
    finally:
        if copy is not None and (written is None or written.again):
            await attached.forget(doors, copy)
    doors.woken()
    return _taken(written)


def _promised(doors: Doors, copy: attached.Copy, number: int) -> Callable[[Unit], None]:
    return lambda unit: attached.promise(unit, copy, contact_of(unit, number), doors.clock.now())


def _attach(unit: Unit, world: World, contact: int, written: jobs.Replied, copy: attached.Copy, now: datetime) -> None:
    """The file stands beside the message. Raises ProblemError, and nothing is written, where the channel does not take it."""
    if written.channel in world.adapters:
        wrong = attached.unfit(copy, written.channel, world.adapters[written.channel].limits)
        if wrong is not None:
            raise wrong
    identity = unit.contacts([contact], now)[0].identity_on(written.channel)
    unit.media.attach(*copy.row(contact, written.channel, identity.value if identity else "", written.id), now)


def _content(world: World, given: ReplyGiven, contact: Contact, copy: attached.Copy | None) -> Content:
    """What is said. Raises ProblemError for files and templates that the bot does not have."""
    if given.media is not None and copy is not None:
        return Media(copy.kind, copy.address, given.media.caption, copy.name if copy.kind == "document" else "")
    if given.media is not None:
        return _media(world, given.media)
    if given.template is None:
        return Text(given.text or "")
    bot, asked = world.bot(), given.template
    spec = bot.templates.get(asked.name)
    if spec is None or not spec.languages:
        known = ", ".join(sorted(bot.templates)) or "none"
        raise invalid([Fault(where="/template/name", what=f"{asked.name!r} is no template", hint=f"known: {known}")])
    if asked.language is not None and asked.language not in spec.languages:
        hint = "there is: " + ", ".join(spec.languages)
        raise invalid([Fault(where="/template/language", what=f"{asked.name} has no {asked.language}", hint=hint)])
    missing = [name for name in spec.params if not asked.params.get(name, "").strip()]
    if missing or set(asked.params) - set(spec.params):
        what = f"its places are {', '.join(spec.params) or 'none'}"
        raise invalid([Fault(where="/template/params", what=what, hint="give each of them a text, and nothing else")])
    return jobs.template_for(bot, contact, spec, asked.language, asked.params)


def _media(world: World, given: MediaGiven) -> Media:
    assert given.kind is not None
    if given.file is None:
        return Media(given.kind, given.url or "", given.caption, given.filename)
    file = world.bot().media.get(given.file)
    if file is None:
        known = ", ".join(sorted(world.bot().media)[:20]) or "none"
        raise invalid([Fault(where="/media/file", what=f"{given.file!r} is not in media/", hint=f"known: {known}")])
    return Media(given.kind, file.address, given.caption, given.filename)


def _taken(written: jobs.Replied) -> ReplyTaken:
    taken = ReplyTaken(
        id=written.id, duplicate=written.again, refusal=written.refusal or None, detail=written.detail or None
    )
    if not written.refusal:
        return taken.model_copy(update={"channel": written.channel}) if written.channel else taken
    offered = [
        TemplateOffered(name=one.name, language=one.language, channel=one.channel, category=one.category,
                        params=list(one.params), text=one.text)
        for one in written.templates
    ]  # fmt: skip
    return taken.model_copy(update={"hint": _hint(written), "templates": offered})


_HINTS = {
    "no_identity": "she has written on none of the bot's channels",
    "unreachable": "name another `channel`, or call her",
    "opted_out": "send it by a template that is no marketing",
    "no_consent": "send it by a template that is no marketing, or ask her first",
}


def _hint(written: jobs.Replied) -> str | None:
    """What can be done about a reply that will not go."""
    if written.refusal == "window_closed":
        if written.templates:
            return "send one of `templates` as {template: {name, params}}: her answer opens the window"
        return "wait until she writes, or declare a utility template in templates.yaml: only a template goes now"
    return _HINTS.get(written.refusal)


async def take_look(doors: Doors, call: Call) -> LookTaken:
    """Somebody of the team has read her thread: it is no longer unread, and she waits as before."""
    number, given = number_of(call.id), call.given(LookGiven)

    def work(unit: Unit) -> int:
        contact = contact_of(unit, number)
        newest = next((row["id"] for row in unit.thread(contact, NEWEST, 1)), 0)
        unit.look(contact, min(int(given.newest), newest) if given.newest else newest)
        return sum(unread for _, _, unread in unit.people_waiting(0, 1, contact))

    return LookTaken(unread=await doors.store.run(work))


async def set_owner(doors: Doors, call: Call) -> OwnerTaken:
    """The people of the team are done with a contact, or somebody of them takes her."""
    number, now, id, given = number_of(call.id), doors.clock.now(), doors.new_id(), call.given(OwnerGiven)
    by = given.author or HAND

    def work(unit: Unit) -> int:
        contact = contact_of(unit, number)
        if given.owner == "bot":
            return unit.take_in([give_back(f"given:{id}", contact, by)], now)
        return unit.take_in([Inward("", f"taken:{id}", "taken", jsons.dumps({"by": by}), contact=contact)], now)

    await doors.store.run(work)
    doors.woken()
    return OwnerTaken(id=id)
