"""Names that must exist: steps, flows, teams, channels, fields, variables, answers, inputs; with the nearest that does."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePath as Path

from trinario.authoring.finding import Findings
from trinario.authoring.near import mend, nearest
from trinario.authoring.notes import Mention
from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_bot import ParsedBot
from trinario.model.flow import END

WRITTEN_BY_NAME = ("current", "preferred")
"""Places of a delivery order that are no channels."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the names of one flow may refer to: the bot that lists it and all flows there are."""

    bot: ParsedBot
    flows: Mapping[str, ParsedFlow]

    @property
    def channels(self) -> list[str]:
        """Names of channels and of their platforms."""
        names = [one for setting in self.bot.settings for one in (setting.id, setting.platform)]
        return list(dict.fromkeys(names))

    def names(self, key: str) -> list[str]:
        """The names that bot.yaml declares under a key."""
        return list(self.bot.get(key) or ())


def check_steps(parsed: ParsedFlow, found: Findings) -> None:
    """T012: every `next`, exit, choice and handler of a flow leads to a step that it has."""
    if not parsed.names or parsed.notes is None:
        return
    for mention in parsed.notes.mentions:
        if mention.kind == "step" and mention.name != END and mention.name not in parsed.names:
            hint = mend(mention.name, (*parsed.names, END))
            found.fault("T012", mention.scalar,
                        f'{_source(mention)} goes to "{mention.name}", which is no step of this flow', hint)  # fmt: skip


def _source(mention: Mention) -> str:
    path = mention.path
    if path[:1] == ("migrations",):
        return "a migration"
    return f'step "{path[1]}"' if path[:1] == ("steps",) and len(path) > 1 else f'handler "{path[-1]}"'


def check_own_values(parsed: ParsedFlow, found: Findings) -> None:
    """T043: what is saved to `vars` is declared, what is saved to `answers` belongs to a step."""
    assert parsed.notes is not None
    variables = [*parsed.declared("vars"), *parsed.items()]
    for mention in parsed.notes.mentions:
        root, _, name = mention.name.partition(".")
        if mention.kind != "path":
            continue
        if root == "vars" and name not in variables:
            hint = mend(name, variables) if variables else ""
            hint = hint if hint.startswith("did") else f"declare it at the top of the flow: vars: {{{name}: ...}}"
            found.fault("T043", mention.scalar, f'"{name}" is no variable of this flow', hint)
        elif root == "answers" and name not in parsed.names:
            found.fault("T043", mention.scalar, f'"{name}" is no step of this flow, so it has no answer',
                        mend(name, parsed.names))  # fmt: skip


def check_mentions(mentions: Iterable[Mention], around: Surroundings, found: Findings) -> None:
    """What depends on the bot: flows, teams, channels, contact fields."""
    for mention in mentions:
        match mention.kind:
            case "flow":
                _check_flow(mention, around, found)
            case "team" if mention.name not in around.names("teams"):
                _unknown("T041", "team", mention, around.names("teams"), "teams", around, found)
            case "persona" if mention.name not in around.names("personas"):
                _unknown("T041", "persona", mention, around.names("personas"), "personas", around, found)
            case "channel" if mention.name not in around.channels:
                _unknown("T042", "channel or platform", mention, around.channels, "channels", around, found)
            case "place" if mention.name not in (*around.channels, *WRITTEN_BY_NAME):
                known = [*around.channels, *WRITTEN_BY_NAME]
                _unknown("T042", "channel or platform", mention, known, "channels", around, found)
            case "sequence" if mention.name not in around.bot.sequences:
                _check_sequence(mention, around, found)
            case "notified":
                _check_notified(mention, around, found)
            case "event":
                _check_event(mention, around, found)
            case "field" if mention.name.removeprefix("fields.") not in around.names("fields"):
                _unknown("T043", "contact field", mention, around.names("fields"), "fields", around, found)
            case "path" if mention.name.startswith("fields."):
                name = mention.name.removeprefix("fields.")
                if name not in around.names("fields"):
                    field = Mention("field", name, mention.scalar, mention.path)
                    _unknown("T043", "contact field", field, around.names("fields"), "fields", around, found)
            case _:
                pass


def _unknown(
    code: str, what: str, mention: Mention, known: list[str], key: str, around: Surroundings, found: Findings
) -> None:
    hint = mend(mention.name, known)
    if not hint.startswith("did"):
        hint = f"declare it in {around.bot.file} under `{key}`" + (f"; {hint}" if hint else "")
    found.fault(code, mention.scalar, f'there is no {what} "{mention.name}" in {around.bot.file}', hint)


