"""From an author's condition to a segment: what the database can be asked, and a placed refusal for what it cannot."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal

from jinja2 import nodes

from trinario.campaign.segment import (
    FACTS,
    FLIPPED,
    Absent,
    All,
    AmongGiven,
    Any_,
    Begins,
    Compared,
    Depends,
    Fact,
    Field,
    Fixed,
    Given,
    HasChannel,
    Holding,
    Lowered,
    No,
    OneOf,
    Other,
    Part,
    Segment,
    Side,
    Standing,
    Sure,
    Tagged,
    Test,
    Told,
    Trait,
    Truth,
)
from trinario.errors import PhraseError
from trinario.expressions import Condition, offset_of, path_of, walk
from trinario.expressions.part import piece_of
from trinario.model.duration import parse_duration
from trinario.model.value import Value

TRAITS = ("id", "first_name", "last_name", "name", "language", "timezone", "created_at", "last_seen_at", "owner",
          "preferred_channel", "country")  # fmt: skip
"""What can be asked of `contact`, besides `channels` and `last_heard.<channel>`."""

PARTS = ("year", "month", "day", "hour", "minute")
"""What can be asked of a field that is a date, or a date with time."""

HERS = frozenset({"contact", "fields", "tags", "consent", "channel"})
CALLED = frozenset({*FACTS, "wants", "window_open"})
CLOCK = frozenset({"now", "today", "ago"})
EVERYBODYS = CLOCK | {"globals", "duration"}
_BY_LANGUAGE = frozenset({"date", "number", "label"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,119}")


def segment_of(condition: Condition, fields: Mapping[str, Value], channels: Collection[str] | None = None) -> Segment:
    """The segment that a condition says. `fields` are the declared ones with their defaults; `channels` those of the bot
    (None: any). Raises PhraseError, with the place and the mend, for what the database cannot be asked."""
    reader = _Reader(condition, fields, channels)
    test = reader.test(_expression(condition))
    return Segment(condition, test, tuple(reader.givens), frozenset(reader.fields), frozenset(reader.facts))


def _expression(condition: Condition) -> nodes.Expr:
    match condition.tree.body:
        case [nodes.ExprStmt(node=nodes.Expr() as node)]:
            return node
        case _:
            raise PhraseError("an expression is missing here", condition.source)


class _Reader:
    def __init__(self, condition: Condition, fields: Mapping[str, Value], channels: Collection[str] | None) -> None:
        self._condition, self._fields, self._channels = condition, fields, channels
        self.givens: list[Condition] = []
        self.fields: set[str] = set()
        self.facts: set[Told] = set()

    # ---- tests

    def test(self, node: nodes.Expr) -> Test:
        """What stands where true or false is meant."""
        match node:
            case nodes.And():
                return All(tuple(self.test(one) for one in _flat(node, nodes.And)))
            case nodes.Or():
                return Any_(tuple(self.test(one) for one in _flat(node, nodes.Or)))
            case nodes.Not(node=inner):
                return No(self.test(inner))
            case nodes.CondExpr(test=asked, expr1=then, expr2=other):
                holds, rest = self.test(asked), Sure(False) if other is None else self.test(other)
                return Any_((All((holds, self.test(then))), All((No(holds), rest))))
            case nodes.Compare():
                return self._compare(node)
            case nodes.Test():
                return self._tested(node)
            case nodes.Const(value=value):
                return Sure(bool(value))
        return self._by_itself(node)

    def _by_itself(self, node: nodes.Expr) -> Test:
        if self._is_everybodys(node):
            return self._constant(node)
        if isinstance(node, nodes.Call):
            if isinstance(node.node, nodes.Name) and node.node.name in FACTS:
                return self._fact(node, node.node.name)
            if isinstance(node.node, nodes.Getattr) and node.node.attr in ("startswith", "endswith"):
                return self._begins(node, node.node)
        if path_of(node) == ("tags",):
            return Tagged(None)
        if (found := self._instead(node)) is not None:
            holds, inner, other = found
            return Any_((All((holds, self.test(inner))), All((No(holds), self.test(other)))))
        return Truth(self._side(node))

    def _constant(self, node: nodes.Expr) -> Test:
        """True or false whoever she is; by the clock nobody is told apart."""
        if self._reads_clock(node):
            raise self._refused(
                node, "nothing of her is asked here, only the clock", "when it goes is said by `schedule`"
            )
        return Depends(self._given(node))

    def _fact(self, node: nodes.Call, name: Fact) -> Test:
        given, *span = self._words(node, name, 2 if name == "received" and len(node.args) == 2 else 1)
        if name == "reachable":
            self._known_channel(node, given)
        within = self._span(node, span[0]) if span else 0
        self.facts.add((name, given, within))
        return Standing(name, given, within)

    def _span(self, node: nodes.Call, text: str) -> int:
        """Seconds; a day has 24 hours."""
        try:
            seconds = int(parse_duration(text).elapsed.total_seconds())
        except ValueError as fault:
            raise self._refused(node.args[1], f"{text!r} is no span of time", str(fault)) from fault
        if seconds <= 0:
            raise self._refused(node.args[1], "the time to look back over is none", "write received('spring', '30d')")
        return seconds

    def _words(self, node: nodes.Call, name: str, count: int) -> tuple[str, ...]:
        """The arguments of a call, which are texts that stand there."""
        texts = [one.value for one in node.args if isinstance(one, nodes.Const) and isinstance(one.value, str)]
        if len(texts) != count or len(node.args) != count or node.kwargs:
            like = {"wants": "wants('marketing', 'whatsapp')"}.get(name, f"{name}('...')")
            raise self._refused(node, f"`{name}` takes {'a name' if count == 1 else 'two names'} in quotation marks",
                                f"write {like}")  # fmt: skip
        return tuple(texts)

    def _begins(self, node: nodes.Call, method: nodes.Getattr) -> Test:
        if len(node.args) != 1 or node.kwargs or not isinstance(node.args[0], nodes.Const):
            raise self._refused(
                node, f"`{method.attr}` takes one text in quotation marks", f"write .{method.attr}('abc')"
            )
        if not isinstance(part := node.args[0].value, str):
            raise self._refused(node.args[0], f"`{method.attr}` takes a text", f"write .{method.attr}('abc')")
        return Begins(self._side(method.node), part, method.attr == "endswith")

    def _tested(self, node: nodes.Test) -> Test:
        assert node.node is not None, "the gate lets no filter block through"
        if self._is_everybodys(node):
            return self._constant(node)
        match node.name:
            case "defined":
                self._side(node.node)
                return Sure(True)
            case "undefined":
                self._side(node.node)
                return Sure(False)
            case "none" | "empty":
                if path_of(node.node) == ("tags",):
                    return No(Tagged(None)) if node.name == "empty" else Sure(False)
                return Absent(self._side(node.node), node.name == "empty")
            case "true" | "false":
                return Compared(self._side(node.node), "eq", Fixed(node.name == "true"))
        raise self._refused(node, f"`is {node.name}` cannot be asked of the database", "compare: fields.budget >= 100")

    # ---- comparisons

    def _compare(self, node: nodes.Compare) -> Test:
        if self._is_everybodys(node):
            return self._constant(node)
        left, found = node.expr, list[Test]()
        for operand in node.ops:
            found.append(self._pair(left, operand.op, operand.expr, alone=len(node.ops) == 1))
            left = operand.expr
        return found[0] if len(found) == 1 else All(tuple(found))

    def _pair(self, left: nodes.Expr, sign: str, right: nodes.Expr, *, alone: bool) -> Test:
        if sign in ("ne", "notin"):
            return No(self._pair(left, "eq" if sign == "ne" else "in", right, alone=alone))
        if alone and sign == "eq" and (_is_none(left) or _is_none(right)):
            other = left if _is_none(right) else right
            if path_of(other) == ("tags",):
                return Sure(False)
            return Absent(self._side(other))
        for one, other, order in ((left, right, True), (right, left, False)):
            if (found := self._instead(one)) is not None and self._is_everybodys(other):
                holds, inner, instead = found
                pairs = [(inner, other), (instead, other)] if order else [(other, inner), (other, instead)]
                tests = [self._pair(a, sign, b, alone=False) for a, b in pairs]
                return Any_((All((holds, tests[0])), All((No(holds), tests[1]))))
        if self._is_everybodys(left) and self._is_everybodys(right):
            return self._constant(
                nodes.Compare(left, [nodes.Operand(sign, right, lineno=right.lineno)], lineno=left.lineno)
            )
        return self._contained(left, right) if sign == "in" else self._ordered(left, sign, right)

    def _ordered(self, left: nodes.Expr, sign: str, right: nodes.Expr) -> Test:
        if self._is_everybodys(left):
            left, sign, right = right, FLIPPED[sign], left
        if not self._is_everybodys(right):
            raise self._refused(right, "two things of hers cannot be held against each other",
                                "compare with a value: fields.budget > 100")  # fmt: skip
        return Compared(self._side(left), FLIPPED[FLIPPED[sign]], self._other(right))

    def _contained(self, item: nodes.Expr, whole: nodes.Expr) -> Test:
        if self._is_everybodys(whole):
            if isinstance(whole, nodes.List | nodes.Tuple):
                return OneOf(self._side(item), tuple(self._other(one) for one in whole.items))
            if isinstance(whole, nodes.Const):
                raise self._refused(
                    whole, "right of `in` stands one text", "write a list: fields.city in ['Milano', 'Roma']"
                )
            return AmongGiven(self._side(item), self._steady(whole))
        if not self._is_everybodys(item):
            raise self._refused(
                item, "two things of hers cannot be held against each other", "write the value in quotation marks"
            )
        if path_of(whole) == ("tags",):
            return Tagged(self._steady(item))
        if path_of(whole) == ("contact", "channels"):
            return HasChannel(self._steady(item))
        return Holding(self._side(whole), self._steady(item))

    def _instead(self, node: nodes.Expr) -> tuple[Test, nodes.Expr, nodes.Expr] | None:
        """`x | default(y)` and `x or y` where a value is meant: (whether x stands, x, y); None for anything else."""
        match node:
            case nodes.Filter(name="default", node=nodes.Expr() as inner, args=args) if not node.kwargs:
                other = args[0] if args else nodes.Const("", lineno=node.lineno)
                if self._is_everybodys(other):
                    return No(self._empty(inner)), inner, other
            case nodes.Or(left=inner, right=other) if self._is_everybodys(other):
                return self.test(inner), inner, other
            case nodes.Filter(name="lower", node=nodes.Expr() as whole, args=[]) if found := self._instead(whole):
                holds, inner, other = found
                small = [nodes.Filter(one, "lower", [], [], None, None, lineno=node.lineno) for one in (inner, other)]
                return holds, small[0], small[1]
        return None

    def _empty(self, node: nodes.Expr) -> Test:
        return No(Tagged(None)) if path_of(node) == ("tags",) else Absent(self._side(node), empty=True)

    # ---- sides

    def _side(self, node: nodes.Expr) -> Side:
        """What is looked at in her."""
        match node:
            case nodes.Filter(name="lower", node=nodes.Expr() as inner, args=[]):
                return Lowered(self._plain(inner))
            case nodes.Call(node=nodes.Getattr(node=inner, attr="lower"), args=[]):
                return Lowered(self._plain(inner), method=True)
            case nodes.Call(node=nodes.Name(name="wants")):
                purpose, channel = self._words(node, "wants", 2)
                self._known_channel(node, channel)
                return Trait("wants", purpose, channel)
            case nodes.Call(node=nodes.Name(name="window_open")):
                (channel,) = self._words(node, "window_open", 1)
                self._known_channel(node, channel)
                return Trait("window_open", channel)
        path = path_of(node)
        if path is not None and len(path) == 3 and path[0] == "fields":
            return self._part(node, path)
        return self._plain(node)

    def _part(self, node: nodes.Expr, path: tuple[str, ...]) -> Part:
        if path[2] not in PARTS:
            raise self._refused(node, f"`{'.'.join(path)}` cannot be asked of the database",
                                f"of a date there are {', '.join(PARTS)}")  # fmt: skip
        return Part(self._field(node, path[1]), path[2])

    def _plain(self, node: nodes.Expr) -> Field | Trait:
        match path_of(node):
            case ("fields", name):
                return self._field(node, name)
            case ("contact", "channels"):
                raise self._refused(node, "channels are asked by name", "write 'whatsapp' in contact.channels")
            case ("contact", "last_heard", channel):
                self._known_channel(node, channel)
                return Trait("last_heard", channel)
            case ("contact", name) if name in TRAITS:
                return Trait(name)
            case ("consent", purpose):
                return Trait("consent", purpose)
            case ("channel", name) if name in ("name", "platform", "window_open"):
                return Trait(f"channel_{name}")
        raise self._strange(node)

    def _field(self, node: nodes.Expr, name: str) -> Field:
        if name not in self._fields or not _NAME.fullmatch(name):
            raise self._refused(node, f"`fields` has no `{name}`", "declare it in bot.yaml under `fields`")
        self.fields.add(name)
        return Field(name, self._fields[name])

    def _known_channel(self, node: nodes.Expr, name: str) -> None:
        if self._channels is not None and name not in self._channels:
            raise self._refused(node, f"there is no channel `{name}`", f"there are {', '.join(sorted(self._channels))}")

    # ---- values that are everybody's

    def _is_everybodys(self, node: nodes.Node) -> bool:
        """Whether it can be worked out without looking at anybody."""
        for one in walk(node):
            if isinstance(one, nodes.Name) and one.name not in EVERYBODYS:
                return False
            if isinstance(one, nodes.Filter) and one.name in _BY_LANGUAGE:
                return False
        return True

    def _other(self, node: nodes.Expr) -> Other:
        if isinstance(node, nodes.Const):
            value = node.value
            return Fixed(Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value)
        return self._given(node)

    def _steady(self, node: nodes.Expr) -> Given:
        """A value that is the same by every clock."""
        if self._reads_clock(node):
            hint = "compare: fields.born == today"
            raise self._refused(node, "a moment is not looked for in a list, or in a text", hint)
        return self._given(node)

    def _reads_clock(self, node: nodes.Node) -> bool:
        return any(isinstance(one, nodes.Name) and one.name in CLOCK for one in walk(node))

    def _given(self, node: nodes.Expr) -> Given:
        self.givens.append(piece_of(self._condition, node))
        return Given(len(self.givens) - 1)

    # ---- refusals

    def _strange(self, node: nodes.Expr) -> PhraseError:
        path = path_of(node)
        if path and path[0] in HERS:
            known = {"contact": (*TRAITS, "channels", "last_heard"), "channel": ("name", "platform", "window_open")}
            names = ", ".join(known.get(path[0], ()))
            hint = f"there are {names}" if names else f"write it like {_LIKE.get(path[0], 'fields.city')}"
            return self._refused(node, f"`{'.'.join(path)}` cannot be asked of the database", hint)
        if path:
            return self._refused(node, f"`{path[0]}` means nothing where people are chosen",
                                 "ask for fields, tags, consent, contact or channel")  # fmt: skip
        match node:
            case nodes.BinExpr():
                return self._refused(node, f"`{node.operator}` with something of hers cannot be asked of the database",
                                     "reckon on the other side: fields.budget > 100 / 2")  # fmt: skip
            case nodes.Filter(name=name):
                return self._refused(
                    node, f"`| {name}` cannot be asked of the database", "there are `lower` and `default`"
                )
            case nodes.Call(node=nodes.Getattr(attr=name)):
                return self._refused(node, f"`.{name}()` cannot be asked of the database",
                                     "there are startswith, endswith and lower")  # fmt: skip
            case nodes.Call(node=nodes.Name(name=name)):
                return self._refused(node, f"`{name}` cannot be asked of the database",
                                     f"there are {', '.join(sorted(CALLED))}")  # fmt: skip
        return self._refused(node, "this cannot be asked of the database", "compare one thing of hers with a value")

    def _refused(self, node: nodes.Node, reason: str, hint: str) -> PhraseError:
        places = [offset_of(one) for one in walk(node) if isinstance(one, nodes.Expr) and one.lineno is not None]
        start = min(places, default=0)
        source = self._condition.source
        word = re.match(r"[\w.]+|'[^']*'|\"[^\"]*\"|\S", source[start:])
        return PhraseError(reason, source, start, max(1, len(word[0]) if word else 1), hint)


_LIKE = {"tags": "'vip' in tags", "consent": "consent.marketing", "fields": "fields.city == 'Milano'"}


def _flat(node: nodes.Expr, kind: type[nodes.And] | type[nodes.Or]) -> list[nodes.Expr]:
    """The parts of a row of `and`, or of `or`."""
    if isinstance(node, kind):
        return [*_flat(node.left, kind), *_flat(node.right, kind)]
    return [node]


def _is_none(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Const) and node.value is None
