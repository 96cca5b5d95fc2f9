"""Sequences that lead back into themselves: a flow that a step begins enrolls her again."""

from collections.abc import Iterator, Mapping

from trinario.authoring.check_names import Surroundings
from trinario.authoring.finding import Findings
from trinario.authoring.parse_campaign import ParsedCampaign
from trinario.model.campaign import Sequence
from trinario.model.flow import Call, Enroll, Start


def check_enrolling(parsed: ParsedCampaign, around: Surroundings, found: Findings) -> None:
    """T183: an error where a round takes no day, else a warning where nothing would end it."""
    made = parsed.made
    if not isinstance(made, Sequence):
        return
    sequences = {one.name: one.made for one in around.bot.campaigns if isinstance(one.made, Sequence)}
    for step, flow, target in _enrolled(made, around):
        days = _days_back(target, made.name, sequences, around)
        if days is None:
            continue
        total = made.steps[step].day + days
        message = f'sequence "{made.name}" leads back into itself: step "{step}" begins "{flow}", which enrolls into "{target}"'
        if total == 0:
            found.fault("T183", found.step_key(step), f"{message}, all on one day",
                        f'take enroll: {target} out of "{flow}", or give the step a day')  # fmt: skip
        elif not made.exit_when:
            found.warn("T183", found.step_key(step), f"{message}, and nothing ends it",
                       "write exit_when: [{opt_out: marketing}], or whatever ends it")  # fmt: skip
        return


def _enrolled(sequence: Sequence, around: Surroundings) -> Iterator[tuple[str, str, str]]:
    """(step, flow that it begins, sequence into which that enrolls)."""
    for step in sequence.steps.values():
        sides = step.split.sides if step.split else ()
        for flow in dict.fromkeys(one for one in (step.flow, *(side.flow for side in sides)) if one):
            for target in _of_flow(flow, around, set()):
                yield step.name, flow, target


def _of_flow(name: str, around: Surroundings, seen: set[str]) -> Iterator[str]:
    """Sequences into which a flow enrolls, and the flows that it calls or starts."""
    parsed = around.flows.get(name)
    if name in seen or parsed is None or parsed.flow is None:
        return
    seen.add(name)
    for step in parsed.flow.steps.values():
        if isinstance(step, Enroll):
            yield step.sequence
        elif isinstance(step, Call | Start):
            yield from _of_flow(step.flow, around, seen)


def _days_back(begin: str, end: str, sequences: Mapping[str, Sequence], around: Surroundings) -> int | None:
    """The fewest days in which being enrolled into one sequence leads into the other; None: it does not."""
    known, ahead = {begin: 0}, [begin]
    while ahead:
        here = min(ahead, key=lambda name: known[name])
        ahead.remove(here)
        if here == end:
            return known[here]
        for step, _, target in _enrolled(sequences[here], around) if here in sequences else ():
            days = known[here] + sequences[here].steps[step].day
            if target not in known or days < known[target]:
                known[target] = days
                ahead.append(target)
    return None
