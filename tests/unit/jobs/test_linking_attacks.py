"""Attacks on links between channels, each by its name: what whoever tries it gets, and what stays as it was."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest

from tests.unit.jobs.linking import AT, DEMO, GREETING, SIZE, TOLD, Links
from trinario.jobs.token import ALPHABET, candidates, hash_of, make_code, plain_code
from trinario.model.channel import Identity
from trinario.model.heard import Heard
from trinario.runtime.chance import SecretChance
from trinario.testing import webhooks
from trinario.testing.people import Person

CHANCE = SecretChance(b"k" * 32)


def play(scene: Callable[[Links], Awaitable[None]]) -> None:
    """Plays a scene that begins with the link on Ana's phone."""

    async def whole() -> None:
        await scene(await Links().offered())

    asyncio.run(whole())


def test_the_link_itself_joins_and_both_sides_are_told() -> None:
    async def scene(links: Links) -> None:
        assert await links.says(links.ana, "whatsapp", f"Hello! {links.code}") == [SIZE]
        assert links.said(links.ana, "instagram")[-1].endswith(TOLD)
        assert "+39 … " in links.said(links.ana, "instagram")[-1]
        assert links.ana.ids["whatsapp"] not in links.said(links.ana, "instagram")[-1]
        assert links.contact(links.ana, "whatsapp") == links.contact(links.ana, "instagram")
        (merged,) = links.events("contacts_merged")
        assert merged["by"] == "token"
        assert merged["evidence"]["identity"] == links.ana.ids["whatsapp"]
        assert links.count("link_tokens WHERE used_at IS NULL") == 0

    play(scene)


def test_second_use_makes_a_separate_contact_and_is_in_the_log() -> None:
    async def scene(links: Links) -> None:
        await links.says(links.ana, "whatsapp", links.code)
        assert (await links.says(links.eve, "whatsapp", f"hello {links.code}"))[0] != SIZE
        assert links.contact(links.eve, "whatsapp") != links.contact(links.ana, "instagram")
        assert [one["reason"] for one in links.events("link_refused")] == ["used"]

    play(scene)


def test_expired() -> None:
    async def scene(links: Links) -> None:
        links.clock.move(links.clock.now() + timedelta(days=1))
        await links.says(links.ana, "whatsapp", links.code)
        assert links.contact(links.ana, "whatsapp") != links.contact(links.ana, "instagram")
        assert [one["reason"] for one in links.events("link_refused")] == ["expired"]

    play(scene)


def test_raced_by_two_phones_in_one_batch_exactly_one_wins() -> None:
    async def scene(links: Links) -> None:
        for who in (links.eve, links.ana):
            body = _text(links, who, links.code)
            await links.machine.hear(body, "whatsapp")
        await links.machine.work()
        hers = links.contact(links.ana, "instagram")
        assert sum(links.contact(who, "whatsapp") == hers for who in (links.ana, links.eve)) == 1
        assert links.count("events WHERE name = 'identity_linked'") == 1

    play(scene)


def _text(links: Links, who: Person, text: str) -> bytes:
    return webhooks.writes(links.cast.line(who, "whatsapp"), links.cast.ids.next("whatsapp"), links.clock.now(), text)


def test_replayed_webhook_moves_once() -> None:
    async def scene(links: Links) -> None:
        body = _text(links, links.ana, links.code)
        assert await links.does(links.ana, "whatsapp", body) == [SIZE]
        for _ in range(3):
            assert await links.does(links.ana, "whatsapp", body) == []
        assert links.count("merges") == 1

    play(scene)


def test_token_of_another_bot_is_an_ordinary_message() -> None:
    async def scene(links: Links) -> None:
        theirs = make_code(SecretChance(b"another installation's key ......"), "i3.1/3/whatsapp")
        said = await links.says(links.eve, "whatsapp", f"hello {theirs}")
        assert SIZE not in said
        assert links.count("link_guesses") == 1
        assert links.count("link_tokens WHERE used_at IS NOT NULL") == 0

    play(scene)


def test_her_own_token_on_the_channel_it_was_issued_on_is_no_use_of_it() -> None:
    async def scene(links: Links) -> None:
        said = await links.says(links.ana, "instagram", f"what is {links.code}?")
        assert len(said) == 1
        assert [one["reason"] for one in links.events("link_refused")] == ["other_channel"]
        assert await links.says(links.ana, "whatsapp", links.code) == [SIZE]

    play(scene)


