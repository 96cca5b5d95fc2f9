"""A message of a campaign or of a sequence as a flow of one step: it is rendered, fitted and delivered like any other."""

from datetime import timedelta

from trinario.campaign.split import side_of
from trinario.model.campaign import Campaign, Sequence, Side
from trinario.model.duration import Duration
from trinario.model.flow import END, Delivery, Enroll, Flow, Send, Start, Step, Trigger
from trinario.model.flow.said import Message
from trinario.model.policy import Rules

MESSAGE = "message"
"""The name of the one step of a campaign without variants."""


def campaign_flow(campaign: Campaign, variant: str = "") -> Flow:
    """The flow `campaign/<name>`, or `campaign/<name>/<variant>`: one step, that says it or starts its flow for good."""
    side = side_of(campaign.variants, variant)
    own = _speaks(side)
    step = _step(
        campaign_step(variant if own else ""),
        own.messages if own else campaign.messages,
        own.flow if own else campaign.flow,
        side.delivery if side else None,
        campaign.line,
    )
    return _flow(campaign, campaign_flow_name(campaign.name, variant), step)


def campaign_flow_name(campaign: str, variant: str = "") -> str:
    """What that flow is called."""
    return _path("campaign", campaign, variant)


def campaign_step(variant: str = "") -> str:
    """What the step of a campaign's flow is called: by a variant that says something of its own, else `message`."""
    return variant or MESSAGE


def sequence_flow(sequence: Sequence, step: str, variant: str = "") -> Flow:
    """The flow `sequence/<name>/<step>`, with `/<variant>` behind it where it has one. Raises KeyError for no step."""
    declared = sequence.steps[step]
    side = side_of(declared.split, variant)
    own = _speaks(side)
    made = _step(
        sequence_step(step, variant if own else ""),
        own.messages if own else declared.messages,
        own.flow if own else declared.flow,
        (side.delivery if side else None) or declared.delivery,
        declared.line,
    )
    return _flow(sequence, _path("sequence", sequence.name, step, variant), made)


def sequence_of(flow: str) -> str:
    """The sequence whose step a flow of this name says; "" for any other flow."""
    kind, _, rest = flow.partition("/")
    return rest.partition("/")[0] if kind == "sequence" else ""


def sequence_step(step: str, variant: str = "") -> str:
    """What the step of such a flow is called; `variant` is one that says something of its own."""
    return f"{step}_{variant}" if variant else step


def flows_of(campaign: Campaign) -> list[Flow]:
    """The flow of a campaign, one for every variant."""
    names = [side.name for side in campaign.variants.sides] if campaign.variants else [""]
    return [campaign_flow(campaign, name) for name in names]


def flows_of_sequence(sequence: Sequence) -> list[Flow]:
    """A flow for every step and variant of a sequence."""
    return [
        sequence_flow(sequence, step.name, name)
        for step in sequence.steps.values()
        for name in ([side.name for side in step.split.sides] if step.split else [""])
    ]


def entrance_of(sequence: Sequence) -> Flow | None:
    """The flow that enrolls who comes to be of its segment; None for a sequence without. No step can be called like it."""
    if sequence.segment is None:
        return None
    trigger = Trigger("segment", sequence.segment.source, mode="enter", watched=sequence.segment, line=sequence.line)
    step = Enroll(name="enroll", line=sequence.line, next=END, sequence=sequence.name)
    return Flow(
        name=_path("sequence", sequence.name, "+segment"), revision=sequence.revision, steps={step.name: step},
        title=sequence.title, locale=sequence.locale, file=sequence.file, triggers=(trigger,),
    )  # fmt: skip


def _path(*parts: str) -> str:
    return "/".join(part for part in parts if part)


def _speaks(side: Side | None) -> Side | None:
    """The side, if it says anything of its own."""
    return side if side is not None and (side.messages or side.flow) else None


def _step(name: str, said: tuple[Message, ...], flow: str | None, delivery: Delivery | None, line: int) -> Step:
    if flow is not None:
        return Start(name=name, line=line, flow=flow)
    return Send(name=name, line=line, next=END, messages=said, delivery=delivery)


def _flow(source: Campaign | Sequence, name: str, step: Step) -> Flow:
    return Flow(
        name=name, revision=source.revision, steps={step.name: step}, title=source.title, purpose=source.purpose,
        delivery=placed(source.delivery, source.channels), locale=source.locale, words=source.words, file=source.file,
        policy=_rules(source.rules, source.late),
    )  # fmt: skip


def placed(delivery: Delivery | None, channels: tuple[str, ...]) -> Delivery | None:
    """The delivery plan on these channels only; one with an order of its own names no others (the check sees to it)."""
    if not channels or (delivery is not None and delivery.order is not None):
        return delivery
    given = delivery or Delivery()
    return Delivery(channels, given.template, given.persona, given.escalate, given.stop_when, given.on_exhausted)


def _rules(rules: Rules | None, late: Duration | None) -> Rules | None:
    """The quiet hours and caps of its own; what they would hold back for longer than `late` is not sent."""
    span: timedelta | None = late.elapsed if late else None
    if rules is None:
        return Rules(late=span) if span else None
    return Rules(rules.quiet, rules.caps, rules.needs, span or rules.late)
