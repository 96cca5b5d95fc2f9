"""What `trinario explain` prints for a word of the language: a step, a trigger, a type of answer."""

from collections.abc import Iterator

from trinario.authoring.spec.answers import ANSWERS, AnswerType
from trinario.authoring.spec.kinds import Key, Verb, VerbTable
from trinario.authoring.spec.steps import STEPS
from trinario.authoring.spec.triggers import TRIGGERS

_TABLES = {"step": STEPS, "trigger": TRIGGERS}


def described(word: str) -> str | None:
    """Everything that the table says of this word, one block for each thing it names; None for a word it does not know."""
    blocks = [
        _verb(kind, table, verb)
        for kind, table in _TABLES.items()
        if (verb := table.verb(word.strip().lower())) is not None
    ]
    answer = ANSWERS.get(word.strip().lower())
    blocks += [_answer(answer)] if answer else []
    return "\n".join(blocks) if blocks else None


def words() -> list[str]:
    """Every word that can be asked for."""
    return sorted({*(verb.name for table in _TABLES.values() for verb in table.verbs), *ANSWERS})


def _verb(kind: str, table: VerbTable, verb: Verb) -> str:
    lines = [f"{verb.name}, a {kind}: {verb.about}", "", *_indented(verb.example)]
    own = [key for key in table.keys(verb)[1:] if not key.name.startswith("on_")]
    lines += ["", "beside it:", "", *(line for key in own for line in _key(key))] if own else []
    if verb.exits:
        lines += ["", "ways out, each with on_<name>: a step", ""]
        lines += [f"    {way.name}: {way.about} Without it: {way.default}." for way in verb.exits]
    return "\n".join(lines) + "\n"


def _key(key: Key) -> Iterator[str]:
    needed = " (needed)" if key.required else f" ({key.default} when left out)" if key.default else ""
    yield f"    {key.name}{needed}: {key.about}"
    yield f"        {key.name}: {key.example}"


def _answer(answer: AnswerType) -> str:
    lines = [
        f"{answer.name}, a type of answer: {answer.about}",
        "",
        *_indented(answer.example),
        "",
        f"takes {answer.takes}",
    ]
    lines += [f"gives {answer.json}", *([f"shows {answer.shown}"] if answer.shown else [])]
    return "\n".join(lines) + "\n"


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in text.splitlines()]
