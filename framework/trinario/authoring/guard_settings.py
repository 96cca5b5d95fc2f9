"""What bot.yaml says of somebody who writes like no person does."""

from datetime import timedelta

from trinario.authoring.notes import Notes
from trinario.authoring.reader import Record
from trinario.model.guard import Flood, Guard

LONGEST = timedelta(days=1)


def guard_of(found: Record | None) -> Guard:
    """The rules of a bot.yaml that was read; those that hold without any where it says nothing."""
    if found is None:
        return Guard()
    usual = Guard()
    floods = found.get("floods") if found.has("floods") else None
    return Guard(
        usual.floods if floods is None else tuple(Flood(one.get("messages"), one.get("within").elapsed) for one in floods),
        found.get("same"),
        found.get("pause").elapsed,
    )  # fmt: skip


def check_guard(record: Record, notes: Notes) -> None:
    """T021: numbers that would silence the bot for good, or never."""
    found: Record | None = record.get("guard")
    if found is None:
        return
    for one in found.get("floods") or () if found.has("floods") else ():
        if one.get("messages") < 1:
            notes.fault(
                "T021", one.nodes["messages"], "`messages` has to be above 0", "write floods: [] to look at none"
            )
        if not timedelta() < one.get("within").elapsed <= LONGEST:
            notes.fault("T021", one.nodes["within"], "`within` has to be above 0, and a day at most", "write 1m or 30m")
    if not 0 <= found.get("same") <= 1000 or found.get("same") == 1:
        notes.fault("T021", found.nodes["same"], "`same` has to be 2 or more", "write 6, or 0 to look at none")
    if not timedelta() < found.get("pause").elapsed <= 30 * LONGEST:
        notes.fault("T021", found.nodes["pause"], "`pause` has to be above 0, and 30 days at most", "write 15m")
