"""The tables of what stands behind it all: versions of flows, paces of channels, templates and uploads at Meta."""

from sqlmodel import Field, SQLModel

from trinario.store.tables.columns import id_column, json_column, number_column, small_column, text_column


class FlowRevisionRow(SQLModel, table=True):
    """A flow as it was deployed, with its translations: sessions finish on the revision they began on."""

    __tablename__ = "flow_revisions"
    name: str = Field(sa_column=text_column(key=True))
    revision: str = Field(sa_column=text_column(key=True))
    source: str = Field(sa_column=text_column())
    words: str = Field(sa_column=json_column("{}"))
    created_at: int = Field(sa_column=number_column())


class DeploymentRow(SQLModel, table=True):
    """Which revision of each flow is current: the newest row. `manifest` maps flows to [revision, file]. `kind`: files (a
    process took what its disk has), deploy, rollback (to `source`). `moving` 1: waiting sessions of contacts beyond
    `after_contact` have yet to be moved."""

    __tablename__ = "deployments"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: int = Field(sa_column=id_column())
    at: int = Field(sa_column=number_column())
    kind: str = Field(sa_column=text_column())
    author: str = Field(sa_column=text_column(default=""))
    manifest: str = Field(sa_column=json_column("{}"))
    source: int | None = Field(sa_column=number_column(null=True))
    moving: int = Field(sa_column=small_column(0))
    after_contact: int = Field(sa_column=number_column(default=0))


class PaceRow(SQLModel, table=True):
    """What a channel account may send now: the moment (microseconds) at which its bucket is empty again (GCRA); from when
    to when it rests; until when it is slowed to a share (percent) of its pace, and until when marketing waits.

    `trouble` is the platform's code while its token or account is refused, `reason` its words, `since` when it began.
    `quality` is what people make of the number, `most` how many it may write to first within 24 hours (0: nobody knows, -1:
    no limit); `day_full` 1: marketing waits because so many have been. Rows `begun/HOUR` count them, in `empty_at`.
    """

    __tablename__ = "paces"
    channel: str = Field(sa_column=text_column(key=True))
    empty_at: int = Field(sa_column=number_column(default=0))
    rests_from: int = Field(sa_column=number_column(default=0))
    rests_until: int = Field(sa_column=number_column(default=0))
    slow_until: int = Field(sa_column=number_column(default=0))
    share: int = Field(sa_column=small_column(100))
    bulk_until: int = Field(sa_column=number_column(default=0))
    trouble: str = Field(sa_column=text_column(default=""))
    reason: str = Field(sa_column=text_column(default=""))
    since: int = Field(sa_column=number_column(default=0))
    quality: str = Field(sa_column=text_column(default=""))
    most: int = Field(sa_column=number_column(default=0))
    day_full: int = Field(sa_column=small_column(0))


class TemplateStateRow(SQLModel, table=True):
    """What the platform last said of a template in a language: its status there, why, and until when it holds (0: until
    it says otherwise); what it has made its category, what it will make it (`becomes`) and when; what people make of it."""

    __tablename__ = "template_states"
    channel: str = Field(sa_column=text_column(key=True))
    name: str = Field(sa_column=text_column(key=True))
    language: str = Field(sa_column=text_column(key=True))
    status: str = Field(sa_column=text_column())
    reason: str = Field(sa_column=text_column(default=""))
    until: int = Field(sa_column=number_column(default=0))
    category: str = Field(sa_column=text_column(default=""))
    becomes: str = Field(sa_column=text_column(default=""))
    becomes_at: int = Field(sa_column=number_column(default=0))
    quality: str = Field(sa_column=text_column(default=""))
    at: int = Field(sa_column=number_column())


class MediaUploadRow(SQLModel, table=True):
    """A file of media/ that an account of ours holds: the platform's id of it, and when that is of no use any more."""

    __tablename__ = "media_uploads"
    account: str = Field(sa_column=text_column(key=True))
    digest: str = Field(sa_column=text_column(key=True))
    kind: str = Field(sa_column=text_column(key=True))
    external_id: str = Field(sa_column=text_column())
    uploaded_at: int = Field(sa_column=number_column())
    expires_at: int = Field(sa_column=number_column())


class FrontRow(SQLModel, table=True):
    """What we have put up on a channel before a conversation (JSON): only that is taken away when nobody declares it any more."""

    __tablename__ = "fronts"
    channel: str = Field(sa_column=text_column(key=True))
    shown: str = Field(sa_column=text_column())
    at: int = Field(sa_column=number_column())


class AccountTokenRow(SQLModel, table=True):
    """A token of ours that the platform renewed, sealed with the installation's key. `origin` is the digest of the one in
    bot.yaml that it came from."""

    __tablename__ = "account_tokens"
    channel: str = Field(sa_column=text_column(key=True))
    sealed: str = Field(sa_column=text_column())
    origin: str = Field(sa_column=text_column())
    renewed_at: int = Field(sa_column=number_column())
    expires_at: int = Field(sa_column=number_column())
