"""Calls of templates against what templates.yaml declares: names, places, languages, purposes."""

from trinario.authoring.finding import Findings
from trinario.authoring.near import listed, mend
from trinario.authoring.nodes import Mapping as MappingNode
from trinario.authoring.nodes import Scalar
from trinario.authoring.notes import Mention
from trinario.authoring.parse_bot import ParsedBot
from trinario.authoring.template_form import CODE, PRODUCT
from trinario.expressions import Phrase
from trinario.model.template import TemplateSpec, places_of


def check_templates(bot: ParsedBot, purpose: str, found: Findings) -> None:
    """T048 for templates that nobody declares, T151 for places and languages, T152 for another purpose; T049 and T110 for
    values that no button or header takes.

    `purpose` is that of the flow, "" in bot.yaml.
    """
    for mention in found.notes.mentions:
        if mention.kind != "template":
            continue
        spec = _declared(mention, bot, found)
        if spec is not None and mention.path[-1] == "template":
            _check_code(spec, mention, found)
            _check_language(spec, mention, bot, found)
        elif spec is not None:
            _check_params(spec, mention, found)
            _check_values(spec, mention, bot, found)
            _check_language(spec, mention, bot, found)
            _check_purpose(spec, mention, purpose, found)


def _declared(mention: Mention, bot: ParsedBot, found: Findings) -> TemplateSpec | None:
    """The template; None with an issue, or without one where its declaration has issues of its own."""
    file = bot.templates.file
    if mention.name in bot.templates.names:
        return bot.templates.templates.get(mention.name)
    if not bot.templates.names and bot.templates.issues:
        return None
    hint = mend(mention.name, bot.templates.names) if bot.templates.names else ""
    found.fault("T048", mention.scalar, f'there is no template "{mention.name}" in {file}',
                hint if hint.startswith("did") else f"declare it in {file}" + (f"; {hint}" if hint else ""))  # fmt: skip
    return None


def _check_code(spec: TemplateSpec, mention: Mention, found: Findings) -> None:
    """T153 for a template that brings no code: a question of the type `otp` names one of Meta's authentication templates."""
    if spec.category != "authentication" or len(spec.params) != 1:
        found.fault("T153", mention.scalar, f'template "{spec.name}" is for {spec.category}, and brings no code',
                    "name one with category: authentication, whose one place is the code")  # fmt: skip


def _check_params(spec: TemplateSpec, mention: Mention, found: Findings) -> None:
    node = found.notes.nodes.get((*mention.path[:-1], "params"))
    given = [key for key, _ in node.pairs] if isinstance(node, MappingNode) else []
    for key in given:
        if key.text not in spec.params:
            hint = mend(key.text, spec.params) if spec.params else "leave it out"
            found.fault("T151", key, f'template "{spec.name}" has no place "{key.text}"', hint)
    missing = [name for name in spec.params if name not in {key.text for key in given}]
    if missing:
        example = ", ".join(f"{name}: ..." for name in missing)
        found.fault("T151", mention.scalar, f'template "{spec.name}" needs {listed(missing)}',
                    f"write params: {{{example}}}")  # fmt: skip


def _check_values(spec: TemplateSpec, mention: Mention, bot: ParsedBot, found: Findings) -> None:
    """T049 for files that are not there, T110 for codes and ids that cannot be cut: of values that stand there as they are."""
    at = (*mention.path[:-1], "params")
    for written in found.notes.written:
        if written.path[:-1] != at or not isinstance(written.text, Phrase) or written.text.constant is None:
            continue
        name, value = written.path[-1], written.text.constant.strip()
        if name in _files(spec) and ":" not in value and value not in bot.media:
            hint = mend(value, bot.media) if bot.media else ""
            found.fault("T049", written.scalar, f'there is no file "{value}" in {bot.file.rpartition("/")[0]}/media',
                        hint if hint.startswith("did") else "put it there, or write an address: https://...")  # fmt: skip
        if (most := _longest(spec, name)) and len(value) > most:
            found.fault("T110", written.scalar, f'"{value}" has {len(value)} characters, and a button takes {most}',
                        f"make it {most} at most")  # fmt: skip


def _files(spec: TemplateSpec) -> set[str]:
    """The places that stand for a file."""
    headers = [header for words in spec.languages.values() for header in words.headers]
    return {
        name for header in headers for name in places_of(header.value) if header.kind in ("image", "video", "document")
    }


def _longest(spec: TemplateSpec, name: str) -> int:
    """The longest value of a place in a code, or in the id of a product; 0 for a place that may be cut."""
    every = [button for words in spec.languages.values() for button in words.buttons]
    if any(name in places_of(button.value) for button in every if button.kind == "code"):
        return CODE
    products = (part for button in every if button.kind in ("products", "catalog") for part in button.parts)
    return PRODUCT if any(name in places_of(part) for part in products) else 0


def _check_language(spec: TemplateSpec, mention: Mention, bot: ParsedBot, found: Findings) -> None:
    """One that is asked for is there; else the bot's own is, which who speaks another falls back to."""
    node = found.notes.nodes.get((*mention.path[:-1], "language"))
    asked = node.text.replace("_", "-") if isinstance(node, Scalar) else ""
    if asked and asked not in spec.languages:
        found.fault("T151", node or mention.scalar, f'template "{spec.name}" has no words in {asked}',
                    f"it has {listed(list(spec.languages))}")  # fmt: skip
    own = str(bot.get("locale") or "")
    if not asked and own and not {own, own.split("-")[0]} & set(spec.languages):
        found.fault("T151", mention.scalar, f'template "{spec.name}" has no words in {own}, the language of the bot',
                    f"declare them in {bot.templates.file}, or write language: {next(iter(spec.languages))}")  # fmt: skip


def _check_purpose(spec: TemplateSpec, mention: Mention, purpose: str, found: Findings) -> None:
    if not purpose or (purpose == "marketing") == (spec.category == "marketing"):
        return
    hint = (
        "take a marketing template"
        if purpose == "marketing"
        else "take a utility template, or write purpose: marketing"
    )
    found.fault("T152", mention.scalar,
                f'template "{spec.name}" is for {spec.category}, and the {found.what} for {purpose}', hint)  # fmt: skip
