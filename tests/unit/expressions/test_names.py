"""Which names a text uses, where they stand, and what a checker says of unknown ones."""

from trinario.expressions import Known, check_names, compile_condition, compile_phrase, offset_of, path_of, walk

TEXT = Known({}, "text")
KNOWN = {
    "contact": Known({"first_name": TEXT, "last_name": TEXT}),
    "fields": Known({"budget": Known({}, "number")}),
    "trigger": Known(),
    "now": TEXT,
}


def test_names_are_dotted_and_longest() -> None:
    source = "{{ contact.first_name }}{% if fields['budget'] > 3 %}"
    source += "{{ trigger.items[0].title.upper() | default(now) }}{% endif %}"
    paths = {("contact", "first_name"), ("fields", "budget"), ("trigger", "items"), ("now",)}
    assert compile_phrase(source).names == paths


def test_names_a_loop_binds_are_not_used() -> None:
    phrase = compile_phrase(
        "{% for i, j in vars.x if i.a %}{{ i.b }}{{ loop.index }}{{ y }}{% else %}{{ j }}{% endfor %}"
    )
    assert phrase.names == {("vars", "x"), ("y",), ("j",)}


def test_unknown_names_are_found_with_their_place() -> None:
    condition = compile_condition("contact.frist_name == 'x' and fields.budget.x > 1 and cotnact and trigger.any.thing")
    faults = check_names(condition.uses, KNOWN)
    assert [(fault.offset, fault.name, fault.length, fault.reason, fault.hint) for fault in faults] == [
        (8, "frist_name", 10, "`contact` has no `frist_name`", "did you mean `first_name`?"),
        (44, "x", 1, "`fields.budget` has no `x`", "it has no parts"),
        (54, "cotnact", 7, "nothing is called `cotnact`", "did you mean `contact`?"),
    ]


def test_a_far_name_lists_what_there_is() -> None:
    (fault,) = check_names(compile_phrase("{{ zzz }}").uses, KNOWN)
    assert fault.hint == "there are contact, fields, now, trigger"


def test_places_survive_lines_and_brackets() -> None:
    phrase = compile_phrase("one\n{{ contact\n  .first_name }} {{ fields['budget'] }}")
    offsets = {use.path: use.offsets for use in phrase.uses}
    source = phrase.source
    assert offsets[("contact", "first_name")] == (source.index("contact"), source.index("first_name"))
    assert source[offsets[("fields", "budget")][1] :].startswith(("budget", "'budget"))


def test_the_tree_can_be_walked() -> None:
    condition = compile_condition("fields.budget >= 5000")
    paths = {path_of(node): offset_of(node) for node in walk(condition.tree) if path_of(node)}
    assert ("fields", "budget") in paths