def _check_sequence(mention: Mention, around: Surroundings, found: Findings) -> None:
    folder = Path(around.bot.file).parent / "campaigns"
    hint = mend(mention.name, around.bot.sequences)
    if not hint.startswith("did"):
        hint = f"write it in {folder.as_posix()}/{mention.name}.yaml, which begins with sequence: {mention.name}"
    found.fault("T057", mention.scalar, f'there is no sequence "{mention.name}" in {folder.as_posix()}', hint)


def _check_notified(mention: Mention, around: Surroundings, found: Findings) -> None:
    """A team that is told something exists, and has an address to be told at."""
    teams = around.bot.get("teams") or {}
    if mention.name not in teams:
        _unknown("T041", "team", mention, list(teams), "teams", around, found)
    elif not teams[mention.name].get("notify"):
        found.warn("T058", mention.scalar, f'team "{mention.name}" has no address in {around.bot.file}',
                   f"write teams: {{{mention.name}: {{notify: [mailto:{mention.name}@shop.example]}}}}")  # fmt: skip


def _check_event(mention: Mention, around: Surroundings, found: Findings) -> None:
    """An event may be undeclared; one that is called nearly like a declared one is a slip of it."""
    declared = list(around.bot.get("events") or {})
    if mention.name in declared or not difflib.get_close_matches(mention.name[:80], declared, 1, 0.85):
        return
    found.warn("T059", mention.scalar, f'the event "{mention.name}" is not declared in {around.bot.file}',
               mend(mention.name, declared))  # fmt: skip


def _check_flow(mention: Mention, around: Surroundings, found: Findings) -> None:
    listed = [name for name in around.flows if around.bot.lists(name)]
    unread = {Path(flow.file).stem for flow in around.flows.values() if not flow.name}
    if mention.name in listed or mention.name in unread or mention.name in slips(around.bot, around.flows):
        return
    if mention.name in around.flows:
        found.fault("T040", mention.scalar, f'flow "{mention.name}" is not listed in {around.bot.file}',
                    "add it to `flows` there")  # fmt: skip
        return
    found.fault("T040", mention.scalar, f'there is no flow "{mention.name}"', mend(mention.name, listed))


def check_inputs(parsed: ParsedFlow, around: Surroundings, found: Findings) -> None:
    """T045: what is handed to a flow under `with` is declared in its `inputs`."""
    if parsed.notes is None:
        return
    for mention in parsed.notes.mentions:
        if mention.kind == "event" and mention.path[-1:] == ("emit",):
            _check_emitted(parsed, mention, around, found)
        called = around.flows.get(mention.name)
        if mention.kind != "flow" or called is None or called.flow is None:
            continue
        given = parsed.notes.nodes.get((*mention.path[:-1], "with"))
        for key, _ in getattr(given, "pairs", ()):
            if key.text not in called.flow.inputs:
                hint = mend(key.text, called.flow.inputs) or f"declare it in {called.file} under `inputs`"
                found.fault("T045", key, f'flow "{mention.name}" has no input "{key.text}"', hint)


def _check_emitted(parsed: ParsedFlow, mention: Mention, around: Surroundings, found: Findings) -> None:
    """What an event brings is declared, if the event is."""
    declared = (around.bot.get("events") or {}).get(mention.name)
    given = parsed.notes.nodes.get((*mention.path[:-1], "data")) if parsed.notes else None
    for key, _ in getattr(given, "pairs", ()):
        if declared is not None and key.text not in declared:
            hint = mend(key.text, declared) or f"declare it in {around.bot.file} under `events`"
            found.fault("T045", key, f'event "{mention.name}" is declared without "{key.text}"', hint)


def slips(bot: ParsedBot, flows: Mapping[str, ParsedFlow]) -> set[str]:
    """The flows that misspelt entries of `flows` mean most likely: one issue tells of each, and it stands at the entry."""
    names = [flow.name or Path(flow.file).stem for flow in flows.values()]
    wrong = (pattern for pattern in bot.flows if not any(fnmatchcase(name, pattern) for name in names))
    return {meant for pattern in wrong if (meant := nearest(pattern, names)) is not None}


def check_listed(parsed: ParsedBot, flows: Mapping[str, ParsedFlow], found: Findings) -> None:
    """T040: every name and pattern under `flows` means a flow."""
    names = [flow.name or Path(flow.file).stem for flow in flows.values()]  # one that cannot be read has its own issue
    for number, pattern in enumerate(parsed.flows):
        if not any(fnmatchcase(name, pattern) for name in names):
            found.fault("T040", found.node("flows", str(number)), f'there is no flow "{pattern}"', mend(pattern, names))
