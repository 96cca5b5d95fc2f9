"""Phrase and Condition: compiled once from their source, then rendered, tested or valued against a scope."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import TemplateError

from trinario.errors import EvaluationError
from trinario.expressions.gate import admit
from trinario.expressions.grammar import is_constant, parse
from trinario.expressions.limits import OUTPUT_CHARACTERS
from trinario.expressions.names import Path, Use, uses_of
from trinario.expressions.operators import known
from trinario.expressions.run import Run
from trinario.expressions.sandbox import SANDBOX

Scope = Mapping[str, object]
Root = Callable[[Run], Iterator[Any]]


class Compiled:
    """What phrase and condition share: source, syntax tree, names. Equal when the source is; pickled as its source."""

    __slots__ = ("_root", "source", "tree", "uses")

    source: str
    """As the author wrote it, line ends as `\\n`."""
    tree: nodes.Template
    """Jinja's syntax tree; `names.walk`, `path_of` and `offset_of` read it."""
    uses: tuple[Use, ...]
    """Every name in it with its place, in alphabetical order."""

    def __init__(self, source: str, tree: nodes.Template, uses: tuple[Use, ...]) -> None:
        self.source, self.tree, self.uses = source, tree, uses
        self._root: Root | None = None

    @property
    def names(self) -> frozenset[Path]:
        """The dotted names it reads: `{("contact", "first_name")}`."""
        return frozenset(use.path for use in self.uses)

    def _pieces(self, run: Run) -> Iterator[Any]:
        """Starts the compiled code; it is made when first needed, since a check needs the tree only."""
        root = self._root
        if root is None:
            self._root = root = _root_of(self.tree)
        return root(run)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.source == self.source

    def __hash__(self) -> int:
        return hash((type(self), self.source))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.source!r})"


class Phrase(Compiled):
    """A text with `{{ }}`, `{% if %}` and `{% for %}`. Made by `compile_phrase`."""

    __slots__ = ("constant", "whole")

    constant: str | None
    """The text itself when there is nothing to render; else None."""
    whole: "Condition | None"
    """The expression of a phrase that is one single `{{ ... }}`; else None."""

    def __init__(self, source: str, tree: nodes.Template, uses: tuple[Use, ...]) -> None:
        super().__init__(source, tree, uses)
        self.constant, self.whole = _constant(source, tree), None
        if (only := _single(tree)) is not None:
            self.whole = Condition(source, _bare(only), uses)

    def render(self, scope: Scope) -> str:
        """The text for this scope. Raises EvaluationError, and nothing else."""
        if self.constant is not None:
            return self.constant
        try:
            return self._joined(self._pieces(Run(scope)))
        except Exception as error:
            raise fault(error, self.source) from None

    def _joined(self, pieces: Iterator[str]) -> str:
        """Counts while the text is made, so that one that never ends is not made first and judged then."""
        made, room = [], OUTPUT_CHARACTERS
        for piece in pieces:
            room -= len(piece)
            if room < 0:
                raise EvaluationError(f"the text grows longer than {OUTPUT_CHARACTERS:,} characters")
            made.append(piece)
        return "".join(made)

    def value(self, scope: Scope) -> object:
        """What a single `{{ ... }}` gives, with its type; anything else as `render`. Raises EvaluationError only."""
        return self.render(scope) if self.whole is None else self.whole.value(scope)

    def __reduce__(self) -> tuple[Any, ...]:
        return compile_phrase, (self.source,)


class Condition(Compiled):
    """A bare expression, as in `if`, `match`, `until`, `from`. Made by `compile_condition`."""

    __slots__ = ()

    def value(self, scope: Scope) -> Any:
        """What the expression gives, with its type. Raises EvaluationError, and nothing else."""
        try:
            return known(next(self._pieces(Run(scope))))
        except Exception as error:
            raise fault(error, self.source) from None

    def test(self, scope: Scope) -> bool:
        """Whether it holds: empty, 0, false and nothing in it do not. Raises EvaluationError, and nothing else."""
        try:
            return bool(known(next(self._pieces(Run(scope)))))
        except Exception as error:
            raise fault(error, self.source) from None

    def __reduce__(self) -> tuple[Any, ...]:
        return compile_condition, (self.source,)


