"""A way to another channel, put to her: tokens kept hashed, links that carry them."""

from dataclasses import replace

from trinario.jobs import texts
from trinario.jobs.outbound import say_it
from trinario.jobs.token import hash_of, make_code, make_ref, plain_code
from trinario.jobs.world import Scene, World
from trinario.model.channel import platform_name
from trinario.model.contact import Contact
from trinario.model.effect import OfferSwitch
from trinario.model.message import Content, Link, Text
from trinario.ports import Token, Writes


def offer_switch(world: World, contact: Contact, offer: OfferSwitch, scene: Scene, writes: Writes) -> None:
    """Say the offer with a link to each target; offered again, the same links."""
    links = tuple(link for target in offer.targets for link in _link(world, contact, offer, target, writes))
    content = _with_links(offer.say.content, links)
    say_it(world, contact, replace(offer.say, content=content), scene, writes)


def _with_links(content: Content, links: tuple[Link, ...]) -> Content:
    return replace(content, links=(*content.links, *links)) if isinstance(content, Text) else content


def _link(world: World, contact: Contact, offer: OfferSwitch, target: str, writes: Writes) -> tuple[Link, ...]:
    bot = world.bot()
    context = f"{offer.offer}/{target}"
    ref, code = make_ref(world.random, context), make_code(world.random, context)
    sentence = texts.pattern(bot, contact, "switch.sentence", code=code, title=bot.title or bot.name)
    url = world.adapters[target].deep_link(ref, code, sentence)
    if url is None:
        return ()
    for secret in (ref, plain_code(code)):
        writes.tokens.append(
            Token(
                hash=hash_of(world.random, secret),
                offer=offer.offer,
                contact=contact.id,
                session=offer.session,
                step=offer.step,
                target=target,
                origin=contact.channel or "",
                confirm=offer.confirm,
                expires_at=offer.expires_at,
            )
        )
    name = platform_name(bot.channels[target].platform)
    title = offer.button or texts.pattern(bot, contact, "switch.button", channel=name)
    return (Link(title, url),)
