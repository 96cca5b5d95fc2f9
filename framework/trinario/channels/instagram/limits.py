"""What Instagram can carry (meta.md 4.3) and how it paces (meta.md 6)."""

from trinario.model.channel import Limits, Pace, Window

LIMITS = Limits(
    text=1000,
    text_unit="bytes",
    caption=0,
    choice_text=1000,  # bytes as well, since it is a text
    buttons=0,
    button_title=20,
    list_rows=0,
    list_title=0,
    list_description=0,
    list_button=0,
    quick_replies=13,
    quick_reply_title=20,
    links=3,
    link_title=20,
    link_text=640,
    payload_bytes=1000,
    media=frozenset({"image", "video", "audio", "document"}),
    captioned=frozenset(),
    receipts=frozenset({"sent", "read"}),
    cards=10,  # of the generic template
    card_title=80,
    card_subtitle=80,
    card_links=3,
    uploads=True,
    requests=frozenset({"phone"}),
    images=10,
    stickers=frozenset({"heart"}),
    posts=True,
    pace=Pace(heavy=10.0),  # audio and video a second (6)
    files={
        "image": (8_000_000, frozenset({"jpg", "jpeg", "png", "gif"})),
        "video": (25_000_000, frozenset({"mp4", "ogg", "avi", "mov", "webm"})),
        "audio": (25_000_000, frozenset({"aac", "m4a", "wav", "mp4"})),
        "document": (25_000_000, frozenset({"pdf"})),
        "sticker": (8_000_000, frozenset({"jpg", "jpeg", "png", "gif"})),  # it goes as an image
    },
    arrivals=frozenset(
        {
            "referral",
            "get_started",
            "ad",
            "ice_breaker",
            "menu",
            "comment",
            "story_reply",
            "story_mention",
            "form",
            "product",
            "reaction",
            "edited",
            "deleted",
        }
    ),
    comment=300,
)
WINDOW = Window(human=7 * 24 * 3600)  # HUMAN_AGENT, the only tag there (5.3)
PACE = 300.0  # calls a second and account (6)