def fault(error: Exception, source: str) -> EvaluationError:
    """Whatever went wrong while running, as the one exception that callers know."""
    if isinstance(error, EvaluationError):
        return EvaluationError(error.reason, source)
    if isinstance(error, TemplateError):
        return EvaluationError(str(error.message or error), source)
    return EvaluationError(f"a value cannot be used like this ({type(error).__name__})", source)


def _root_of(tree: nodes.Template) -> Root:
    namespace: dict[str, Any] = {"environment": SANDBOX, "Decimal": Decimal}
    exec(SANDBOX.code_of(tree), namespace)
    root: Root = namespace["root"]
    return root


def _single(tree: nodes.Template) -> nodes.Expr | None:
    """The expression of a tree that has one and no text beside it."""
    match tree.body:
        case [nodes.Output(nodes=[only])] if not isinstance(only, nodes.TemplateData):
            return only
        case _:
            return None


def _bare(expression: nodes.Expr) -> nodes.Template:
    return nodes.Template([nodes.ExprStmt(expression, lineno=0)], lineno=0)


def _constant(source: str, tree: nodes.Template) -> str | None:
    """The text of a tree that has no expression in it; one of remarks and raw blocks is constant too."""
    if not tree.body and is_constant(source):
        return source
    if not all(isinstance(output, nodes.Output) for output in tree.body):
        return None
    pieces = [part for output in tree.find_all(nodes.Output) for part in output.nodes]
    if not all(isinstance(part, nodes.TemplateData) for part in pieces):
        return None
    return "".join(part.data for part in pieces if isinstance(part, nodes.TemplateData))


@lru_cache(maxsize=8192)
def compile_phrase(source: str) -> Phrase:
    """The phrase that `source` says. Raises PhraseError with the place and the mend."""
    if is_constant(source):
        return Phrase(source, nodes.Template([], lineno=0), ())
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    tree = parse(source, SANDBOX, bare=False)
    admit(tree, source)
    return Phrase(source, tree, uses_of(tree, source))


@lru_cache(maxsize=8192)
def compile_condition(source: str) -> Condition:
    """The condition that `source` says. Raises PhraseError with the place and the mend."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    tree = parse(source, SANDBOX, bare=True)
    admit(tree, source)
    return Condition(source, tree, uses_of(tree, source))


class Part(Phrase):
    """One expression of a phrase that has words or others beside it; number `number` of the phrase's parts."""

    __slots__ = ("number",)

    def __init__(self, source: str, tree: nodes.Template, uses: tuple[Use, ...], number: int) -> None:
        super().__init__(source, tree, uses)
        self.number = number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Part) and (other.source, other.number) == (self.source, self.number)

    def __hash__(self) -> int:
        return hash((Part, self.source, self.number))

    def __reduce__(self) -> tuple[Any, ...]:
        return _part, (self.source, self.number)


def _part(source: str, number: int) -> str | Phrase:
    return (parts_of(compile_phrase(source)) or ())[number]


def parts_of(phrase: Phrase) -> tuple[str | Phrase, ...] | None:
    """The words and the expressions of a phrase, one after another; None when it has blocks."""
    if phrase.constant is not None:
        return (phrase.constant,) if phrase.constant else ()
    outputs = [one for one in phrase.tree.body if isinstance(one, nodes.Output)]
    if len(outputs) < len(phrase.tree.body):
        return None
    found: list[str | Phrase] = []
    for part in (part for output in outputs for part in output.nodes):
        if isinstance(part, nodes.TemplateData):
            found.append(part.data)
        else:
            tree = nodes.Template([nodes.Output([part], lineno=0)], lineno=0)
            found.append(Part(phrase.source, tree, uses_of(tree, phrase.source), len(found)))
    return tuple(found)
