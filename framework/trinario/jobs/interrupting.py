"""Whether what would interrupt her reaches her at all: a question is put aside for words, not for a refusal."""

from trinario.engine.react import react
from trinario.jobs.facts import facts_for
from trinario.jobs.world import Scene, World
from trinario.model.contact import Contact
from trinario.model.effect import Say
from trinario.model.event import FlowWanted
from trinario.model.turn import Standing
from trinario.policy.send import may_send
from trinario.policy.verdict import Allow, Defer, Refuse
from trinario.ports import Writes


def in_vain(world: World, contact: Contact, event: FlowWanted, scene: Scene) -> Defer | Refuse | None:
    """Why the first message of what is to begin would not go now; None if it goes, or if nothing is said at once.

    It is asked as if she were free, and nothing is kept of it: she stands where she stood.
    """
    said = next((one for one in react(world.bot(), Standing(contact, ()), event).effects if isinstance(one, Say)), None)
    if said is None:
        return None
    verdict = may_send(
        world.bot(), contact, said, scene.now, facts_for(world.bot(), contact, said, scene, Writes(), False)
    )
    return None if isinstance(verdict, Allow) else verdict
