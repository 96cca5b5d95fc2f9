"""Names used inside texts and conditions: whether anything is called so, with the place inside the text."""

from collections.abc import Mapping

from trinario.authoring.finding import Findings
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.value_names import Names
from trinario.authoring.value_types import known_of
from trinario.expressions import Known, check_names


def check_texts(parsed: ParsedFlow, names: Names, found: Findings) -> None:
    """T031 for every name that nothing is called."""
    if parsed.notes is None:
        return
    types = names.of_flow(parsed.flow) if parsed.flow else names.of_names(parsed)
    known = {name: known_of(kind) for name, kind in types.items()}
    for written in parsed.notes.written:
        if not written.text.uses:
            continue
        scope = {**known, **{name: known_of(kind) for name, kind in names.beside(written.path, parsed.flow).items()}}
        for fault in check_names(written.text.uses, scope):
            place = parsed.notes.document.within(written.scalar, fault.offset - written.shift, fault.length)
            found.issues.append(
                parsed.notes.document.issue(
                    place, "T031", fault.reason, hint=_hint(fault.path, fault.index, fault.hint, scope, written.path)
                )
            )


_WORDS = {
    "null": "write `none`, which stands for an empty value", "nil": "write `none`, which stands for an empty value",
    "true": "write `true`, in small letters", "false": "write `false`, in small letters",
    "yes": "write `true`, or quote it as a text: 'yes'", "no": "write `false`, or quote it as a text: 'no'",
}  # fmt: skip
"""Names that other languages have for values."""


_ROOMS = {
    "inputs": "call", "event": "trigger", "answer": "answers", "variables": "vars",
    **dict.fromkeys(("user", "customer", "person", "profile", "client"), "contact"),
}  # fmt: skip
"""What people call the names that we have."""

_SEARCHED = ("vars", "answers", "fields", "call", "contact", "trigger")


def _elsewhere(path: tuple[str, ...], known: Mapping[str, Known]) -> str:
    """The name that was meant by one without its room, or with a room of another name; "" when there is none."""
    rooms = (_ROOMS[path[0]],) if path[0] in _ROOMS and len(path) > 1 else _SEARCHED if len(path) == 1 else ()
    for room in rooms:
        inside = known[room].members if room in known else {}
        if inside is None or path[-1 if len(path) == 1 else 1] in inside:
            return (
                "" if inside is None and len(path) == 1 else ".".join((room, *(path if len(path) == 1 else path[1:])))
            )
    return ""


def _hint(
    path: tuple[str, ...], index: int, hint: str, known: Mapping[str, Known], place: tuple[str, ...]
) -> str:  # fmt: skip
    if index == 0 and len(path) == 1 and place[-1:] == ("per",):
        return "write contact, post, or an expression like trigger.order_id"
    if index == 0 and (where_it_is := _elsewhere(path, known)):
        return f"did you mean `{where_it_is}`?"
    if index == 0 and path[0] == "secrets":
        return "secrets stand in the address, the headers and the body of `http` steps only"
    if index == 0 and len(path) == 1 and (meant := _WORDS.get(path[0].lower())) is not None:
        return meant
    if index == 0 and len(path) == 1 and not hint.startswith("did you mean"):
        return f"a text stands in quotation marks: '{path[0]}'; {hint}"
    if hint.startswith("did you mean") or index != 1:
        return hint
    name = path[1]
    kind = "datetime" if place[-1:] in (("date",), ("until",)) else "text"
    where = {
        "fields": f"declare it in bot.yaml: fields: {{{name}: {{type: {kind}}}}}",
        "globals": f"declare it in bot.yaml: globals: {{{name}: ...}}",
        "vars": f"declare it at the top of the flow: vars: {{{name}: ...}}",
        "call": f"declare it at the top of the flow: inputs: {{{name}: {{type: text}}}}",
        "secrets": f'declare it in bot.yaml: secrets: {{{name}: "${{{name.upper()}}}"}}',
        "answers": "an answer is called as the step that asks",
    }
    return where.get(path[0], hint)
