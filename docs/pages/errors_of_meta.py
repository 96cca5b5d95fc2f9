"""The reference page of the platforms' error codes: what each says, and what follows from it."""

from collections.abc import Iterator

from trinario.channels.graph.failure_words import PAGE, WHATSAPP
from trinario.channels.graph.failures import page_failure, whatsapp_failure
from trinario.jobs.account import LONGEST, SHORTEST
from trinario.jobs.failed import TRIES
from trinario.jobs.world import Tuning
from trinario.model.failure import Action, Failure

Row = tuple[str, str, str, str]

FOLLOWS = {
    Action.RETRY: "the same message again, later and later",
    Action.SLOW: "the same message again, when there is room",
    Action.TEMPLATE: "the message has failed: a template, or another channel, could go",
    Action.DROP: "the message has failed; nothing else",
    Action.UNREACHABLE: "the message has failed; she is marked unreachable on this channel until she writes",
    Action.OPTOUT: "the message has failed; her marketing permission on this channel is withdrawn in the ledger",
    Action.TOKEN: "the channel stands still until the token is good; its messages wait, operators are told",
    Action.ACCOUNT: "the channel stands still when two people have met it; its messages wait, operators are told",
    Action.FIX: "the message has failed: the bot, a template or a setting has to be mended",
}
"""What follows from an action."""


def errors_of_meta() -> Iterator[str]:
    """Every code with its meaning, the action, and the time it takes."""
    yield "# Errors of Meta"
    yield from _words()
    head = ("code", "what it says", "action", "what follows")
    yield from ("", "## WhatsApp", "")
    yield from _table(
        head, [_row(str(code), words, whatsapp_failure(code, "")) for code, words in sorted(WHATSAPP.items())]
    )
    yield from ("", "## Messenger and Instagram", "")
    rows = [
        _row(f"{code}/{sub}" if sub else str(code), words, page_failure(code, sub, ""))
        for (code, sub), words in sorted(PAGE.items())
    ]
    yield from _table(head, rows)


def _words() -> Iterator[str]:
    tries = Tuning().attempts
    yield (
        "What the platforms answer when they do not take a message, or do not deliver one that they took, and what the bot does"
        " about it. The code stands as `refusal` in the thread of a contact and as a label of the metric `trinario_failures`."
    )
    yield ""
    yield (
        f"- A message is tried {tries} times in all, and one that failed after it was taken {TRIES} times; waiting with its"
        " channel, its template or other marketing is no try. A failure that is told twice counts once."
    )
    yield (
        f"- A channel in trouble rests for {SHORTEST.seconds} seconds at first and for {LONGEST.seconds // 60} minutes at last;"
        " in between one message tries. What stands still shows in `/readyz` (`channels`), as the metric"
        " `trinario_channel_trouble`, in the log, in `trinario doctor`, and as `channel_trouble` and `channel_well` in the"
        " table of events."
    )
    yield (
        "- `X-App-Usage` and `X-Business-Use-Case-Usage` are obeyed: from 80 percent on the channel sends at half of its pace and"
        " less, at 100 it rests for as long as they say, a minute at least. The metric is `trinario_graph_usage`."
    )
    yield "- Codes that no table knows are mended by somebody (`fix`), unless the answer calls them transient."


def _row(code: str, words: str, failure: Failure) -> Row:
    return code, words, str(failure.action), _follows(failure)


def _follows(failure: Failure) -> str:
    wait = f" after {_span(failure.after)}" if failure.after else ""
    match failure.holds:
        case "bulk":
            return f"marketing of the channel waits{wait and wait.replace(' after', '')}; answers still go; operators find it in the events"
        case "template" if failure.action == Action.RETRY:
            return f"every message with this template waits{wait.replace(' after', '')}, or until the platform says that it is good"
        case "template":
            return "this message and every other with this template is refused until the platform says otherwise"
        case "file":
            return "the file is handed in anew, and the message tried once more"
        case "channel" if failure.action not in (Action.TOKEN, Action.ACCOUNT):
            return f"all of the channel waits{wait.replace(' after', '')}, then goes on"
    if failure.code == 131056:
        return "the same message again after 1, 4, 16, 64 ... seconds; other people are not held up"
    return FOLLOWS[Action(failure.action)] + (wait if failure.action in (Action.RETRY, Action.SLOW) else "")


def _span(seconds: float | None) -> str:
    whole = round(seconds or 0)
    for size, name in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if whole >= size and whole % size == 0:
            return f"{whole // size} {name}{'s' if whole > size else ''}"
    return f"{whole} seconds"


def _table(head: Row, rows: list[Row]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    yield from ("| " + " | ".join(row) + " |" for row in rows)
