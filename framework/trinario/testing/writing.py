"""A talk as a file: what was done and what was said, in the YAML that `trinario test` reads."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from trinario.model.value import pack, plain
from trinario.testing.phone import Shown
from trinario.testing.script import (
    Act,
    Again,
    Answers,
    Decides,
    Elsewhere,
    Follows,
    Happens,
    Opens,
    Passes,
    Says,
    Sends,
    Stands,
    Starts,
    Stranger,
    Taps,
    TeamWrites,
    Thinks,
    Told,
    Turns,
    Types,
    Writes,
)
from trinario.testing.stubs import Reply

_PLAIN = re.compile(r"[^\W_][\w .,!?'()/+;…€-]*", re.UNICODE)
_UNSAFE = re.compile(r": |:$|,\s| #|[\[\]{}&*|>%@`\"\\\n\r\t]|[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_CHANGES = {"reaction": "react", "edited": "edit", "deleted": "delete"}
_CODE = re.compile("[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]")


def text(value: str, inside: bool = False) -> str:
    """A text as it stands in YAML: bare where that is safe, else in double quotes. `inside`: of [ ] or { }."""
    safe = _PLAIN.fullmatch(value) and value == value.strip() and not _UNSAFE.search(value)
    if safe and not (inside and re.search(r"[,?]", value)) and value != "nothing":
        return value
    return (
        json.dumps(value, ensure_ascii=False)
        .replace("\x7f", "\\x7f")
        .replace("\x85", "\\x85")
        .replace("\ufeff", "\\ufeff")
    )


def message(shown: Shown, where: str = "", bare: bool = True, inside: bool = False) -> str:
    """One message of the bot as a talk lists it. `where` is the channel when it has to be named.

    `bare`: a text alone needs no mapping; `inside`: it stands in brackets. A link code in the words, which nobody can foresee, is left out.
    """
    if shown.kind in ("public", "reaction"):
        words = shown.text.strip() if shown.kind == "public" else shown.thing
        return "{" + f"{shown.kind}: {text(words, True)}" + (f", channel: {where}" if where else "") + "}"
    code = _CODE.search(shown.text)
    parts: list[tuple[str, str]] = []
    if shown.media is not None:
        parts.append((shown.media[0], text(shown.media[1], True)))
    if code is not None:
        parts.append(("contains", text(shown.text[: code.start()].strip() or shown.text[code.end() :].strip(), True)))
    elif shown.text.strip() or not parts:
        parts.append(("text", text(shown.text.strip(), True)))
    if shown.options:
        parts.append(("choices", _list(title for _, title in shown.options)))
    if shown.links:
        parts.append(("links", _list(title for title, _ in shown.links)))
    if where:
        parts.append(("channel", where))
    if bare and len(parts) == 1 and parts[0][0] == "text":
        return text(shown.text.strip(), inside)
    return "{" + ", ".join(f"{name}: {value}" for name, value in parts) + "}"


def _list(titles: Iterable[str]) -> str:
    return "[" + ", ".join(text(title, True) for title in titles) + "]"


def act_line(act: Act) -> str:
    """One step of a talk, without its dash."""
    match act:
        case Writes(text=words, reply_to=back):
            return _step("user", text(words, back is not None), reply_to=back)
        case Taps(title=title, back=back):
            return _step("tap", text(title, bool(back)), back=back or None)
        case Follows(target=target, text=words):
            return _step("follow", target, text=text(words, True) if words else None)
        case Opens(ref=ref):
            return _step("ref", text(ref)) if ref else "get_started"
        case Sends(kind=kind, url=url, caption=caption):
            known = url == f"https://cdn.example/{kind}"
            return _step(
                "media", kind, url=None if known else text(url, True), caption=text(caption, True) if caption else None
            )
        case Passes(span=span, until=until):
            return f"after: {span}" if span is not None else f"at: {until.isoformat() if until else ''}"
        case Happens(name=name, data=data, id=id):
            return _step("event", name, data=_mapping(data), id=text(id, True))
        case Told(status=status, code=code):
            return _step("status", status, code=code if status == "failed" else None)
        case TeamWrites(text=words, via=via):
            return _step("team", text(words, via == "desk"), via="desk" if via == "desk" else None)
        case Decides(what=what, by=by):
            return _step("ticket" if what in ("close", "take") else "owner", what, by=text(by, True) if by else None)
        case Stranger(name=name, channel=channel):
            return _step("stranger", text(name, True), phone=channel) if name or channel else "stranger"
        case Types(right=right):
            return "otp" if right else "otp: wrong"
        case Again():
            return "again"
        case Starts(flow=flow, inputs=inputs):
            return _step("start", flow, **{"with": _mapping(inputs)})
        case Turns(channel=channel):
            return _step("channel", channel)
        case Stands(wanted=wanted):
            return f"expect: {_mapping(wanted) or '{}'}"
        case Elsewhere():
            return _beside(act)
        case Answers(replies=replies):
            found = {name: [_reply(one) for one in several] for name, several in replies.items()}
            shown = {name: several[0] if len(several) == 1 else several for name, several in found.items()}
            return f"http: {json.dumps(shown, ensure_ascii=False)}"
        case Thinks(replies=replies):
            return f"ai: {json.dumps([_thought(one) for one in replies], ensure_ascii=False)}"
        case Says():
            raise AssertionError("what the bot says is written by `message`")
        case _:
            assert_never(act)


def _reply(reply: Reply) -> dict[str, Any]:
    """What a service answers, without what goes without saying."""
    data = {"text" if isinstance(reply.data, str) else "json": plain(reply.data)} if reply.data is not None else {}
    more = {"headers": dict(reply.headers), "fails": reply.fails, "wants": plain(reply.wants)}
    after = {"after": f"{int(reply.after.total_seconds())}s"} if reply.after else {}
    status = {"status": reply.status} if reply.status != 200 or not data else {}
    return {**status, **data, **after, **{name: one for name, one in more.items() if one}}


def _thought(reply: Reply) -> Any:
    """What the model says."""
    return {"fails": reply.fails} if reply.fails else json.loads(reply.data["choices"][0]["message"]["content"])


def _beside(act: Elsewhere) -> str:
    """A comment, an ad, a form ... with what there is to it."""
    data = {name: one for name, one in act.data.items() if one}
    if act.what == "ad":
        ref = text(data["ref"], True) if "ref" in data else None
        return _step("ad", text(str(data.get("ad", "")), True), text=text(act.text, True), ref=ref)
    if act.what == "form":
        return _step("form", text(act.text, True), data=_mapping(data.get("data", {})))
    if act.what == "story_mention":
        return act.what
    if act.what == "product":
        return _step("product", text(str(data.get("product", "")), True), text=text(act.text, True))
    if act.what == "order":
        return _step("order", json.dumps(pack({"items": data["items"]})["items"], ensure_ascii=False),
                     text=text(act.text, True) if act.text else None)  # fmt: skip
    if act.what in _CHANGES:
        word, back = _CHANGES[act.what], data.get("back")
        if act.what == "deleted":
            return "{" + f"delete: , back: {back}" + "}" if back else "delete"
        return _step(word, text(act.text, bool(back)), back=back)
    more = {name: "true" if one is True else text(str(one), True) for name, one in data.items()}
    return _step(act.what, text(act.text, bool(more)), **more)


def _step(verb: str, value: str, **more: Any) -> str:
    further = {name: one for name, one in more.items() if one is not None}
    if not further:
        return f"{verb}: {value}"
    value = value if value.startswith('"') or not re.search(r"[,?]", value) else json.dumps(value, ensure_ascii=False)
    return "{" + ", ".join([f"{verb}: {value}", *(f"{name}: {one}" for name, one in further.items())]) + "}"


def _mapping(values: Mapping[str, Any]) -> str | None:
    """Values of the outside, as JSON has them: YAML reads that."""
    plain = pack(dict(values))
    return json.dumps(plain, ensure_ascii=False) if values else None


@dataclass(slots=True)
class Page:
    """The lines of a talk's file."""

    head: Mapping[str, str]
    steps: list[str] = field(default_factory=list)

    def did(self, act: Act, remark: str = "") -> None:
        """Something is done."""
        self.steps.append(act_line(act) + (f"  # {remark}" if remark else ""))

    def said(self, shown: Sequence[Shown], channel: str, remark: str = "") -> None:
        """What the bot said then, every message of it."""
        for one in shown:
            where = "" if one.channel == channel else one.channel
            self.steps.append(f"bot: {message(one, where)}")

    def line(self, line: str) -> None:
        """A step as it is."""
        self.steps.append(line)

    def __str__(self) -> str:
        top = [f"{name}: {value}" for name, value in self.head.items()]
        return "\n".join([*top, "steps:", *(f"  - {step}" for step in self.steps)]) + "\n"
