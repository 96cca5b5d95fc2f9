"""One golden file per answer type: what people type or send, language by language, and what it is read as.

A line of a table is `what she says => the value as JSON`, or `=> invalid <error>`. `@image`, `@location {...}` and their
like are sent, not typed. `python -m tests.unit.engine.test_golden_answers` writes the right sides anew; read the
difference before you keep it.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.engine.worlds import START, Person, bot
from trinario.authoring.parse import parse_flow
from trinario.authoring.patterns import patterns
from trinario.authoring.spec.answers import ANSWER_TYPES, ANSWERS
from trinario.engine.answer import TYPES, Bad, Reading, heed, read
from trinario.engine.scope import Scope
from trinario.engine.values import kept
from trinario.model.channel import Identity
from trinario.model.event import MessageHeard
from trinario.model.flow import Ask
from trinario.model.heard import Heard, MediaHeard
from trinario.model.template import DeclaredButton, TemplateSpec, TemplateWords
from trinario.model.value import pack, plain, unpack

FOLDER = Path(__file__).parents[2] / "golden" / "answers"
FILES = frozenset({"image", "video", "audio", "document", "sticker"})
LEAST_ROWS = 12
TEMPLATES = {
    "login_code": TemplateSpec(
        "login_code", "authentication", ("code",),
        {"en": TemplateWords("{{code}} is your code.", buttons=(DeclaredButton("code", "", "{{code}}"),))},
    )
}  # fmt: skip


def test_every_type_has_its_golden() -> None:
    names = {path.stem for path in FOLDER.glob("*.yaml")}
    assert names == set(TYPES) == set(ANSWERS)


@pytest.mark.parametrize("kind", ANSWER_TYPES, ids=lambda kind: kind.name)
def test_a_type_is_described(kind: Any) -> None:
    assert kind.about.endswith(".") and kind.takes and kind.closed == TYPES[kind.name].closed
    json.loads(kind.json)
    text = "flow: f\nsteps:\n  q:\n" + "".join(f"    {line}\n" for line in kind.example.splitlines())
    parsed = parse_flow((text + "  sorry: {send: Sorry}\n  bye: {send: Bye}\n").encode(), "f.yaml")
    assert parsed.flow is not None and not parsed.issues
    step = parsed.flow.steps["q"]
    assert isinstance(step, Ask) and step.type == kind.name


@pytest.mark.parametrize("name", sorted(TYPES))
def test_golden(name: str) -> None:
    golden = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    assert sum(len(table.splitlines()) for table in golden["rows"].values()) >= LEAST_ROWS
    for language, table in golden["rows"].items():
        for line in table.splitlines():
            raw, _, wanted = line.rpartition(" => ")
            assert f"{raw.strip()} => {shown(golden, language, raw.strip())}" == f"{raw.strip()} => {wanted}", language


def shown(golden: dict[str, Any], language: str, raw: str) -> str:
    """The right side of a line."""
    reading = reading_of(golden["step"], language, raw.replace("\\n", "\n"))
    if isinstance(reading, Bad):
        return f"invalid {reading.error}"
    assert unpack(json.loads(json.dumps(pack(reading.value)))) == reading.value == kept(reading.value)
    return json.dumps(plain(reading.value), ensure_ascii=False)


def reading_of(step: str, language: str, raw: str) -> Reading:
    """What a step of an author reads out of a line."""
    text = "flow: f\nsteps:\n  q:\n" + "".join(f"    {line}\n" for line in step.splitlines())
    parsed = parse_flow(text.encode(), "f.yaml")
    assert parsed.flow is not None, [str(issue) for issue in parsed.issues]
    made = bot(parsed.flow, patterns=patterns({}, "en"), currency="EUR", templates=TEMPLATES)
    person = Person(made, language=language)
    person.start("f")
    assert person.waiting and person.waiting.wait
    asked = parsed.flow.steps["q"]
    assert isinstance(asked, Ask)
    heard = heard_of(raw, person)
    scope = Scope(made, person.contact, MessageHeard("i1", START, heard), parsed.flow)
    return read(heed(asked, heard, heard.text, person.waiting.wait.options, scope))


def heard_of(raw: str, person: Person) -> Heard:
    me = Identity("whatsapp", "phone", "393331234567")
    if not raw.startswith("@"):
        return Heard(me, "m", START, "text", raw)
    kind, _, rest = raw.removeprefix("@").partition(" ")
    if kind == "tap":
        return Heard(me, "m", START, "tap", rest, person.payloads[rest])
    if kind in FILES:
        return Heard(me, "m", START, "media", rest, media=(MediaHeard(kind, "9", "https://x/9"),))
    return Heard(me, "m", START, kind, data=json.loads(rest or "{}"))


def _write() -> None:
    for path in FOLDER.glob("*.yaml"):
        golden = yaml.safe_load(path.read_text("utf-8"))
        parts = [path.read_text("utf-8").split("rows:\n")[0] + "rows:\n"]
        for language, table in golden["rows"].items():
            parts.append(f"  {language}: |\n")
            for line in table.splitlines():
                raw = (line.rpartition(" => ")[0] or line).strip()
                parts.append(f"    {raw} => {shown(golden, language, raw)}\n")
        path.write_text("".join(parts), "utf-8")


if __name__ == "__main__":
    _write()