@pytest.mark.parametrize("mark", ["forwarded", "frequently_forwarded"])
def test_a_forwarded_message_is_asked_about_whatever_the_author_says(mark: str) -> None:
    async def scene(links: Links) -> None:
        links.machine.rows("UPDATE link_tokens SET confirm = 0 RETURNING hash")
        links.machine.rows("UPDATE contacts SET first_name = 'Anastasia' RETURNING id")
        (asked,) = await links.says(links.eve, "whatsapp", f"look: {links.code}", **{mark: True})
        assert "A***" in asked
        assert "Anastasia" not in asked
        assert links.contact(links.eve, "whatsapp") != links.contact(links.ana, "instagram")
        (answer,) = await links.says(links.eve, "whatsapp", "no")
        assert answer.startswith("All right, nothing was joined.")
        assert links.count("merges") == 0
        assert not any("Anastasia" in text for text in links.said(links.eve, "whatsapp"))

    play(scene)


def test_a_quoted_message_is_no_forwarded_one() -> None:
    async def scene(links: Links) -> None:
        assert await links.says(links.ana, "whatsapp", links.code, **{"id": "wamid.quoted", "from": "1"}) == [SIZE]

    play(scene)


def test_the_asked_person_says_something_else_and_nothing_is_linked() -> None:
    async def scene(links: Links) -> None:
        links.machine.rows("UPDATE contacts SET first_name = 'Ana' RETURNING id")
        first = await links.says(links.eve, "whatsapp", links.code)
        assert await links.says(links.eve, "whatsapp", "who is that?") == first
        assert GREETING in (await links.says(links.eve, "whatsapp", "hello"))[-1]
        assert links.count("merges") == 0
        assert links.count("link_tokens WHERE used_at IS NOT NULL") == 0
        assert await links.says(links.ana, "whatsapp", links.code) == first
        assert await links.says(links.ana, "whatsapp", "Yes!") == [SIZE]

    play(scene)


def test_an_answer_that_tells_how_she_is_reached_is_asked_about_though_no_field_holds_it(tmp_path: Path) -> None:
    async def scene() -> None:
        for part in ("bots", "flows"):
            copytree(DEMO.parents[1] / part, tmp_path / part)
        flow = tmp_path / "flows/welcome.yaml"
        flow.write_text(flow.read_text("utf-8").replace("type: name", "type: email"), "utf-8")
        links = Links(tmp_path / "bots/demo")
        for text in ("hello", "ana@example.com", "Red"):
            await links.says(links.ana, "instagram", text)
        (asked,) = await links.says(links.eve, "whatsapp", links.newest_code())
        assert asked == "Go on here with the conversation of *** that began in Instagram?"
        await links.says(links.eve, "whatsapp", "no")
        assert links.count("merges") == 0
        assert not any("ana@example.com" in text for text in links.said(links.eve, "whatsapp"))

    asyncio.run(scene())


@pytest.mark.parametrize(("typed", "shown"), [("Ana", ""), ("Anastasia Rossi", "A***")])
def test_a_whole_name_that_she_has_typed_is_asked_about_and_a_first_name_is_not(typed: str, shown: str) -> None:
    async def whole() -> None:
        links = Links()
        for text in ("hello", typed, "Red"):
            await links.says(links.ana, "instagram", text)
        (said,) = await links.says(links.eve, "whatsapp", links.newest_code())
        assert said == (f"Go on here with the conversation of {shown} that began in Instagram?" if shown else SIZE)
        assert links.count("merges") == (0 if shown else 1)
        assert "Rossi" not in said

    asyncio.run(whole())


