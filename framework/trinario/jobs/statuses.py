"""What became of messages, told to flows that begin by it (`message_status`); costs nothing where none does."""

from collections.abc import Sequence

from trinario import jsons
from trinario.engine.index import index_of
from trinario.model.bot import Bot
from trinario.model.heard import Receipt
from trinario.ports import Inward, Unit


def watched(bot: Bot) -> frozenset[str]:
    """The statuses that begin a flow of the bot."""
    rules = index_of(bot).by_kind.get("message_status")
    return frozenset(rule.trigger.value for rule in rules) if rules else frozenset()


def status(contact: int, key: str, channel: str, cause: str, name: str, reason: str = "", hops: int = 0) -> Inward:
    """The inbox entry that tells a status. `key` is the outbox row's, `cause` its flow and step, `hops` those of the
    session that said it. It comes once."""
    flow, _, step = cause.partition(".")
    told = {"status": name, "flow": flow, "step": step, "channel": channel, "reason": reason}
    body = jsons.dumps({**told, "hops": hops + 1})
    return Inward("", f"status:{key.rsplit('/', 2)[0]}:{name}", "status", body, contact=contact)


def told(unit: Unit, receipts: Sequence[Receipt], wanted: frozenset[str]) -> list[Inward]:
    """The entries for receipts that bring something new; to be asked before they are applied."""
    news = [receipt for receipt in receipts if receipt.status in wanted]
    if not news:
        return []
    return [
        status(contact, key, channel, cause, receipt.status, str(receipt.failure.code) if receipt.failure else "", hops)
        for receipt, contact, key, channel, cause, hops in unit.caused(news)
        if cause
    ]
