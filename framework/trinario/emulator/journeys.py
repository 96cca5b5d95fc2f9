"""Following a link from one phone to another, as the person's phone would do it."""

from __future__ import annotations

from trinario.emulator.acts import Acts
from trinario.emulator.config import Json
from trinario.emulator.links import BadLink, Link, app_of, find_link, parse_link
from trinario.emulator.meta import Meta
from trinario.emulator.people import Message, Phone
from trinario.emulator.telegram.acts import TelegramActs
from trinario.emulator.voice import CannotAct


class Follower:
    """`follow`: the newest link on a phone, or a given one, opened by her or by someone it was forwarded to."""

    def __init__(self, meta: Meta, acts: Acts, telegram: TelegramActs) -> None:
        self._telegram = telegram
        self._meta = meta
        self._acts = acts

    def tap(self, phone: Phone, wish: Json) -> Json:
        """She taps an option by title, payload or index; one that opens one of the apps is followed."""
        message, option = self._acts.option(phone, wish)
        if option.kind != "url":
            if phone.platform == "telegram":
                return self._telegram.tap(phone, message, option)
            return self._acts.tap(phone, message, option, wish)
        if app_of(option.url):
            return self.follow(phone, {"url": option.url, "as": wish.get("as"), "text": wish.get("text")})
        return {
            "id": "",
            "platform": phone.platform,
            "person": phone.person,
            "kind": "opened",
            "text": "",
            "url": option.url,
        }

    def follow(self, phone: Phone, wish: Json) -> Json:
        """Opens `url`, or the newest link of `message_id` or of the whole thread; `as` names another person."""
        url = str(wish.get("url") or self._newest(phone, str(wish.get("message_id") or "")))
        try:
            link = parse_link(url, self._meta.config)
        except BadLink as bad:
            raise CannotAct(str(bad), 404) from bad
        who = str(wish.get("as") or phone.person)
        target = self._meta.world.phone(who, link.platform)
        if target is None:
            raise CannotAct(f"person {who!r} has no {link.platform}", 404)
        return {**self._open(target, link, wish), "url": url}

    def _open(self, phone: Phone, link: Link, wish: Json) -> Json:
        text = str(wish["text"]) if wish.get("text") else ""
        if link.platform == "telegram":
            return self._telegram.start(phone, link.ref)
        if link.platform == "whatsapp":
            return self._acts.say(phone, text or link.text or "Hi")
        if phone.opened:
            return self._existing(phone, link, text)
        referral = {"ref": link.ref, "source": "SHORTLINK", "type": "OPEN_THREAD"} if link.ref else None
        if link.platform == "instagram" and text:
            self._acts.starter(phone)
            return self._acts.say(phone, text, referral=referral)
        title, payload = self._acts.starter(phone, int(wish.get("index") or 0))
        return self._acts.postback(phone, title, payload, referral)

    def _existing(self, phone: Phone, link: Link, text: str) -> Json:
        """The referral event comes first, then whatever she types."""
        source = "SHORTLINK" if phone.platform == "messenger" else "SHORTLINKS"
        done = self._acts.referral(phone, link.ref, source) if link.ref else None
        if text or link.text:
            return {**self._acts.say(phone, text or link.text), **({"ref": link.ref} if done else {})}
        if done is None:
            raise CannotAct("the link has no ref: the thread opens and nothing is sent")
        return done

    def _newest(self, phone: Phone, message_id: str) -> str:
        for message in reversed(phone.messages):
            if message_id in ("", message.id) and message.direction == "out":
                url = _link_in(message)
                if url:
                    return url
        raise CannotAct("no wa.me, m.me, ig.me or t.me link is shown on this phone", 404)


def _link_in(message: Message) -> str:
    """Buttons first: they are what a thumb finds."""
    buttons = [option.url for option in message.options if option.url and app_of(option.url)]
    return buttons[-1] if buttons else find_link(message.text)
