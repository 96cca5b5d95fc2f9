"""What WhatsApp can carry (meta.md 4.1) and how it paces (meta.md 6)."""

from trinario.model.channel import Limits, Pace, Window

LIMITS = Limits(
    text=4096,
    text_unit="chars",
    caption=1024,
    choice_text=1024,  # of reply buttons; a list could hold 4096
    buttons=3,
    button_title=20,
    list_rows=10,
    list_title=24,
    list_description=72,
    list_button=20,
    quick_replies=0,
    quick_reply_title=0,
    links=1,  # cta_url
    link_title=20,
    link_text=1024,
    payload_bytes=200,  # of a list row; a button has 256
    media=frozenset({"image", "video", "audio", "document", "sticker"}),
    captioned=frozenset({"image", "video", "document"}),
    receipts=frozenset({"sent", "delivered", "read", "failed"}),
    link_media=frozenset({"image", "video", "document"}),  # headers of cta_url
    cards=10,  # of an interactive carousel
    cards_least=2,
    card_text=160,
    card_lines=3,  # two line breaks
    card_links=1,
    locations=True,
    contacts=True,
    templates="whatsapp",
    uploads=True,
    pace=Pace(person=6.0, burst=45),  # the pair limit (6)
    files={
        "image": (5_000_000, frozenset({"jpg", "jpeg", "png"})),
        "video": (16_000_000, frozenset({"mp4", "3gp"})),
        "audio": (16_000_000, frozenset({"aac", "amr", "mp3", "m4a", "ogg"})),
        "document": (100_000_000, frozenset()),
        "sticker": (500_000, frozenset({"webp"})),
    },
    requests=frozenset({"location", "phone"}),
    form_button=20,  # WhatsApp advises 30 at most, and shows 20
    products=30,
    shelves=10,
    shelf_title=24,
    frame=60,  # header and footer
    arrivals=frozenset({"ad", "ice_breaker", "form", "order", "product", "reaction", "edited", "deleted"}),
)
WINDOW = Window()  # 24 hours (5.1); templates alone reach further
LARGEST_FILE = 100 * 1024 * 1024
"""Bytes of a file that people may send; of a larger one only error 131052 comes (4.1)."""

UPLOADS_KEPT = 30 * 86_400.0  # seconds that an uploaded file is kept (3A.7)
PACE = 80.0  # messages a second and number (6)
CORRELATION_LENGTH = 512  # of biz_opaque_callback_data
