"""What a session's messages carry: the campaign that says them, and that they are written down but not sent."""

from collections.abc import Iterable
from dataclasses import replace

from trinario.model.effect import Effect, OfferSwitch, Say, SendCode


def marked(effects: Iterable[Effect], campaign: int, hushed: bool) -> Iterable[Effect]:
    """The effects of a session of this campaign (0: of none); `hushed`: a stop word, or its confirmation, came before."""
    if hushed:
        effects = map(_hushed, effects)
    return (_said_by(campaign, one) for one in effects) if campaign else effects


def _said_by(campaign: int, effect: Effect) -> Effect:
    return replace(effect, campaign=campaign) if isinstance(effect, Say) else effect


def _hushed(effect: Effect) -> Effect:
    match effect:
        case Say():
            return replace(effect, hushed=True)
        case OfferSwitch(say=say) | SendCode(say=say):
            return replace(effect, say=replace(say, hushed=True))
        case _:
            return effect
