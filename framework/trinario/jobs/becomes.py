"""What becomes of everything that platforms tell: the words of the reference, by noun and by what she did."""

from collections.abc import Mapping

BECOMES: Mapping[str, str] = {
    "Receipt": "moves the message's fate up; flows begin by it (`message_status`), what waits for it goes on",
    "Echo": "ours if we said it; else a person of the team wrote: the bot steps back",
    "News": "an event of the history by this name; no contact moves; an account that is blocked stops its channel, a template that"
    " is paused holds its messages; what the team edits or takes back of ours (`team_edited`, `team_deleted`) is marked in her thread",
    "Handover": "an event; who is given to another app is owned by people until it comes back, or for a day",
    "Rekeyed": "the new ids take the place of the former; what waits goes there; contacts who are one are united",
    "Unsupported": "kept raw and counted (`trinario_unsupported_total`)",
}
"""Nouns of what comes in, all but messages."""

HEARD: Mapping[str, str] = {
    "text": "opens the window; answers, keywords, flows; with a product of the catalogue the trigger `product`",
    "tap": "opens the window; the option it was offered as, also later",
    "media": "opens the window; answers that take files",
    "get_started": "opens the window; the trigger `get_started`",
    "referral": "opens the window; the triggers `referral` and `ad`",
    "location": "opens the window; answers that take places",
    "contacts": "opens the window; a number given when asked becomes hers",
    "reaction": "opens the window; the trigger `reaction`; an answer only where a choice names the sign in `also`",
    "order": "opens the window; answers of the type `order`, the trigger `order`",
    "form": "opens the window; the trigger `form`",
    "edit": "stands in the thread beside the first words; the trigger `edited`; what it answered stays answered",
    "deleted": "its words and files are forgotten, in the thread and the inbox; the trigger `deleted`",
    "system": "stands in the thread; nothing moves",
    "optin": "kept; marketing stopped or resumed is in the ledger of permissions",
    "comment": "the trigger `comment`; no window opens",
    "other": "opens the window; an answer that is not understood",
}
"""Kinds of Heard."""

STANDBY = "stands in the thread and opens the window; nobody answers, since another app has her"
"""A Heard with `standby`, of whatever kind."""
