"""What Telegram can carry and how it paces (meta.md 12.1; texts and captions are counted in UTF-16 units)."""

from trinario.model.channel import UNSHUT, Limits, Pace, Window

LIMITS = Limits(
    text=4096,
    text_unit="utf16",
    caption=1024,
    choice_text=4096,
    buttons=100,  # of one inline keyboard
    button_title=64,  # Telegram names no limit; longer ones are cut on every phone
    list_rows=0,
    list_title=0,
    list_description=0,
    list_button=0,
    quick_replies=0,
    quick_reply_title=0,
    links=100,
    link_title=64,
    link_text=2048,  # code points: never more than 4096 units
    payload_bytes=64,  # of callback_data
    media=frozenset({"image", "video", "audio", "document", "sticker"}),
    captioned=frozenset({"image", "video", "audio", "document"}),
    receipts=frozenset(),
    link_media=frozenset({"image", "video", "audio", "document"}),
    locations=True,
    contacts=True,
    files={  # of files that Telegram fetches by their address
        "image": (5_000_000, frozenset({"jpg", "jpeg", "png", "webp"})),
        "video": (20_000_000, frozenset({"mp4"})),
        "audio": (20_000_000, frozenset({"mp3", "m4a", "ogg", "oga"})),
        "document": (20_000_000, frozenset({"pdf", "zip", "gif"})),
        "sticker": (20_000_000, frozenset({"webp"})),
    },
    uploads=True,
    pace=Pace(person=1.0, burst=10),  # one a second to one chat; a few more at once are let through
    arrivals=frozenset({"referral", "get_started", "menu", "reaction", "edited"}),
)
WINDOW = Window(free=UNSHUT)  # she writes first; after that there is no window
PACE = 30.0  # messages a second over all chats
UPLOADS_KEPT = 365 * 86_400.0  # seconds that we trust the id of a file; Telegram names no end
LONGEST_START = 64  # characters of what a link brings
LARGEST_FILE = 20_000_000  # bytes of a file that bots may fetch (12.1)
