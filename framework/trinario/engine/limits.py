"""Every bound of the machine, by name."""

from datetime import timedelta

STEPS_A_TURN = 100
"""Steps that one turn may go through."""

FOLLOWING_FLOWS = 20
"""Flows that may begin one after another (`start`, the bot's handlers) while one event is answered."""

SILENT_MESSAGES = 50
"""Messages that a session may say while the person writes nothing."""

EVENT_HOPS = 20
"""Flows and events that may lead to each other, each because of the one before, while she writes nothing."""

NESTED_CALLS = 20
"""Flows that may wait for the flow they called."""

LOOP_ITEMS = 100
"""Rounds that an author may allow a `foreach`."""

LOOP_CHARACTERS = 50_000
"""About how large the list may be that a `foreach` keeps while it goes round."""

PROMPTS_KEPT = 20
"""Earlier questions a session remembers, for taps that come late and for `back`."""

PAYLOAD_BYTES = 64
"""Longest payload that every channel hands back whole."""

SESSION_ID_BYTES = 48
"""Longest id of a session, so that `id/number/index` stays within a payload."""

EXPIRES = timedelta(days=3)
"""Silence after which an unanswered question ends its session, where a flow says nothing else."""

SWITCH_EXPIRES = timedelta(days=1)
"""How long a link to another channel holds, where the step says nothing else."""

SWITCH_AGAIN = timedelta(minutes=1)
"""What she writes meanwhile gets the link again, but not more often."""

TYPO_LETTERS = 5
"""Shortest title that is still recognised with one typing error."""

ANSWER_CHARACTERS = 10_000
"""Longest text that is kept as an answer."""

BURST_PARTS = 20
"""Messages that one burst may collect before it is taken as it is."""

CODE_EXPIRES = timedelta(minutes=10)
"""How long a one-time code means anything, where the step says nothing else."""

CALL_MARGIN = timedelta(seconds=60)
"""How much longer than all its tries a call to the outside is waited for: it may stand in a queue."""

BACK_OFF_MOST = 10.0
"""Seconds that lie at most between two tries of a call to the outside."""

CARDS_A_MESSAGE = 50
"""Cards that data may make in one message; further items are left out."""

PRODUCTS_A_MESSAGE = 200
"""Products that one message may name; further ones are left out."""

OFFERS_KEPT = 4096
"""Questions of one flow, by language, whose choices are kept ready."""

MARKS_KEPT = 500
"""Things that were done once for a contact (`once:`) and are remembered; the oldest are forgotten."""

MARK_BYTES = 120
"""Longest name of such a memory; a longer one is kept as a digest."""

INDEXES_KEPT = 8
"""Bots whose triggers stay indexed in one process."""

TEMPLATE_BODY, TEMPLATE_HEADER, TEMPLATE_CARD, TEMPLATE_OFFER = 1024, 60, 160, 600
"""Characters of a template's body, header, card, and body with an offer, with the values in their places (4.1)."""
