"""The tables of campaigns: how each stands, its slots on the wall, and everybody whom a slot is for."""

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from trinario.store.tables.columns import id_column, json_column, number_column, small_column, text_column


class CampaignRow(SQLModel, table=True):
    """A campaign that was started. State: running, paused, held, done, cancelled; `why` says what it is held for, or what
    the one who paused it said. `plan` and `revision` are what was agreed to, `since` the moment from which slots count.
    `let_in`: how often somebody was let in while it had a budget; with `allotted` of them it stops, by what was last worked out."""

    __tablename__ = "campaigns"
    name: str = Field(sa_column=text_column(key=True))
    state: str = Field(sa_column=text_column())
    plan: str = Field(sa_column=text_column(default=""))
    revision: str = Field(sa_column=text_column(default=""))
    since: int = Field(sa_column=number_column())
    reached: int = Field(sa_column=number_column())
    started_by: str = Field(sa_column=text_column(default=""))
    changed_at: int = Field(sa_column=number_column())
    changed_by: str = Field(sa_column=text_column(default=""))
    why: str = Field(sa_column=text_column(default=""))
    let_in: int = Field(sa_column=number_column(default=0))
    allotted: int = Field(sa_column=number_column(default=0))


class CampaignPlanRow(SQLModel, table=True):
    """What a campaign was foreseen to do, on what it was (`mark`), and for how many; `body` is the forecast."""

    __tablename__ = "campaign_plans"
    id: str = Field(sa_column=text_column(key=True))
    campaign: str = Field(sa_column=text_column())
    made_at: int = Field(sa_column=number_column())
    mark: str = Field(sa_column=text_column())
    recipients: int = Field(sa_column=number_column())
    body: str = Field(sa_column=json_column("{}"))


FILLING = text("state = 0")


OPEN = text("state IN (0, 1)")


class CampaignSlotRow(SQLModel, table=True):
    """A time on the wall at which a campaign goes; it comes once, whatever clocks and schedulers do. State: 0 being filled
    with recipients, 1 filled, 2 passed over (too late), 3 cancelled, 4 over: everybody has had her turn. `cursor` is the last
    contact that was looked at."""

    __tablename__ = "campaign_slots"
    __table_args__ = (
        Index("campaign_slots_slot", "campaign", "slot", unique=True),
        Index("campaign_slots_filling", "due_at", sqlite_where=FILLING, postgresql_where=FILLING),
        Index("campaign_slots_open", "campaign", sqlite_where=OPEN, postgresql_where=OPEN),
    )
    id: int = Field(sa_column=id_column())
    campaign: str = Field(sa_column=text_column())
    slot: str = Field(sa_column=text_column())
    due_at: int = Field(sa_column=number_column())
    cursor: int = Field(sa_column=number_column(default=0))
    state: int = Field(sa_column=small_column(0))
    recipients: int = Field(sa_column=number_column(default=0))
    left_out: int = Field(sa_column=number_column(default=0))
    released: int = Field(sa_column=number_column(default=0))
    opened_at: int = Field(sa_column=number_column())


WAITING = text("state = 0")


ON_THE_WAY = text("state = 1")


class RecipientRow(SQLModel, table=True):
    """Somebody whom a slot is for, once. State: 0 waits, 1 on her way into a turn, 2 begun, 3 left out, 4 withdrawn.

    `planned_for` is the contact as she was found, and stays when contacts become one; `occasion` is the event that an
    event's campaign answers, "" for none. `due_at` is her time of the slot, `next_at` when she has her turn: later than that if
    she was busy then. `reason` says why she is left out, or waits.
    """

    __tablename__ = "recipients"
    __table_args__ = (
        Index("recipients_once", "slot", "planned_for", "occasion", unique=True),
        Index("recipients_waiting", "slot", "next_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("recipients_on_the_way", "slot", sqlite_where=ON_THE_WAY, postgresql_where=ON_THE_WAY),
        Index("recipients_contact", "contact_id", "slot"),
    )
    id: int = Field(sa_column=id_column())
    slot: int = Field(sa_column=number_column())
    contact_id: int = Field(sa_column=number_column())
    planned_for: int = Field(sa_column=number_column())
    occasion: str = Field(sa_column=text_column(default=""))
    state: int = Field(sa_column=small_column(0))
    due_at: int = Field(sa_column=number_column())
    next_at: int = Field(sa_column=number_column())
    variant: str = Field(sa_column=text_column(default=""))
    reason: str = Field(sa_column=text_column(default=""))
    session: str = Field(sa_column=text_column(default=""))
    tries: int = Field(sa_column=number_column(default=0))
    at: int = Field(sa_column=number_column())


class DrawRow(SQLModel, table=True):
    """A draw: its seed, fixed before, and once it was drawn the numbers that won, and the digest of all that took part."""

    __tablename__ = "draws"
    name: str = Field(sa_column=text_column(key=True))
    seed: str = Field(sa_column=text_column())
    committed_at: int = Field(sa_column=number_column())
    drawn_at: int | None = Field(sa_column=number_column(null=True))
    winners: str = Field(sa_column=json_column("[]"))
    entrants: str = Field(sa_column=text_column(default=""))


class ShortLinkRow(SQLModel, table=True):
    """An address of ours in one message to one person; it leads to `url`. `clicked_at` is the first time, `clicks` how often."""

    __tablename__ = "short_links"
    __table_args__ = (Index("short_links_contact", "contact_id", "campaign"),)
    token: str = Field(sa_column=text_column(key=True))
    url: str = Field(sa_column=text_column())
    contact_id: int = Field(sa_column=number_column())
    key: str = Field(sa_column=text_column())
    channel: str = Field(sa_column=text_column())
    campaign: int | None = Field(sa_column=number_column(null=True))
    made_at: int = Field(sa_column=number_column())
    clicked_at: int | None = Field(sa_column=number_column(null=True))
    clicks: int = Field(sa_column=number_column(default=0))
