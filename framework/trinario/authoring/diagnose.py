"""What the YAML parser stumbled over, in an author's words, and the line as it should be."""

import re

import yaml

from trinario.authoring.mends import MOST_READ, Mend, begins, find_trap, piece, quoted

NO_SPACE = re.compile(r"^(?P<before>\s*(?:- +)*[A-Za-z_][\w.]*:)(?P<after>[^\s/:].*)$")


def diagnose(error: yaml.YAMLError, lines: list[str]) -> Mend:
    """The mend of what the YAML parser stumbled over."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Mend(0, 0, 1, "S015", "this is not YAML")
    problem = error.problem or ""
    at = _clamped(error.problem_mark, lines)
    begun = _clamped(error.context_mark, lines) if error.context_mark else at
    return (
        _tab(problem, at, lines)
        or _directive(error.context or "", at, lines)
        or _escape(problem, at, lines)
        or _in_brackets(error.context or "", at, begun, lines)
        or _in_lines(at, begun, lines)
        or _open_end(problem, at, begun, lines)
        or _indentation(problem, at, begun, lines)
    )


def _clamped(mark: yaml.Mark, lines: list[str]) -> tuple[int, int]:
    number = min(mark.line, len(lines) - 1)
    return number, min(mark.column, len(lines[number]))


def _tab(problem: str, at: tuple[int, int], lines: list[str]) -> Mend | None:
    number = at[0]
    indent = re.match(r"\s*", lines[number])
    blank = indent[0] if indent else ""
    if "\t" not in blank:
        return None
    mended = blank.replace("\t", "  ") + lines[number][len(blank) :]
    hint = "indent with spaces, two for each level"
    return Mend(number, 0, len(blank), "S009", "a tab as indentation", mended, hint)


def _directive(context: str, at: tuple[int, int], lines: list[str]) -> Mend | None:
    number = at[0]
    if "directive" not in context or not lines[number].startswith("%"):
        return None
    hint = "delete the line, or quote a text that begins with `%`"
    return Mend(number, 0, len(lines[number]), "S011", "a YAML directive", "#" + lines[number][1:], hint)


def _escape(problem: str, at: tuple[int, int], lines: list[str]) -> Mend | None:
    number, column = at
    line = lines[number]
    if "escape character" not in problem or not line.startswith("\\", column):
        return None
    message = f"`{line[column : column + 2]}` has no meaning between double quotation marks"
    return Mend(number, column, column + 2, "S016", message, line[:column] + "\\" + line[column:])


def _in_lines(at: tuple[int, int], begun: tuple[int, int], lines: list[str]) -> Mend | None:
    """A trap in the line of the fault, in the one where its block began, or in one just above."""
    for number in dict.fromkeys(
        (at[0], begun[0] if begun[0] >= at[0] - 20 else at[0], *range(at[0] - 1, at[0] - 4, -1))
    ):
        if number < 0:
            continue
        if found := find_trap(number, lines[number]):
            return found
        if len(lines[number]) <= MOST_READ and (match := NO_SPACE.match(lines[number])):
            column = match.end("before")
            message = "a space is missing after the colon"
            return Mend(number, column, column + 1, "S015", message, f"{match['before']} {match['after']}")
    return None


def _in_brackets(context: str, at: tuple[int, int], begun: tuple[int, int], lines: list[str]) -> Mend | None:
    """A fault inside [ ] or { }: an entry to be quoted, a missing comma, a bracket that is never closed."""
    if "flow" not in context and "alias" not in context and "next token" not in context and "block node" not in context:
        return None
    number, column = at
    before = lines[number][:column]
    if before.endswith("{") and lines[number].startswith("%", column):
        return None
    start = max(before.rfind("["), before.rfind("{"), before.rfind(", ")) + 1
    inside = before[:start].strip() and re.search(r"[\[{]", before) is not None
    if "flow" not in context:
        entry = re.compile(r"\s*").match(lines[number], start)
        first = entry.end() if entry else start
        if inside and lines[number][first : first + 1] in "*@%&!`" and lines[number][first : first + 1]:
            value = piece(lines[number], first).rstrip()
            mended = lines[number][:first] + quoted(value) + lines[number][first + len(value) :]
            return begins(number, first, value, mended)
        return None
    return _bracket(at, begun, lines, "]" if "sequence" in context else "}")


def _bracket(at: tuple[int, int], begun: tuple[int, int], lines: list[str], closing: str) -> Mend:
    number, column = begun
    what = "list" if closing == "]" else "mapping"
    if closing not in lines[number][column:] and (at[0] > number or at[1] <= column):
        mended = lines[number].rstrip() + closing
        return Mend(number, column, column + 1, "S015", f"the {what} that begins here is never closed", mended)
    other = "}" if closing == "]" else "]"
    if lines[at[0]].startswith(other, at[1]):
        put_in = lines[at[0]][: at[1]] + closing + lines[at[0]][at[1] :] if at[0] == number else None
        hint = "" if put_in else f"put a `{closing}` at its end"
        return Mend(number, column, column + 1, "S015", f"the {what} that begins here is never closed", put_in, hint)
    if lines[at[0]].startswith(": ", at[1]) and (entry := _colon_in_brackets(lines[at[0]], at)):
        return entry
    if entry := _braces_in_brackets(lines[at[0]], at):
        return entry
    message = f"an entry of the {what} does not end here: a comma or `{closing}` is missing"
    return Mend(at[0], at[1], at[1] + 1, "S015", message, None, "put a comma between two entries, quotes around a text")


def _colon_in_brackets(line: str, at: tuple[int, int]) -> Mend | None:
    """`{text: Hi: you}`: the value with a second colon is to be quoted."""
    before = line[: at[1]]
    start = max(before.rfind(mark) for mark in ("{", "[", ", "))
    colon = before.find(": ", start)
    first = colon + 2 if colon >= 0 else start + 1
    value = piece(line, first).rstrip()
    mended = line[:first] + quoted(value) + line[first + len(value) :]
    message = "a text with a colon and a space in it must be quoted"
    return Mend(at[0], at[1], at[1] + 1, "S014", message, mended) if value.strip() else None


_BRACES = re.compile(r"(?:\{\{.*?\}\}|[^,{}\[\]])*")


def _braces_in_brackets(line: str, at: tuple[int, int]) -> Mend | None:
    """`{send: Hi {{ contact.name }}!}`: the value with an expression in it is to be quoted."""
    brace = line.rfind("{{", 0, at[1] + 2)
    if brace < 0 or brace < at[1] - 1:
        return None
    before = (line.rfind(mark, 0, brace) + len(mark) for mark in (": ", ", ", "[") if mark in line[:brace])
    first = max(before, default=brace)
    value = _BRACES.match(line, first)[0].rstrip()  # type: ignore[index]  # it matches nothing at the least
    if "}}" not in value:
        return None
    mended = line[:first] + quoted(value) + line[first + len(value) :]
    return Mend(at[0], first, first + len(value), "S013", "a text with {{ }} in it must be quoted here", mended)


def _open_end(problem: str, at: tuple[int, int], begun: tuple[int, int], lines: list[str]) -> Mend | None:
    if "end of stream" in problem or "document indicator" in problem:
        message = "a quotation mark that begins here is never closed"
        return Mend(begun[0], begun[1], begun[1] + 1, "S016", message, None, "close it")
    if "expected ':'" in problem:
        line = lines[begun[0]]
        above = next((one for one in reversed(lines[: begun[0]]) if one.strip()), "")
        if above.lstrip().startswith("- ") and len(above) - len(above.lstrip()) == begun[1]:
            mended = line[: begun[1]] + "- " + line[begun[1] :]
            return Mend(begun[0], begun[1], len(line.rstrip()), "S015", "an entry of a list is missing its `-`", mended)
        message = "this line has no colon"
        return Mend(begun[0], begun[1], len(line.rstrip()), "S015", message, None, "write `key: value`")
    if "character that cannot start" in problem or "node content" in problem:
        line = lines[at[0]]
        value = piece(line, at[1]) or " "
        return begins(at[0], at[1], value.rstrip() or value, None)
    return None


def _indentation(problem: str, at: tuple[int, int], begun: tuple[int, int], lines: list[str]) -> Mend:
    number, column = at
    line = lines[number]
    indent = len(line) - len(line.lstrip(" "))
    end = max(len(line.rstrip()), column + 1)
    if "expected" in problem and line.startswith(("]", "}"), column):
        mended = line[:column] + line[column + 1 :]
        message = f"this `{line[column]}` closes nothing: there is one too many"
        return Mend(number, column, column + 1, "S015", message, mended if mended.strip() else None, "leave it out")
    if "mapping values" in problem:
        above = next((k for k in range(number - 1, -1, -1) if lines[k].strip()), None)
        if above is not None and ":" not in lines[above] and not lines[above].lstrip().startswith("- "):
            start = len(lines[above]) - len(lines[above].lstrip())
            return Mend(above, start, len(lines[above]), "S015", "this line has no colon", None, "write `key: value`")
        message = "this line is indented as if it were part of the value above"
        return Mend(number, indent, end, "S015", message, None, "indent it like the key above")
    if "'-' indicator" in problem and _KEY.match(line) and (beside := _beside_entry(number, indent, end, lines)):
        return beside
    if "'-' indicator" in problem:
        return Mend(number, indent, end, "S015", "an entry of a list is missing its `-`", None, "write `- ` before it")
    if "expected key" in problem or "block end" in problem:
        return _uneven(number, indent, end, begun[1], lines)
    message, hint = next((words for sign, words in _REST if sign in problem), (f"this is not YAML: {problem}", _LOOK))
    return Mend(number, column, column + 1, "S015", message, None, hint)


_KEY = re.compile(r"^ *[A-Za-z_][\w.]*:(?: |$)")
_ENTRY = re.compile(r"^( *- +)[A-Za-z_][\w.]*:")


def _beside_entry(number: int, indent: int, end: int, lines: list[str]) -> Mend | None:
    """A key of a list's entry that is not indented like the first key behind the dash; None when there is no such."""
    for above in range(number - 1, max(-1, number - 30), -1):
        if (entry := _ENTRY.match(lines[above])) and 0 < abs(len(entry[1]) - indent) <= 4:
            wanted = len(entry[1])
            message, hint = (
                "this line is not indented like the others of its entry",
                f"it needs {wanted} spaces before it",
            )
            mended = " " * wanted + lines[number].strip()
            return Mend(number, indent, end, "S015", message, mended, f"{hint}, and has {indent}")
    return None


