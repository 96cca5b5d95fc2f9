"""What campaigns and sequences say, as the window proof sees it: begun by nobody's message, with the window as it may be."""

from collections.abc import Iterator
from dataclasses import replace

from trinario.authoring.parse import ParsedFlow
from trinario.authoring.parse_campaign import ParsedCampaign
from trinario.campaign.as_flow import placed
from trinario.model.campaign import Campaign, Sequence
from trinario.model.flow import Trigger


def provable(parsed: ParsedCampaign) -> Iterator[ParsedFlow]:
    """The parts that may come at any time, each with what begins it; none of a file with errors.

    The first message of a sequence that only flows enroll into comes at once, when she has most likely just written:
    policy asks again, and here nothing is said of it.
    """
    made = parsed.made
    for (step, _), part in parsed.parts.items() if made else ():
        if made is None or part.flow is None or (isinstance(made, Sequence) and _at_once(made, step)):
            continue
        trigger = Trigger(parsed.kind, parsed.name, if_busy=made.if_busy)
        if isinstance(made, Campaign):
            trigger = replace(trigger, segment=made.segment)
        delivery = placed(part.flow.delivery, made.channels)
        yield replace(part, flow=replace(part.flow, triggers=(trigger,), delivery=delivery))


def _at_once(sequence: Sequence, name: str) -> bool:
    step = sequence.steps[name]
    return sequence.segment is None and step.day == 0 and step.at is None and not step.days