@pytest.mark.parametrize("keeps", ["save", "set"])
def test_a_first_name_that_a_flow_keeps_in_a_field_is_asked_about_whatever_the_type_of_the_field(
    tmp_path: Path, keeps: str
) -> None:
    async def scene() -> None:
        for part in ("bots", "flows"):
            copytree(DEMO.parents[1] / part, tmp_path / part)
        bot, flow = tmp_path / "bots/demo/bot.yaml", tmp_path / "flows/welcome.yaml"
        bot.write_text(bot.read_text("utf-8").replace("fields:\n", "fields:\n  called: {type: text}\n", 1), "utf-8")
        kept = "    save: fields.called\n" if keeps == "save" else ""
        told = flow.read_text("utf-8").replace("    type: name\n", f"    type: name\n{kept}", 1)
        if keeps == "set":
            told = told.replace(
                "  greeted: ", "  keep:\n    set: {fields.called: '{{ answers.name }}'}\n  greeted: ", 1
            )
        flow.write_text(told, "utf-8")
        links = Links(tmp_path / "bots/demo")
        for text in ("hello", "Ana", "Red"):
            await links.says(links.ana, "instagram", text)
        (asked,) = await links.says(links.eve, "whatsapp", links.newest_code())
        assert asked == "Go on here with the conversation of A*** that began in Instagram?"
        assert links.count("merges") == 0

    asyncio.run(scene())


def test_somebody_with_a_history_of_her_own_is_asked_before_two_histories_are_one() -> None:
    """A link sent to a victim, so that what is known of her comes to whoever sent it."""

    async def scene(links: Links) -> None:
        await links.says(links.eve, "whatsapp", "hello")
        links.machine.rows(
            f"UPDATE contacts SET first_name = 'Eve' WHERE id = {links.contact(links.eve, 'whatsapp')} RETURNING id"
        )
        (asked,) = await links.says(links.eve, "whatsapp", links.code)
        assert asked.startswith("Go on here with the conversation of A***")
        assert links.count("merges") == 0

    play(scene)


def test_two_tokens_in_one_text_the_first_that_counts_is_used() -> None:
    async def scene(links: Links) -> None:
        old = make_code(CHANCE, "nobody's")
        assert await links.says(links.ana, "whatsapp", f"{old} or {links.code}?") == [SIZE]
        assert links.count("link_guesses") == 0

    play(scene)


EDITED = [
    "{}", "«{}»", '"{}"', "'{}'.", "({})", "code:{}!", "*{}*", "_{}_", "> {}", "\u202b{}\u202c", "\u200f{}\u200f", "\u2066{}\u2069",
    "Hello Lucky Garden, let us go on here! My code: {} thanks, see you",
    "Ciao! Il mio codice è {}, grazie mille",
    "¡Hola! Mi código: {}. ¿Seguimos?",
    "Hallo, mein Code ist {} – bis gleich",
    "Bonjour, mon code : {} ; merci !",
    "Olá, meu código é {}... obrigada",
    "مرحبا، الرمز {} شكرا",
]  # fmt: skip


@pytest.mark.parametrize("around", EDITED)
def test_edited_text_around_the_code(around: str) -> None:
    code = make_code(CHANCE, "edited")
    for typed in _typed(code):
        assert candidates(_heard(around.format(typed)))[:1] == [plain_code(code)], typed


def _typed(code: str) -> list[str]:
    """The code as people write it: lower case, spaces, other hyphens, letters for digits, broken by marks."""
    plain = plain_code(code)
    swapped = plain.replace("0", "O").replace("1", "l")
    return [
        code, code.lower(), plain, plain.lower(), code.replace("-", " "), " ".join(plain.lower()), code.replace("-", "–"),
        code.replace("-", "\u2011"), code.replace("-", " - "), "\u200e".join(plain), swapped, swapped.lower(), "\n".join(code.split("-")),
        "".join(chr(ord(letter) + 0xFEE0) for letter in plain),
    ]  # fmt: skip


def _heard(text: str) -> Heard:
    return Heard(Identity("whatsapp", "phone", "39"), "m", AT, "text", text=text)


def test_code_in_lower_case_with_spaces() -> None:
    async def scene(links: Links) -> None:
        typed = " ".join(links.code.replace("-", "").lower())
        assert await links.says(links.ana, "whatsapp", f"my code is {typed} thanks") == [SIZE]

    play(scene)


def test_a_million_guesses_hit_nothing() -> None:
    """Every well-formed code is as likely as every other, and there is one for each 50 bits: held against 1,000 live ones."""
    live = {_number(plain_code(make_code(CHANCE, f"live {number}"))) for number in range(1000)}
    draw = random.Random(7)
    assert len(live) == 1000
    assert all(350 < sum(code >> bit & 1 for code in live) < 650 for bit in range(50)), "a bit that is not drawn"
    assert sum(draw.getrandbits(50) in live for _ in range(1_000_000)) == 0


