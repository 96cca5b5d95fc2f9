"""One-time codes: made from the secret key, sent to a number that is not hers yet, and never kept or shown."""

from collections.abc import Mapping
from dataclasses import replace

from trinario import jsons
from trinario.jobs.outbound import say_to
from trinario.jobs.world import Scene, World
from trinario.model.channel import Channel, Identity
from trinario.model.contact import Contact
from trinario.model.effect import CheckCode, SendCode
from trinario.model.heard import Heard
from trinario.model.message import DOTS, Content, Template, TemplateButton
from trinario.model.outbox import OutboxEntry, Refusal
from trinario.model.wire import heard_to_json
from trinario.policy.send import may_send_code
from trinario.policy.verdict import Refuse
from trinario.ports import CodeLimits, Inward, PhoneCode, Random, Writes

KIND = "code"
"""Kind of the inbox rows that bring what she typed for a code."""

SPACE = 1_000_000
"""Codes that there are: six digits."""


NOUGHTS = "000000"


def digits_of(random: Random, code: str, identity: Identity) -> str:
    """The code of that name for that number: the same one whenever it is asked for, so that nobody has to keep it."""
    chance = random.token(f"phone code:{code}:{identity.channel}:{identity.value}")
    return f"{int.from_bytes(chance[:16]) % SPACE:06d}"


def hash_of(random: Random, code: str, digits: str) -> str:
    """What is kept in place of the digits: keyed, so that a stolen table does not tell them."""
    return random.token(f"phone code hash:{code}:{digits}").hex()


def send_code(world: World, contact: Contact, wanted: SendCode, scene: Scene, writes: Writes) -> None:
    """The row that brings the code to the phone; one that may not go is a row with its reason, and nobody gets a code."""
    bot, say = world.bot(), wanted.say
    place = next((one for one in bot.channels.values() if one.platform == "whatsapp"), None)
    if place is None:
        refusal = Refusal("no_channel", "the bot has no WhatsApp channel, which codes go by")
        say_to(world, contact, say, Refuse(refusal), scene, writes)
        return
    number = Identity(place.id, "phone", wanted.phone.lstrip("+"))
    name = f"{wanted.code}@{round(wanted.expires_at.timestamp() * 1000)}"
    if isinstance(say.content, Template):
        say = replace(say, content=replace(say.content, code=name))
    verdict = may_send_code(bot, say, number)
    if not isinstance(verdict, Refuse) and (why := _open(world, contact, wanted, place, number, name, scene)):
        verdict = Refuse(Refusal("too_many_codes", why), place.id)
    say_to(world, contact, say, verdict, scene, writes)


def _open(
    world: World, contact: Contact, wanted: SendCode, place: Channel, number: Identity, name: str, scene: Scene
) -> str:
    tuning = world.tuning
    hash = hash_of(world.random, wanted.code, digits_of(world.random, name, number))
    code = PhoneCode(wanted.code, contact.id, wanted.session, place.id, number.value, hash, wanted.expires_at)
    limits = CodeLimits(tuning.codes_a_number, tuning.codes_a_number_daily, tuning.codes_a_contact, tuning.all_codes)
    return scene.open_code(code, limits, scene.now)


def check_code(world: World, contact: Contact, wanted: CheckCode, writes: Writes) -> None:
    """What she typed becomes a row of its own, hashed; in her thread dots stand for it."""
    body = {
        "session": wanted.session, "code": wanted.code, "key": wanted.key,
        "typed": hash_of(world.random, wanted.code, wanted.typed),
    }  # fmt: skip
    writes.inward.append(Inward("", f"code:{wanted.key}", KIND, jsons.dumps(body), contact=contact.id))
    writes.said[:] = [replace(line, text=DOTS) if line.direction == "in" else line for line in writes.said]


def without_code(heard: Heard) -> str:
    """The body of an inbox row without the code that she typed: six other digits, so that it is played again as it was."""
    return jsons.dumps(heard_to_json(replace(heard, text=NOUGHTS)))


def ready(random: Random, entry: OutboxEntry) -> OutboxEntry:
    """The message as it goes: the code in the place of the dots."""
    content = entry.content
    if not isinstance(content, Template) or not content.code:
        return entry
    return replace(entry, content=_filled(content, digits_of(random, content.code, entry.identity)))


def _filled(content: Template, digits: str) -> Content:
    params: Mapping[str, str] = {name: value.replace(DOTS, digits) for name, value in content.params.items()}
    buttons = tuple(TemplateButton(one.index, one.kind, one.value.replace(DOTS, digits)) for one in content.buttons)
    return replace(content, params=params, buttons=buttons, text=content.text.replace(DOTS, digits), code="")


def name_of(content: Content) -> str:
    """The name of the code that a message brings; "" when it brings none."""
    return content.code.rpartition("@")[0] if isinstance(content, Template) and content.code else ""


def result(contact: int, session: str, key: str, outcome: str, phone: str) -> Inward:
    """The inbox entry that tells the session what came of the digits."""
    body: dict[str, object] = {
        "session": session, "key": key, "outcome": outcome, "status": None, "data": phone, "headers": {}, "reason": "",
    }  # fmt: skip
    return Inward("", f"called:{key}", "called", jsons.dumps(body), contact=contact)
