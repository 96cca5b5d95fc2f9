"""Indexes of contact fields: those that bot.yaml asks for are made when the bot starts, others are dropped."""

import logging

from trinario.model.bot import Bot
from trinario.runtime.upkeep import AnyStore
from trinario.store.field_indexes import settle

log = logging.getLogger("trinario.process")


async def index_fields(store: AnyStore, bot: Bot) -> None:
    """Make and drop what is not as bot.yaml says; with nothing to do it is one question to the catalogue."""
    fields = {name: spec.type for name, spec in bot.fields.items() if spec.index}
    made, gone = await store.run(lambda unit: settle(unit.conn, fields))
    for name in made:
        log.info("made the index %s", name)
    for name in gone:
        log.info("dropped the index %s: no field asks for it any more", name)
