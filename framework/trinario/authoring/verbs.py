"""Finds the verb of a mapping: of a step, a trigger, a channel; and the words for one that is missing or wrong."""

from trinario.authoring.forms import form_of
from trinario.authoring.near import listed, mend, nearest
from trinario.authoring.nodes import Mapping, Scalar
from trinario.authoring.notes import Notes
from trinario.authoring.spec.kinds import Verb, VerbTable


def bare_verb(table: VerbTable, scalar: Scalar, notes: Notes) -> Verb | None:
    """The verb that stands alone; None, with an issue, when none can stand like this."""
    verb = table.verb(scalar.text)
    if verb is not None and verb.name in table.bare:
        return verb
    if scalar.text in table.later:
        notes.fault("T013", scalar, f"this version does not have `{scalar.text}` yet", "leave it out for now")
    elif verb is not None:
        notes.fault("T022", scalar, f"`{verb.name}` needs a value", f"write {verb.example}")
    elif table.bare and nearest(scalar.text, table.bare):
        notes.fault("T016", scalar, f'there is no {table.name} "{scalar.text}"', mend(scalar.text, table.bare))
    else:
        notes.fault("T020", scalar, f"{table.about} is expected here, not {form_of(scalar)}",
                    f"write it like `{table.verbs[0].example}`")  # fmt: skip
    return None


def pick_verb(table: VerbTable, node: Mapping, notes: Notes) -> Verb | None:
    """The one verb of a mapping; None, with an issue, for none, several or an unknown one."""
    return _named_verb(table, node, notes) if table.by else _verb(table, [key for key, _ in node.pairs], node, notes)


def _named_verb(table: VerbTable, node: Mapping, notes: Notes) -> Verb | None:
    """The verb that the value of the key `by` names."""
    names = [verb.name for verb in table.verbs]
    value = next((item for key, item in node.pairs if key.text == table.by), None)
    if value is None:
        notes.fault("T014", node, f"{table.about} needs `{table.by}`", f"write {table.by}: {listed(names, last='or')}")
        return None
    if isinstance(value, Scalar) and (verb := table.verb(value.text)):
        return verb
    shown = value.text if isinstance(value, Scalar) else form_of(value)
    notes.fault("T021", value, f'there is no {table.by} "{shown}"', mend(shown, names))
    return None


def _verb(table: VerbTable, keys: list[Scalar], node: Mapping, notes: Notes) -> Verb | None:
    """The one verb among the keys; an issue for none and for several."""
    found = [key for key in keys if table.verb(key.text)]
    if len(found) > 1:  # a common key that is a verb as well is the verb only where no other one is
        common = {key.name for key in table.common}
        found = [key for key in found if key.text not in common] or found
    if len(found) == 1:
        return table.verb(found[0].text)
    if len(found) > 1:
        both = listed([f"`{key.text}`" for key in found])
        if found[0].text == "foreach":
            notes.fault("T016", found[1], f"`foreach` does the steps below it, and this has {both}",
                        f"put it into a step of the loop: steps: {{each: {{{found[1].text}: ...}}}}")  # fmt: skip
            return None
        notes.fault("T016", found[1], f"{table.about} does one thing only, and this one has {both}",
                    f"make {len(found)} {table.name}s of it, one after the other")  # fmt: skip
        return None
    _no_verb(table, keys, node, notes)
    return None


def _no_verb(table: VerbTable, keys: list[Scalar], node: Mapping, notes: Notes) -> None:
    names = [verb.name for verb in table.verbs]
    common = {key.name for key in table.common}
    for key in keys:
        if key.text in table.later:
            notes.fault("T013", key, f"this version does not have `{key.text}` yet", "leave it out for now")
            return
        if key.text in table.refused:
            notes.fault("T011", key, *table.refused[key.text])
            return
    for key in keys:
        if key.text not in common and nearest(key.text, names):
            notes.fault("T016", key, f'{table.about} has no "{key.text}"', mend(key.text, names))
            return
    notes.fault(
        "T016",
        keys[0] if keys else node,
        f"{table.about} has to say what it does",
        f"write one of {listed(names, 20, 'or')}",
    )


def refused(table: VerbTable, verb: Verb, name: str) -> tuple[str, str] | None:
    """Better words for a key that has been put beside the wrong verb, or that people bring from elsewhere."""
    if name in table.refused:
        return table.refused[name]
    if name in table.later:
        return f"this version does not have `{name}` yet", "leave it out for now"
    exits = [f"on_{way.name}" for way in verb.exits]
    if name.startswith("on_") and not nearest(name, exits):
        known = f"there are {listed(exits)}" if exits else "it has none"
        return f"`{verb.name}` has no exit `{name[3:]}`", known
    owners = [other.name for other in table.verbs if any(key.name == name for key in table.keys(other))]
    if owners and not nearest(name, [key.name for key in table.keys(verb)]):
        return f"`{name}` does not go with `{verb.name}`", f"it belongs to {listed([f'`{owner}`' for owner in owners])}"
    return None