def _uneven(number: int, indent: int, end: int, wanted: int, lines: list[str]) -> Mend:
    """A line that fits neither the block above it nor the one around that."""
    if lines[number].lstrip().startswith("- ") and indent == wanted:
        hint = "give the key above no value of its own, or write the entry as `key: value`"
        return Mend(number, indent, end, "S015", "an entry of a list stands among keys", None, hint)
    above = next(
        (k for k in range(number - 1, -1, -1) if lines[k].strip() and not lines[k].lstrip().startswith("#")), 0
    )
    before = len(lines[above]) - len(lines[above].lstrip(" "))
    hint = f"it has {indent} spaces before it, line {above + 1} has {before}, the block around them {wanted}"
    return Mend(number, indent, end, "S015", "this line is not indented like the others of its block", None, hint)


_LOOK = "check the indentation, and quote a text that has signs of YAML in it"
_REST = (
    (
        "<document start>",
        ("this line does not belong to what stands above it", "indent it like the first key of the file"),
    ),
    ("block sequence entries", ("a list cannot begin here", "put each `- ` on a line of its own, below the key")),
    ("mapping keys", ("a `?` cannot begin here", "quote a text that begins with `?`")),
    ("line break", ("after `|` or `>` the text begins on the next line", "or quote the text")),
    ("alphabetic or numeric", ("`*` or `&` begins a name here", "quote a text that begins with it")),
    ("hexdecimal", ("`\\x` and `\\u` need hexadecimal digits", "double the backslash, or use single quotation marks")),
    ("indentation indicator", ("a block text is indented by 1 to 9 spaces", "leave the digit out")),
)
