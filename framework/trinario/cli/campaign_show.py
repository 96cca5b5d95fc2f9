"""How campaigns and their plans are printed: for eyes with bars, for machines as JSON."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from trinario.cli.reasons import reason
from trinario.cli.report_table import bars, people

if TYPE_CHECKING:
    from trinario.campaign.forecast import Forecast
    from trinario.jobs.planning import Plan, Standing
    from trinario.ports.campaigns import CampaignRun


def iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def clock(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "-"


def run_data(run: "CampaignRun") -> dict[str, Any]:
    """How a campaign stands, as JSON data."""
    return {"campaign": run.name, "state": run.state, "plan": run.plan, "started_by": run.started_by,
            "started_at": iso(run.since), "changed_at": iso(run.changed_at), "changed_by": run.changed_by, "why": run.why}  # fmt: skip


def standing(one: "Standing") -> dict[str, Any]:
    """A campaign with its slots, as JSON data."""
    slots = [
        {"slot": s.slot, "due": iso(s.due), "recipients": s.recipients, "left_out": s.left_out, "released": s.released}
        for s in one.slots
    ]
    told = run_data(one.run) if one.run else {"campaign": one.campaign.name, "state": "not started"}
    return {**told, "title": one.campaign.title, "next": iso(one.next), "slots": slots}


def line(one: "Standing") -> str:
    """A campaign on one line."""
    state = one.run.state if one.run else "not started"
    why = f" ({one.run.why})" if one.run and one.run.why else ""
    count, done = sum(s.recipients - s.left_out for s in one.slots), sum(s.released for s in one.slots)
    far = f" · {done:,} of {count:,}" if count else ""
    following = f" · next {clock(one.next)}" if one.next and state != "cancelled" else ""
    return f"{one.campaign.name:24} {state}{why}{far}{following}"


def plan_data(made: "Plan") -> dict[str, Any]:
    """A plan as JSON data."""
    return {"plan": made.id, "campaign": made.campaign.name, "made_at": iso(made.made_at), "ends": iso(made.ends),
            **made.plain()}  # fmt: skip


def plan_text(made: "Plan", samples: int = 3, wide: int = 120) -> str:
    """A plan for eyes on a screen of so many columns, with so many messages of each language and channel."""
    told = made.forecast
    lines = [f"plan {made.id}", "", _whole(told)]
    lines += bars(((group.words, count) for group, count in told.going.most_common()), wide)
    if told.variants:
        lines += ["", "variants", *bars(told.variants.most_common(), wide)]
    if told.deferred:
        lines += [
            "",
            "later than at once",
            *bars(((reason(code), count) for code, count in told.deferred.most_common()), wide),
        ]
    if told.left_out:
        lines += ["", "left out", *bars(((reason(code), count) for code, count in told.left_out.most_common()), wide)]
    if told.busy:
        lines += [
            "",
            f"{told.busy:,} {'is' if told.busy == 1 else 'are'} in a conversation just now: if_busy is {made.campaign.if_busy}",
        ]
    if told.silent:
        lines += ["", f"{told.silent:,} begin{'s' if told.silent == 1 else ''} the flow, which says nothing at once"]
    if told.anybody:
        lines += ["", f"first {clock(told.first_due)}, last about {clock(made.ends)}"]
    lines += [*_bounds(made), *_costs(made)]
    for (channel, language), texts in sorted(told.samples.items()):
        lines += ["", f"on {channel} in {language}:", *"\n\n".join(map(_quoted, texts[:samples])).split("\n")]
        if len(texts) > samples:
            lines.append(f"  ... and {len(texts) - samples} more with --samples {len(texts)}")
    lines += ["", _start(made)]
    return "\n".join(lines) + "\n"


def _whole(told: "Forecast") -> str:
    """How many are of it, and how many of them get it."""
    if not told.segment:
        return "nobody is of the segment now"
    if told.anybody:
        return f"{people(told.segment)} of the segment, {told.recipients:,} get{'s' if told.recipients == 1 else ''} it"
    return f"{people(told.segment)} of the segment, and nobody would get it now"


def _start(made: "Plan") -> str:
    """The command that starts exactly this, and to nobody with what that means."""
    from trinario.model.campaign import At, Every, On

    command = f"trinario campaign start {made.campaign.name} --plan {made.id}"
    if made.forecast.anybody:
        return command
    match made.campaign.schedule:
        case Every() | On():
            return f"it can be started all the same: who is of the segment when it goes gets it:\n{command}"
        case At() if made.next is not None:
            return (
                f"do not start it unless somebody will get it at its time, {clock(made.next)}:\n{command} --nobody-yet"
            )
    return "nobody would get it now: do not start it yet, it would be over at once"


def _bounds(made: "Plan") -> list[str]:
    """What WhatsApp lets the numbers do."""
    lines, used = [], {group.channel for group in made.forecast.going}
    if limit := made.limit:
        whom = f"{limit.people:,} {'is' if limit.people == 1 else 'are'} to be written to first"
        lines.append(
            f"the tier allows {limit.most:,} in 24 h, and {whom}: "
            + (f"it will take {limit.days:,} days" if limit.days > 1 else "within one day, if nothing else goes")
        )
    lines += [_untold(channel, made) for channel in sorted({*made.untold, *made.unasked})]
    if made.templates_unasked:
        lines.append(
            f"Meta does not tell how templates stand ({made.templates_unasked}); they are shown as it said before"
        )
    lines += [
        f"{one.channel} has the quality {one.quality}: campaigns go at {one.bulk_share} % of its pace"
        for one in made.standings if one.bulk_share < 100 and one.channel in used
    ]  # fmt: skip
    return ["", *lines] if lines else []


def _untold(channel: str, made: "Plan") -> str:
    """That nobody has told how many a number may write to first, or that it was told before."""
    why = made.unasked.get(channel, "")
    if channel not in made.untold:
        return f"{channel}: Meta does not tell its tier now ({why}); it is counted with what it said before"
    but = f": {why}" if why else " yet, the bot asks Meta for it when it runs"
    return f"{channel}: its tier is not known{but}; a day may bear fewer than this plan says"


def _costs(made: "Plan") -> list[str]:
    cost, budget = made.cost, made.campaign.budget
    if cost is None:
        return []
    lines = ["", f"costs about {cost.total:,.2f} {cost.currency}" + (f" of {budget.max:,.2f}" if budget else "")]
    lines += [
        f"  {one.count:>10,}  {one.category} to {one.country or 'unknown'}: {one.amount:,.2f}" for one in cost.lines
    ]
    if cost.unknown:
        lines.append(f"  {cost.unknown:>10,}  have no price in prices.yaml")
    return lines


def _quoted(text: str) -> str:
    return "\n".join(f"  | {line}" for line in text.splitlines())
