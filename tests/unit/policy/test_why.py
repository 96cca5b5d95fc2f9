"""Why a message went or not, in sentences."""

from datetime import UTC, datetime

from trinario.policy.verdict import Asked
from trinario.policy.why import Sending, packed, reason, sentences, unpacked

MORNING = datetime(2026, 5, 2, 7, tzinfo=UTC)


def test_a_plain_one() -> None:
    assert sentences(Sending("messenger", "read", "service", "hello.hi")) == [
        "The step hello.hi said it: a service message, for which neither permission nor the hour is asked.",
        "It went on messenger: read.",
        "messenger was the first channel of the delivery order, and could take it: no other was asked.",
    ]
    assert packed(()) == "" and unpacked(None) == ()


def test_one_that_went_elsewhere() -> None:
    walk = (Asked("whatsapp", "refuse", "window_closed", "the window of whatsapp is shut"), Asked("messenger", "allow"))
    told = sentences(Sending("messenger", "accepted", "marketing", "sale.offer", pushed=True, walk=walk))
    assert told[0].endswith("so permission, quiet hours and caps were asked.")
    assert told[2:] == [
        "whatsapp could not take it: the window of whatsapp is shut.",
        "messenger could take it: no other was asked after it.",
    ]


def test_one_that_waits() -> None:
    walk = (Asked("messenger", "defer", "quiet_hours", "it is quiet where she is until 2026-05-02 09:00", MORNING),)
    waiting = Sending(
        "messenger", "pending", "marketing", "sale.offer", pushed=True, refusal="quiet_hours", until=MORNING, walk=walk
    )
    assert (
        "It waits to go on messenger until 2026-05-02 07:00 UTC: it is quiet where she is until 2026-05-02 09:00."
        in sentences(waiting)[1]
    )
    again = Sending("messenger", "pending", "service", refusal="pace", until=MORNING)
    assert sentences(again)[0].startswith("The bot said it in its own words")
    assert "gets no more just now" in sentences(again)[1]


def test_the_ends() -> None:
    def end(status: str, **more: object) -> str:
        return sentences(Sending("messenger", status, "marketing", "sale.offer", **more))[1]  # type: ignore[arg-type]

    assert (
        end("refused", refusal="cap", detail="she gets 1 in 1d at most") == "It was not sent: she gets 1 in 1d at most."
    )
    assert end("failed", refusal="551") == "It was handed to messenger, and failed: code 551."
    assert "taken back" in end("withdrawn") and "about to go" in end("pending") and "not known" in end("unknown")
    assert (
        sentences(Sending("", "refused", "service", "a.b", refusal="no_identity", detail="x"))[-1]
        == "It was not sent: x."
    )
    assert sentences(Sending("messenger", "read", "service", human=True))[0] == "A person of the team wrote it."
    assert reason("") == "nobody said why"
