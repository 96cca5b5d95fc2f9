"""Triggers of what she did elsewhere than in words of the chat: comments, ads, stories, menus, forms, orders."""

from collections.abc import Iterator, Mapping
from typing import Any

from trinario.engine import trigger
from trinario.engine.answer.card import order_in
from trinario.engine.fold import fold
from trinario.engine.index import Index, Rule
from trinario.engine.stage import Stage
from trinario.engine.trigger import Fits
from trinario.model.flow import Trigger
from trinario.model.heard import Heard

TITLED = ("ice_breaker", "menu")
"""Triggers whose main value is a title that she taps, or types."""


def comment(index: Index, heard: Heard, fits: Fits) -> Rule | None:
    """The rule for a comment: one that names its post before others, then one that names a word."""
    rules = [rule for rule in trigger.of_kind(index, "comment", heard) if _under(rule.trigger, heard.data)]
    found = [rule for rule in rules if _says(rule.trigger, heard.text) and fits(rule)]
    return min(found, key=_specific, default=None)


def runs_already(stage: Stage, rule: Rule, heard: Heard) -> bool:
    """Whether a session that a comment of hers under the same post began is still on its way in that flow."""
    where = (heard.identity.channel, str(heard.data.get("post", "")))
    for session in stage.live:
        root, began = session.stack[0].flow if session.stack else session.flow, session.trigger
        same = (began.get("kind"), began.get("channel"), began.get("post")) == ("comment", *where)
        if same and root == rule.flow.name:
            return True
    return False


def came_by(index: Index, heard: Heard, fits: Fits) -> Rule | None:
    """The rule for the ad, the link, the story, the form or the title that brought her message.

    What is named comes before what may be any; an ad before the ref of its link.
    """
    if heard.kind == "text" and heard.referral is None and not heard.data:
        return None  # words and nothing else: nobody brought her
    ad, link = _ad(index, heard, fits), trigger.referral(index, heard, fits)
    if ad and (ad.trigger.words or not (link and link.trigger.value)):
        return ad
    return link or next(_others(index, heard, fits), None)


def _ad(index: Index, heard: Heard, fits: Fits) -> Rule | None:
    """The rule for the ad that she clicked."""
    referral = heard.referral
    if referral is None or not (referral.ad or referral.source.lower() in ("ads", "ad")):
        return None
    rules = [rule for rule in trigger.of_kind(index, "ad", heard) if referral.ad in _any_of(rule.trigger, referral.ad)]
    return min(filter(fits, rules), key=_specific, default=None)


def _others(index: Index, heard: Heard, fits: Fits) -> Iterator[Rule]:
    if "story" in heard.data:
        yield from _worded(index, "story_reply", heard, fits)
    if any(one.get("type") == "story_mention" for one in heard.data.get("attachments", ()) if isinstance(one, dict)):
        yield from _worded(index, "story_mention", heard, fits)
    if heard.kind == "form":
        names = {heard.data.get("name"), form_data(heard).get("flow_token"), ""}
        rules = [rule for rule in trigger.of_kind(index, "form", heard) if rule.trigger.value in names and fits(rule)]
        yield from sorted(rules, key=lambda rule: (not rule.trigger.value, rule.rank))
    if heard.kind == "tap":
        yield from _tapped(index, heard, fits)
    if heard.kind == "order" and order_in(heard):
        yield from filter(fits, trigger.of_kind(index, "order", heard))
    if product := trigger.product_in(heard)[0]:
        rules = [rule for rule in trigger.of_kind(index, "product", heard) if product in _any_of(rule.trigger, product)]
        yield from sorted(filter(fits, rules), key=_specific)


def _worded(index: Index, kind: str, heard: Heard, fits: Fits) -> list[Rule]:
    rules = trigger.of_kind(index, kind, heard)
    return sorted((rule for rule in rules if _says(rule.trigger, heard.text) and fits(rule)), key=_specific)


def _tapped(index: Index, heard: Heard, fits: Fits) -> Iterator[Rule]:
    """What stands in the menu, or opens the chat: by our payload, whatever the title was translated to."""
    for kind in TITLED:
        for rule in trigger.of_kind(index, kind, heard):
            if rule.trigger.payload == heard.payload and fits(rule):
                yield rule


def form_data(heard: Heard) -> Mapping[str, Any]:
    """What she filled in: the answers of a WhatsApp Flow, or the event of another form as it came."""
    response = heard.data.get("response")
    return response if isinstance(response, dict) else heard.data


# ---- what a trigger names


def _under(one: Trigger, data: Mapping[str, Any]) -> bool:
    """Whether the comment stands where the trigger listens: the post by its whole id or without the page's."""
    post = str(data.get("post", ""))
    if one.posts and not one.posts & {post, post.partition("_")[2]}:
        return False
    if one.media and str(data.get("kind", "")) not in one.media:
        return False
    return not (one.exclude_replies and data.get("reply"))


def _says(one: Trigger, text: str) -> bool:
    """Whether a word of the trigger is in the text, as a word or several; none stand for any text."""
    if not one.words:
        return True
    folded = fold(text)
    for word in (fold(word) for words in one.words.values() for word in words):
        if one.mode == "exact":
            found = folded == word
        elif one.mode == "first_word":
            found = f"{folded} ".startswith(f"{word} ")
        else:
            found = f" {word} " in f" {folded} "
        if found:
            return True
    return False


def _any_of(one: Trigger, any_one: str) -> tuple[str, ...]:
    """The ids that an `ad` or `product` trigger names; of one that names none, whichever it was."""
    return tuple(word for words in one.words.values() for word in words) or (any_one,)


def _specific(rule: Rule) -> tuple[object, ...]:
    """Rank first (channel, segment, priority); then what names a post, what names words, the order of the files."""
    *weight, order = rule.rank
    return (*weight, not rule.trigger.posts, not rule.trigger.words, order)
