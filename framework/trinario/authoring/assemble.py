"""The bot that a bot.yaml makes with the flows that it lists."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from trinario.authoring.conversions_settings import conversions_of
from trinario.authoring.guard_settings import guard_of
from trinario.authoring.parse_bot import ParsedBot, currency_of, greeting_of
from trinario.authoring.parse_messages import delivery
from trinario.authoring.parse_policy import disclosure, rules
from trinario.authoring.parse_values import variable
from trinario.authoring.patterns import patterns
from trinario.authoring.reader import Record
from trinario.campaign.as_flow import entrance_of, flows_of, flows_of_sequence
from trinario.model.bot import Bot, Persona, Team
from trinario.model.campaign import Campaign, Sequence
from trinario.model.channel import Channel, Limits, Window
from trinario.model.flow import Delivery, Flow
from trinario.model.hours import Calendar, hours_of
from trinario.model.policy import Rules


def assemble(
    parsed: ParsedBot, flows: Mapping[str, Flow], limits: Mapping[str, Limits], windows: Mapping[str, Window]
) -> Bot:
    """The bot with those of `flows` that it lists. `limits` and `windows` are by platform; `parsed` has no errors."""
    assert parsed.record is not None
    locale, get = parsed.get("locale"), parsed.get
    used = {name: replace(flow, locale=locale) for name, flow in flows.items() if parsed.lists(name)}
    return Bot(
        name=parsed.name,
        locale=locale,
        timezone=get("timezone"),
        channels=_channels(parsed, limits, windows),
        flows=used,
        title=get("title") or parsed.name,
        region=get("region"),
        currency=currency_of(parsed),
        catalog=get("catalog") or "",
        default_flow=get("default_flow"),
        fields={name: variable(record) for name, record in (get("fields") or {}).items()},
        globals=get("globals") or {},
        events=get("events") or {},
        patterns=patterns(get("patterns") or {}, locale),
        handlers=get("handlers") or {},
        teams={name: _team(name, record) for name, record in (get("teams") or {}).items()},
        delivery=delivery(get("delivery")) or Delivery(),
        greeting=greeting_of(get("greeting"), locale),
        personas={name: Persona(one.get("name"), one.get("picture")) for name, one in (get("personas") or {}).items()},
        templates=parsed.templates.templates,
        prices=parsed.prices.prices,
        media=parsed.media,
        ai=get("ai") is not None,
        policy=rules(get("policy")) or Rules(),
        disclosure=disclosure(get("disclosure")),
        guard=guard_of(get("guard")),
        conversions=conversions_of(get("conversions")),
        **_handed_over(get("handoff")),
        **_campaigns(parsed, locale),
    )


def _channels(
    parsed: ParsedBot, limits: Mapping[str, Limits], windows: Mapping[str, Window]
) -> dict[str, Channel]:  # fmt: skip
    return {
        one.id: Channel(one.id, one.platform, limits[one.platform], windows.get(one.platform, Window()),
                        str(one.values.get("inbox_app", "")))
        for one in parsed.settings
    }  # fmt: skip


def _team(name: str, team: Record) -> Team:
    hours = team.get("hours")
    calendar = Calendar(hours_of(hours) if hours else None, team.get("zone"), frozenset(team.get("holidays") or ()))
    return Team(name, team.get("notify") or (), team.get("persona") or "", calendar)


def _handed_over(handoff: Record | None) -> dict[str, Any]:
    """How people take over, and when the bot comes back."""
    if handoff is None:
        return {}
    return {
        "handoff_return": handoff.get("return_after"),
        "people_persona": handoff.get("persona") or "",
        "people_link": handoff.get("link") or "",
        "ignore_apps": frozenset(handoff.get("ignore_apps") or ()),
    }


def _campaigns(parsed: ParsedBot, locale: str) -> dict[str, Any]:
    """The campaigns and sequences by name, and the flows that say what they say."""
    made = [replace(one.made, locale=locale) for one in parsed.campaigns if one.made]
    campaigns = {one.name: one for one in made if isinstance(one, Campaign)}
    sequences = {one.name: one for one in made if isinstance(one, Sequence)}
    flows = [flow for one in campaigns.values() for flow in flows_of(one)]
    flows += [flow for one in sequences.values() for flow in flows_of_sequence(one)]
    flows += [flow for one in sequences.values() if (flow := entrance_of(one)) is not None]
    return {"campaigns": campaigns, "sequences": sequences, "messages": {flow.name: flow for flow in flows}}