def test_a_code_that_differs_in_one_symbol_opens_nothing() -> None:
    """However near a guess is, nothing tells so: all that have the form of a code are asked for, and none is there."""

    async def scene(links: Links) -> None:
        live, random = plain_code(links.code), links.machine.world.random
        near = {live[:place] + one + live[place + 1 : 10] for place in range(10) for one in ALPHABET} - {live[:10]}
        guesses = [secret for body in near for one in ALPHABET for secret in candidates(_heard(body + one))]
        kept = {row[0] for row in links.machine.rows("SELECT hash FROM link_tokens")}
        assert hash_of(random, live) in kept
        assert len(guesses) > 200, "each has its own last symbol, that checks it"
        assert not {hash_of(random, secret) for secret in guesses} & kept

    play(scene)


def _number(plain: str) -> int:
    """The 50 bits of a code."""
    return sum(ALPHABET.index(symbol) << (5 * place) for place, symbol in enumerate(plain[:10]))


def test_guesses_are_throttled_and_the_right_code_among_them_no_longer_counts() -> None:
    async def scene(links: Links) -> None:
        limit = links.machine.world.tuning.guesses
        for number in range(limit + 5):
            await links.says(links.eve, "whatsapp", f"{make_code(CHANCE, f'guess {number}')}")
        assert links.count("link_guesses") == limit
        await links.says(links.eve, "whatsapp", links.code)
        assert links.contact(links.eve, "whatsapp") != links.contact(links.ana, "instagram")
        assert links.count("link_tokens WHERE used_at IS NOT NULL") == 0
        assert await links.says(links.ana, "whatsapp", links.code) == [SIZE]

    play(scene)


def test_a_burst_of_guesses_by_many_locks_out_nobody_honest() -> None:
    async def scene(links: Links) -> None:
        at = round(links.clock.now().timestamp() * 1000)
        most = links.machine.world.tuning.all_guesses
        links.machine.rows(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " INSERT INTO link_guesses (sender, at) SELECT 1000000 + i, ? FROM n RETURNING id", most + 10, at,
        )  # fmt: skip
        await links.says(links.eve, "whatsapp", make_code(CHANCE, "one"))
        await links.says(links.eve, "whatsapp", links.code)
        assert links.contact(links.eve, "whatsapp") != links.contact(links.ana, "instagram"), (
            "a second try does not count"
        )
        assert await links.says(links.ana, "whatsapp", links.code) == [SIZE]

    play(scene)


def test_guesses_are_durable_and_forgotten_after_an_hour() -> None:
    async def scene(links: Links) -> None:
        for number in range(links.machine.world.tuning.guesses):
            await links.says(links.eve, "whatsapp", make_code(CHANCE, f"{number}"))
        links.machine.write_back(links.machine.image())
        await links.says(links.eve, "whatsapp", links.code)
        assert links.contact(links.eve, "whatsapp") != links.contact(links.ana, "instagram")
        links.clock.move(links.clock.now() + timedelta(hours=1, seconds=1))
        assert await links.says(links.eve, "whatsapp", links.code)
        assert links.contact(links.eve, "whatsapp") == links.contact(links.ana, "instagram")

    play(scene)


def test_a_typing_error_is_no_guess() -> None:
    async def scene(links: Links) -> None:
        last = links.code[-1]
        wrong = links.code[:-1] + ("2" if last != "2" else "3")
        await links.says(links.ana, "whatsapp", wrong)
        assert links.count("link_guesses") == 0

    play(scene)


def test_what_is_kept_opens_nothing() -> None:
    async def scene(links: Links) -> None:
        kept = {row[0] for row in links.machine.rows("SELECT hash FROM link_tokens")}
        plain = plain_code(links.code)
        assert hash_of(links.machine.world.random, plain) in kept
        assert not any(plain in one or plain.lower() in one for one in kept)
        for one in sorted(kept):
            await links.says(links.eve, "whatsapp", one)
        assert links.count("link_tokens WHERE used_at IS NOT NULL") == 0

    play(scene)
