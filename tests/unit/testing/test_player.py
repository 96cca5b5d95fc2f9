"""What a talk holds the bot to: every kind of step, and every way in which a talk can fail."""

from collections.abc import Callable

import pytest

from trinario.testing.talk import Played

Play = Callable[[str], Played]


def marks(played: Played) -> list[tuple[str, str]]:
    return [(row.mark, row.text) for row in played.rows]


ASKED = 'steps: [{user: colour}, {bot: "Which colour?"}, '


def test_a_talk_as_written(talked: Play) -> None:
    played = talked(ASKED + "{tap: Red}, {bot: Thanks for Red!}]\nexpect: {fields.colour: Red, tags: [chooser]}")
    assert played.passed, played.failure
    assert [mark for mark, _ in marks(played)] == ["did", "said", "did", "said"]
    assert (
        "ask",
        (("colour", "answered"), ("tagged", "next"), ("thanks", "next"), ("thanks", "done")),
        "",
    ) in played.turns


def test_an_unlisted_message_fails_it(talked: Play) -> None:
    played = talked("steps: [{user: colour}, {user: red}]")
    assert played.failure == "the bot said something before this line that is not listed"
    assert marks(played)[-1] == ("unlisted", "Which colour? [Red | Blue]")


def test_an_unlisted_message_at_the_end_fails_it(talked: Play) -> None:
    assert "not listed" in talked("steps: [{user: colour}]").failure


def test_other_words_fail_it(talked: Play) -> None:
    played = talked('steps:\n  - user: colour\n  - bot: "Which size?"\n')
    assert played.failure == "the bot said something else: the words differ"
    assert played.line == 5
    assert marks(played)[1:] == [("missing", "Which size?"), ("unlisted", "Which colour? [Red | Blue]")]


def test_a_missing_message_fails_it(talked: Play) -> None:
    played = talked("steps: [{user: nudge}, {bot: [One, Two]}]")
    assert played.failure == "the bot did not say this"
    assert marks(played)[1:] == [("said", "One"), ("missing", "Two")]


@pytest.mark.parametrize(
    "said, why",
    [
        ("{choices: [Red, Green]}", "its choices are Red, Blue, not Red, Green"),
        ("{choices: [Blue, Red]}", "its choices are Red, Blue, not Blue, Red"),
        ("{contains: size}", "it does not contain 'size'"),
        ('{matches: "^colour"}', "it does not match ^colour"),
        ("{channel: instagram}", "it is said on wa, not on instagram"),
        ("{image: box}", "it is no image from box"),
        ("{links: [Track]}", "its links are none, not Track"),
    ],
)
def test_every_part_of_a_message_counts(talked: Play, said: str, why: str) -> None:
    assert talked(f"steps: [{{user: colour}}, {{bot: {said}}}]").failure == f"the bot said something else: {why}"


def test_nothing_means_nothing(talked: Play) -> None:
    assert talked("steps: [{user: nudge}, {bot: One}, {after: 1h}, {bot: nothing}]").passed
    assert not talked("steps: [{user: nudge}, {bot: nothing}]").passed


def test_a_choice_that_is_not_shown_cannot_be_tapped(talked: Play) -> None:
    assert talked(ASKED + "{tap: Green}]").failure == 'wa shows no choice "Green": there are Red, Blue'
    assert talked("steps: [{tap: Green}]").failure == 'wa shows no choice "Green": there is nothing to tap'


def test_an_older_copy_of_a_choice_can_be_tapped(talked: Play) -> None:
    steps = "{user: green}, {bot: {choices: [Red, Blue]}}, {tap: Blue, back: 1}, {bot: Thanks for Blue!}]"
    assert talked(ASKED + steps).passed


def test_there_must_be_a_link_to_follow(talked: Play) -> None:
    assert talked("steps: [{follow: link}]").failure == "there is no link to follow: the bot showed none"
    assert "no link to instagram" in talked("steps: [{follow: instagram}]").failure


def test_time_moves_only_when_told(talked: Play) -> None:
    played = talked("""
        at: 2026-03-28T10:00Z
        steps:
          - {user: nudge}
          - {bot: One}
          - {after: 119m}
          - {bot: nothing}
          - {at: 2026-03-28T12:00Z}
          - {bot: Two}
        """)
    assert played.passed, played.failure


def test_a_date_that_is_known_before_the_talk_begins_a_flow_in_it(talked: Play) -> None:
    known = 'contact: {channels: [wa], fields: {visit: "2026-03-03T20:00"}}\n'
    played = talked(known + "steps: [{after: 8h}, {bot: nothing}, {after: 1h}, {bot: See you tomorrow!}]")
    assert played.passed, played.failure


def test_time_does_not_go_back(talked: Play) -> None:
    assert "time does not go back" in talked("at: 2026-03-28T10:00Z\nsteps: [{at: 2026-03-28T09:00Z}]").failure


def test_what_policy_refuses_is_seen(talked: Play) -> None:
    played = talked(
        "steps: [{user: nudge}, {bot: One}, {after: 2h}, {bot: Two}, {after: 30h}, {start: late}, {bot: nothing}]\n"
        "expect: {refused: [window_closed], session: done}"
    )
    assert played.passed, played.failure


