"""What campaigns and sequences say, written out as flows of one step: so everything that is known of flows holds of them."""

from collections.abc import Iterator
from typing import NamedTuple

from trinario.authoring.issue import Place
from trinario.authoring.nodes import Mapping, Node, Scalar, Sequence
from trinario.campaign.as_flow import campaign_step, sequence_step
from trinario.model.campaign import HOLDOUT

_SAYS = {"send": "send", "flow": "start"}
"""What says something in these files, and the verb that it is in a flow."""

_POLICY = ("quiet_hours", "cap", "late")


class Part(NamedTuple):
    """One thing that is said. `step` is that of a sequence, `variant` one with words or a delivery of its own; or "".

    `name` is what the step is called in the flow that `node` is.
    """

    step: str
    variant: str
    name: str
    node: Mapping


def parts_of_campaign(root: Mapping) -> Iterator[Part]:
    """What a campaign says: its own message or flow, and those of its variants."""
    for variant, spoken, key, pairs in _spoken(root, "variants", Scalar(campaign_step(), root.place)):
        name = campaign_step(variant if spoken else "")
        yield Part("", variant, name, _flow(root, name, key.place, pairs, ("delivery",)))


def parts_of_sequence(root: Mapping) -> Iterator[Part]:
    """What the steps of a sequence say."""
    steps = root.get("steps")
    for key, step in steps.pairs if isinstance(steps, Mapping) else ():
        if not isinstance(step, Mapping):
            continue
        for variant, spoken, place, pairs in _spoken(step, "split", key):
            name = sequence_step(key.text, variant if spoken else "")
            kept = pairs if any(one.text == "delivery" for one, _ in pairs) else [*pairs, *_kept(step, "delivery")]
            yield Part(
                key.text, variant, name, _flow(root, name, place.place, [*kept, *_kept(step, "if")], ("delivery",))
            )


_Pairs = list[tuple[Scalar, Node]]


def _spoken(node: Mapping, sides: str, key: Scalar) -> Iterator[tuple[str, bool, Scalar, _Pairs]]:
    """(variant, whether it has words of its own, where it is named, what it says): first what is said without one."""
    own = _said(node)
    if own:
        yield "", False, own[0][0] if key.text == campaign_step() else key, own
    variants = node.get(sides)
    for name, side in variants.pairs if isinstance(variants, Mapping) else ():
        if isinstance(side, Mapping) and name.text != HOLDOUT:
            said, how = _said(side), _kept(side, "delivery")
            if said or (own and how):
                yield name.text, bool(said), name, [*(said or own), *how]


def _said(node: Mapping) -> _Pairs:
    """The message or the flow of a mapping, as a verb of a step; nothing where there are none, or both."""
    found = [(Scalar(_SAYS[key.text], key.place), value) for key, value in node.pairs if key.text in _SAYS]
    return found if len(found) == 1 else []


def _kept(node: Mapping, *names: str) -> _Pairs:
    return [(key, value) for key, value in node.pairs if key.text in names]


def _flow(root: Mapping, name: str, place: Place, step: _Pairs, keys: tuple[str, ...]) -> Mapping:
    """The nodes of a flow of one step, at the places where all of it is written."""
    if any(key.text == "start" for key, _ in step):  # the flow that is begun has a delivery of its own
        step, keys = [(key, value) for key, value in step if key.text != "delivery"], ()
    named = root.get("campaign") or root.get("sequence") or Scalar("unnamed", root.place)
    steps = Mapping(((Scalar(name, place), Mapping(tuple(step), place)),), place)
    pairs: _Pairs = [(Scalar("flow", named.place), named), *_purpose(root), *_kept(root, *keys)]
    pairs += _policy(root) + _triggers(root) + _kept(root, "exit_when") + [(Scalar("steps", place), steps)]
    return Mapping(tuple(pairs), root.place)


def _purpose(root: Mapping) -> _Pairs:
    """Theirs is marketing where they do not say another."""
    return _kept(root, "purpose") or [(Scalar("purpose", root.place), Scalar("marketing", root.place))]


def _policy(root: Mapping) -> _Pairs:
    """The bounds of a marketing one are those that a flow has under `policy`."""
    bounds = _kept(root, *_POLICY)
    purpose = root.get("purpose")
    if not bounds or (isinstance(purpose, Scalar) and purpose.text != "marketing"):
        return []
    return [(Scalar("policy", bounds[0][0].place), Mapping(tuple(bounds), bounds[0][1].place))]


def _triggers(root: Mapping) -> _Pairs:
    """The event that begins a campaign, with its condition."""
    schedule = root.get("schedule")
    event = _kept(schedule, "event", "match") if isinstance(schedule, Mapping) else []
    if not event or event[0][0].text != "event":
        event = event[::-1]
    if not event or event[0][0].text != "event":
        return []
    trigger = Mapping(tuple(event), event[0][1].place)
    return [(Scalar("triggers", event[0][0].place), Sequence((trigger,), trigger.place))]
