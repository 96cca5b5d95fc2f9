"""What Messenger can carry (meta.md 4.2) and how it paces (meta.md 6)."""

from trinario.model.channel import Limits, Pace, Window

LIMITS = Limits(
    text=1999,  # "less than 2000" (15, point 17)
    text_unit="chars",
    caption=0,
    choice_text=1999,
    buttons=0,  # quick replies carry choices; buttons carry links
    button_title=20,
    list_rows=0,
    list_title=0,
    list_description=0,
    list_button=0,
    quick_replies=13,
    quick_reply_title=20,
    links=3,
    link_title=20,
    link_text=640,  # of the button template
    payload_bytes=1000,
    media=frozenset({"image", "video", "audio", "document"}),
    captioned=frozenset(),
    receipts=frozenset({"sent", "delivered", "read"}),
    cards=10,  # of the generic template
    card_title=80,
    card_subtitle=80,
    card_links=3,
    templates="messenger",  # utility messages (3B.6)
    uploads=True,
    feedback=True,  # the customer feedback template (3B.5)
    requests=frozenset({"phone", "email"}),  # quick replies of their own kind (3B.3)
    images=30,
    link_media=frozenset({"image", "video"}),  # of the media template, which has no words
    link_words=False,
    stickers=frozenset({"like"}),
    pace=Pace(heavy=10.0),  # audio and video a second (6)
    files={
        "image": (8_000_000, frozenset({"jpg", "jpeg", "png", "gif"})),
        "video": (25_000_000, frozenset()),
        "audio": (25_000_000, frozenset()),
        "document": (25_000_000, frozenset()),
        "sticker": (8_000_000, frozenset()),
    },
    arrivals=frozenset(
        {
            "referral",
            "get_started",
            "ad",
            "ice_breaker",
            "menu",
            "comment",
            "form",
            "order",
            "product",
            "reaction",
            "edited",
            "deleted",
        }
    ),
    comment=8000,
)
WINDOW = Window(human=7 * 24 * 3600, card=7 * 24 * 3600)  # HUMAN_AGENT, CUSTOMER_FEEDBACK (5.2)
PACE = 300.0  # calls a second and Page (6)
CORRELATION_LENGTH = 999  # of metadata
