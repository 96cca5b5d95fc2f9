"""The `ticket` step: her number in a draw."""

from trinario.engine.draft import Draft
from trinario.engine.draws import number_of
from trinario.engine.move import Go, Move
from trinario.model.effect import TakeTicket
from trinario.model.flow import Ticket


def enter(step: Ticket, draft: Draft) -> Move:
    """The same number however often she comes here."""
    number = number_of(f"{draft.bot.name}/{step.draw}", draft.contact.id)
    draft.effects.append(TakeTicket(step.draw, number, draft.session.id))
    draft.answer(step.name, number)
    if step.save:
        draft.write(step.save, number)
    return Go()
