"""The tables, and nothing but: SQLModel declares, the other files speak SQL to them. Times are epoch milliseconds."""

from sqlmodel import SQLModel

from trinario.store.tables.beside import (
    CallRow,
    ConsentRow,
    DrawTicketRow,
    EnrolmentRow,
    LinkGuessRow,
    LinkTokenRow,
    NoticeRow,
    OccurrenceRow,
    PhoneCodeRow,
    ReckoningRow,
)
from trinario.store.tables.campaigns import (
    CampaignPlanRow,
    CampaignRow,
    CampaignSlotRow,
    DrawRow,
    RecipientRow,
    ShortLinkRow,
)
from trinario.store.tables.conversation import (
    ContactRow,
    EventRow,
    IdentityRow,
    InboxRow,
    MessageRow,
    OutboxRow,
    ReceiptRow,
    SessionRow,
    TicketRow,
    TimerRow,
)
from trinario.store.tables.hooks import WebhookDeliveryRow, WebhookEndpointRow
from trinario.store.tables.media import MediaRow
from trinario.store.tables.merges import KnownByRow, MergedRowRow, MergeRow, SuggestionRow
from trinario.store.tables.passages import PassageRow
from trinario.store.tables.privacy import ErasureRow, TombstoneRow
from trinario.store.tables.standing import (
    AccountTokenRow,
    DeploymentRow,
    FlowRevisionRow,
    FrontRow,
    MediaUploadRow,
    PaceRow,
    TemplateStateRow,
)

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "AccountTokenRow",
    "CallRow",
    "CampaignPlanRow",
    "CampaignRow",
    "CampaignSlotRow",
    "ConsentRow",
    "ContactRow",
    "DeploymentRow",
    "DrawRow",
    "DrawTicketRow",
    "EnrolmentRow",
    "ErasureRow",
    "EventRow",
    "FlowRevisionRow",
    "FrontRow",
    "IdentityRow",
    "InboxRow",
    "KnownByRow",
    "LinkGuessRow",
    "LinkTokenRow",
    "MediaRow",
    "MediaUploadRow",
    "MergeRow",
    "MergedRowRow",
    "MessageRow",
    "NoticeRow",
    "OccurrenceRow",
    "OutboxRow",
    "PaceRow",
    "PassageRow",
    "PhoneCodeRow",
    "ReceiptRow",
    "RecipientRow",
    "ReckoningRow",
    "SessionRow",
    "ShortLinkRow",
    "SuggestionRow",
    "TemplateStateRow",
    "TicketRow",
    "TimerRow",
    "TombstoneRow",
    "WebhookDeliveryRow",
    "WebhookEndpointRow",
]
