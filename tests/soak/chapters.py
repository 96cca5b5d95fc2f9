"""Conversations as they often go, so that more comes of what is done at random before and after them."""

FOLLOW, PASS_ON = "(follows her link)", "(somebody else follows it)"
WORD = "(a word of hers)"
TAP = "(taps the last thing that can be tapped)"
BEFORE = "(taps an option of the question before the last of two options)"
OTHER = "(the other one)"
JOIN, PART = "(the team joins the two)", "(the team parts them)"
UNSENT = "(the process dies before it answers) "
LATE = "(nothing is told back)"
DIES = "(an hour passes, and the process dies saying what is due)"
MINUTES = " minutes pass"

Chapter = tuple[str, ...]
"""What she writes, in order; words in brackets are deeds, `400 minutes pass` is time."""

CHAPTERS: dict[str, Chapter] = {
    "link": ("garden", "Red", WORD),
    "link, nothing known": ("garden", "Green"),
    "tapped late": ("garden", "Red", TAP),
    "tapped late, when the next is asked": ("table", "Friday", BEFORE, TAP),
    "linked": ("garden", "Blue", WORD, FOLLOW, "yes"),
    "linked at once": ("garden", "Green", FOLLOW),
    "linked and undone": ("garden", "Green", FOLLOW, "unlink"),
    "linked, written, undone": ("garden", "Blue", WORD, FOLLOW, "yes", "table", "unlink"),
    "declined": ("garden", "Blue", WORD, FOLLOW, "no"),
    "passed on": ("garden", "Red", WORD, PASS_ON),
    "passed on, nothing known": ("garden", "Green", PASS_ON),
    "too late": ("garden", "Green", "400" + MINUTES, FOLLOW, "yes"),
    "news": ("news", "yes"),
    "news for a while": ("news", "yes", "125" + MINUTES),
    "news, and the process dies": ("news", "yes", LATE, DIES, "5" + MINUTES),
    "back to news": ("stop", "start"),
    "no news": ("hello", "stop"),
    "no news while one": ("news", "yes", OTHER, "hello", JOIN, "stop", PART),
    "news while one": ("hello", OTHER, "hello", JOIN, "news", "yes", PART),
    "news back while one": ("no", OTHER, "stop", JOIN, "start", PART),
    "waits while one": ("garden", OTHER, "table", JOIN, UNSENT + "Red", PART, "5" + MINUTES),
    "booking": ("table", "Friday", "Noon"),
    "person": ("person",),
    "person, and she writes on": ("person", "table", WORD),
}
