"""Jinja's grammar as we read it: source to syntax tree, every node knowing its character, literals decimal."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from decimal import Decimal

from jinja2 import nodes
from jinja2.environment import Environment
from jinja2.exceptions import TemplateSyntaxError
from jinja2.lexer import TOKEN_FLOAT, Lexer, Token
from jinja2.parser import Parser

from trinario.errors import PhraseError
from trinario.expressions.limits import SOURCE_CHARACTERS

_OPENERS = re.compile(r"\{\{|\{%|\{#")


def is_constant(source: str) -> bool:
    """True when there is nothing in `source` to render: such text never meets Jinja."""
    return _OPENERS.search(source) is None


class PlacedLexer(Lexer):
    """Jinja's lexer with two changes: a token's `lineno` is its character offset, and `1.1` is a Decimal.

    Jinja keeps lines only, but an issue points at a character; nothing else of Jinja reads the numbers.
    """

    def tokeniter(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> Iterator[tuple[int, str, str]]:
        position = 0
        try:
            for _, kind, text in super().tokeniter(source, name, filename, state):
                start = source.find(text, position)
                yield start, kind, text
                position = start + len(text)
        except TemplateSyntaxError as error:
            raise TemplateSyntaxError(error.message or "", position, name, filename) from None

    def wrap(
        self, stream: Iterable[tuple[int, str, str]], name: str | None = None, filename: str | None = None
    ) -> Iterator[Token]:
        literals: deque[str] = deque()

        def watched() -> Iterator[tuple[int, str, str]]:
            for item in stream:
                if item[1] == TOKEN_FLOAT:
                    literals.append(item[2].replace("_", ""))
                yield item

        for token in super().wrap(watched(), name, filename):
            if token.type == TOKEN_FLOAT:
                yield Token(token.lineno, token.type, Decimal(literals.popleft()))  # type: ignore[arg-type]
            else:
                yield token


def parse(source: str, environment: Environment, *, bare: bool) -> nodes.Template:
    """The syntax tree of a text (`bare=False`) or of a bare expression, in which it is the only ExprStmt.

    Raises PhraseError, and nothing else, whatever the source.
    """
    if len(source) > SOURCE_CHARACTERS:
        raise PhraseError(
            f"this is {len(source):,} characters long, more than {SOURCE_CHARACTERS:,}", source, hint="cut it in two"
        )
    try:
        parser = Parser(environment, source, state="variable" if bare else None)
        return _bare(parser, source) if bare else parser.parse()
    except TemplateSyntaxError as error:
        raise _friendly(error.message or "", error.lineno, source, bare=bare) from None
    except (RecursionError, MemoryError):
        raise PhraseError("nested too deeply", source, hint="compute parts of it in a `set` step before") from None
    except (ValueError, ArithmeticError):
        raise PhraseError("a number too large", source) from None


def _bare(parser: Parser, source: str) -> nodes.Template:
    if parser.stream.eos:
        raise PhraseError("an expression is missing here", source, hint="write one, such as: answers.budget > 100")
    expression = parser.parse_expression()
    if not parser.stream.eos:
        token = parser.stream.current
        raise TemplateSyntaxError(f"unexpected {_text_of(token)!r} after the expression", token.lineno)
    statement = nodes.ExprStmt(expression, lineno=0)
    tree = nodes.Template([statement], lineno=0)
    return tree.set_environment(parser.environment)


def _text_of(token: Token) -> str:
    signs = {"assign": "=", "dot": ".", "comma": ",", "colon": ":", "rbrace": "}", "lbrace": "{", "rparen": ")"}
    return signs.get(token.type, str(token.value))


_MENDS = (
    (r"unexpected '='|got '='", "one `=` is no comparison", "compare with `==`"),
    (r"unexpected char '&'", "`&` is no operator", "write `and`"),
    (r"unexpected '\|\|'|got '\|'", "`||` is no operator", "write `or`"),
    (r"unexpected char '!'", "`!` is no operator", "write `not`, or `!=` for unequal"),
    (r"unexpected char '\$'", "`$` has no meaning here", "a value is named without it: contact.first_name"),
    (r"unexpected char '[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]'", "a curly quotation mark",
     "use straight ones: 'text' or \"text\""),
    (r"unexpected char [\"']['\"\\]", "a quotation mark that is never closed", "put one of the same kind at the end"),
    (r"expected token 'end of print statement', got '(.*)'", r"unexpected `\1` before the closing braces",
     "one `{{ }}` holds one expression; join two with ~"),
    (r"Missing end of comment tag", "`{#` begins a remark that is never closed",
     "close it with `#}`; for the characters themselves write {{ '{#' }}"),
    (r"Encountered unknown tag '(.*)'", r"`{% \1 %}` is nothing we know", "there are `{% if %}` and `{% for %}`"),
    (r"Unexpected end of template", "a block is never closed", "end it with {% endif %} or {% endfor %}"),
    (r"unexpected end of template|got 'end of template'", "the text ends within an expression", "close it with }}"),
    (r"unexpected '(.)'(?:, expected '(.)')?$", r"`\1` does not fit here", "check the brackets"),
)  # fmt: skip


def _friendly(message: str, offset: int, source: str, *, bare: bool) -> PhraseError:
    """Jinja's message in an author's words."""
    if bare and not is_constant(source):
        whole = re.fullmatch(r"\s*\{\{\s*([^{}`]{1,60}?)\s*\}\}\s*", source)
        hint = f"an expression stands here without braces: write `{whole[1] if whole else 'answers.budget > 100'}`"
        return PhraseError("braces around an expression", source, source.find("{"), 2, hint)
    offset = max(0, min(offset, len(source) - 1))
    for pattern, reason, hint in _MENDS:
        if match := re.search(pattern, message):
            return PhraseError(match.expand(reason), source, offset, 1, hint)
    return PhraseError(message[:1].lower() + message[1:], source, offset)