def test_an_event_begins_a_flow_once(talked: Play) -> None:
    played = talked("""
        channel: messenger
        contact: {first_name: Ana, channels: [messenger]}
        steps:
          - event: order.paid
            data: {order: "007"}
            id: e1
          - bot:
              - Order 007 is paid.
              - {image: box.jpg}
              - Your box
              - {text: "Where is it?", links: [Track]}
          - event: order.paid
            data: {order: "007"}
            id: e1
          - bot: nothing
        expect: {sessions: 1}
        """)
    assert played.passed, played.failure


def test_a_flow_is_started(talked: Play) -> None:
    assert talked('contact: {channels: [wa]}\nsteps: [{start: ask}, {bot: "Which colour?"}]').passed


def test_the_same_webhook_again(talked: Play) -> None:
    assert talked("steps: [{user: nudge}, {bot: One}, again, {bot: nothing}]").passed
    assert "no webhook yet" in talked("steps: [again]").failure


def test_expectations_that_do_not_hold_are_all_told(talked: Play) -> None:
    played = talked(
        ASKED + "{user: blue}, {bot: Thanks for Blue!}]\nexpect: {fields.colour: Red, tags: [], session: waiting}"
    )
    assert played.failure.splitlines() == [
        "fields.colour is Blue, not Red", "tags is [chooser], not []", "session is done, not waiting",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wanted",
    [
        "{session: waiting, flow: ask, step: colour, owner: bot, channel: wa, identities: 1, contacts: 1, sessions: 1}",
        "{identities: [wa], sessions: [ask], tickets: 0, goals: [], refused: [], fields.colour: null, answers.colour: null}",
        "{contact.first_name: Ana, contact.name: Ana Rossi, contact.language: it, fields.size: 42, tags: [vip, new]}",
    ],
)
def test_everything_can_be_looked_at(talked: Play, wanted: str) -> None:
    known = "{first_name: Ana, last_name: Rossi, language: it, fields: {size: 42}, tags: [new, vip]}"
    played = talked(f"contact: {known}\n{ASKED}{{expect: {wanted}}}]")
    assert played.passed, played.failure


def test_nothing_is_known_of_who_never_wrote(talked: Play) -> None:
    assert talked("steps: [{expect: {contacts: 0, session: none, tags: [], owner: null, fields.colour: null}}]").passed


def test_a_stranger_is_somebody_else(talked: Play) -> None:
    played = talked(
        'steps: [{user: colour}, {bot: "Which colour?"}, {stranger: Bea, phone: instagram}, {user: colour}, '
        '{bot: {text: "Which colour?", channel: instagram}}, {tap: Red}, {bot: Thanks for Red!, to: contact}]\n'
        "expect: {contacts: 2}"
    )
    assert played.passed, played.failure


def test_what_is_said_to_a_stranger_is_not_said_to_her(talked: Play) -> None:
    played = talked('steps: [stranger, {user: colour}, {bot: "Which colour?", to: contact}]')
    assert not played.passed
    assert [row.who for row in played.rows[1:]] == ["bot", "bot to stranger"]


def test_the_team_in_the_app_and_at_the_desk(talked: Play) -> None:
    for via in ("app", "desk"):
        for channel in ("wa", "messenger", "instagram"):
            played = talked(
                f"channel: {channel}\n{ASKED}{{team: Carla here, via: {via}}}, {{user: red}}, {{bot: nothing}}]\n"
                "expect: {owner: person}"
            )
            assert played.passed, (via, channel, played.failure)


def test_a_reply_from_the_desk_that_cannot_go_fails(talked: Play) -> None:
    assert "window_closed" in talked("contact: {first_name: Ana}\nsteps: [{team: Hi, via: desk}]").failure


@pytest.mark.parametrize("status", ["sent", "delivered", "read", "failed"])
def test_the_platform_tells_a_fate(talked: Play, status: str) -> None:
    assert talked(ASKED + f"{{status: {status}}}, {{bot: nothing}}]").passed


def test_a_fate_that_a_platform_does_not_tell(talked: Play) -> None:
    assert talked(f"channel: messenger\n{ASKED}{{status: failed}}]").failure == "messenger does not tell `failed`"
    assert "has said nothing yet" in talked("steps: [{status: sent}]").failure


def test_a_file_and_a_reply_to_a_message(talked: Play) -> None:
    steps = (
        "{media: image, caption: red}, {bot: {choices: [Red, Blue]}}, {user: red, reply_to: 1}, {bot: Thanks for Red!}]"
    )
    assert talked(ASKED + steps).passed
    assert "no message so many back" in talked("steps: [{user: red, reply_to: 1}]").failure


def test_refs_do_not_reach_whatsapp(talked: Play) -> None:
    assert "WhatsApp has no refs" in talked("steps: [{ref: spring}]").failure


def test_a_fault_in_a_flow_is_told(talked: Play) -> None:
    played = talked("steps: [{user: broken}, {bot: {contains: went wrong}}]\nexpect: {session: failed}")
    assert played.passed, played.failure
    assert any(row.mark == "note" and row.text.startswith("broken.bad: ") for row in played.rows)
