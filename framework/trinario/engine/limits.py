"""Every bound of the machine, by name."""

from datetime import timedelta

STEPS_A_TURN = 100
"""Steps that one turn may go through."""

FOLLOWING_FLOWS = 20
"""Flows that may begin one after another (`start`, the bot's handlers) while one event is answered."""

SILENT_MESSAGES = 50
"""Messages that a session may say while the person writes nothing."""

NESTED_CALLS = 20
"""Flows that may wait for the flow they called."""

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

TYPO_LETTERS = 5
"""Shortest title that is still recognised with one typing error."""

ANSWER_CHARACTERS = 10_000
"""Longest text that is kept as an answer."""

BURST_PARTS = 20
"""Messages that one burst may collect before it is taken as it is."""

OFFERS_KEPT = 4096
"""Questions of one flow, by language, whose choices are kept ready."""

INDEXES_KEPT = 8
"""Bots whose triggers stay indexed in one process."""
