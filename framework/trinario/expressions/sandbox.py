"""The one Jinja environment: immutable sandbox, strict names, none of Jinja's own filters, tests and globals."""

from typing import Any

from jinja2 import nodes
from jinja2.lexer import Lexer
from jinja2.runtime import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from trinario.expressions.code import GuardedCode
from trinario.expressions.grammar import PlacedLexer
from trinario.expressions.reach import ABSENT, attribute, item
from trinario.expressions.run import Missing


class Sandbox(ImmutableSandboxedEnvironment):
    """Compiled code reaches values through `getattr` and `getitem` below, everything else through its Run."""

    code_generator_class = GuardedCode
    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)
    intercepted_unops = frozenset(ImmutableSandboxedEnvironment.default_unop_table)

    def __init__(self) -> None:
        super().__init__(undefined=Missing, optimized=False, autoescape=False, cache_size=0, keep_trailing_newline=True)
        for table in (self.filters, self.tests, self.globals):
            table.clear()
        self._placed_lexer = PlacedLexer(self)

    @property
    def lexer(self) -> Lexer:
        return self._placed_lexer

    def getattr(self, obj: Any, attribute_name: str) -> Any:
        if type(obj) is dict and attribute_name in obj:
            return obj[attribute_name]
        found = attribute(obj, attribute_name)
        return self._absent(obj, attribute_name) if found is ABSENT else found

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Undefined) or isinstance(argument, Undefined):
            return self._absent(obj, "")
        found = item(obj, argument)
        return self._absent(obj, argument) if found is ABSENT else found

    def _absent(self, whole: Any, name: Any) -> Undefined:
        """Nothing of a nothing keeps the name that was missing first."""
        if isinstance(whole, Undefined):
            return whole
        return Missing(obj=whole, name=str(name)[:60])

    def code_of(self, tree: nodes.Template) -> Any:
        """Python's code object for an admitted tree."""
        return self._compile(self._generate(tree, None, None), "<phrase>")


SANDBOX = Sandbox()
