"""The `split` step: a lot that falls the same way for the same contact, on every channel and in every revision."""

from trinario.engine.chance import seed_of
from trinario.engine.draft import Draft
from trinario.engine.move import Go, Move
from trinario.model.flow import Split, Variant


def enter(step: Split, draft: Draft) -> Move:
    """The exit is the name of the variant, which is the answer of the step too; no handler leads it elsewhere."""
    key = step.key or f"{draft.flow.name}.{step.name}"
    owner = draft.session.contact if step.sticky == "contact" else draft.session.seed
    variant = drawn(step.variants, key, step.sticky, owner)
    draft.answer(step.name, variant.name)
    to = variant.next or step.exits.get(variant.name) or step.next
    return Go(variant.name, to or draft.facts.after[step.name])


def drawn(variants: tuple[Variant, ...], key: str, sticky: str, owner: int) -> Variant:
    """The variant for an owner (a contact's id, a session's seed): a pure function of key and owner."""
    place = seed_of("split", key, sticky, owner) % sum(variant.weight for variant in variants)
    for variant in variants:
        if place < variant.weight:
            return variant
        place -= variant.weight
    raise AssertionError("the lot is below the sum of the weights")
