"""`webhooks`: other systems that are told what happens; how they stand, what they were told, enabled again, told again, tried out."""

import getpass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trinario.cli.privacy import BotOption, Form, FormOption, as_json, bot_folder, run_on
from trinario.cli.screen import ISSUES, USAGE, note, out, refuse

if TYPE_CHECKING:
    from trinario.model.hook import Endpoint
    from trinario.ports.hooks import DeliveryLine, EndpointState

app = typer.Typer(
    name="webhooks", help="Other systems that are told what happens.", no_args_is_help=True, rich_markup_mode=None
)


class State(StrEnum):
    """What became of a piece of news."""

    waiting = "waiting"
    told = "told"
    given_up = "given_up"


WORDS = {State.waiting: "waits", State.told: "told", State.given_up: "given up"}

Name = Annotated[str, typer.Argument(help="Its name in bot.yaml.")]


@app.command("list", short_help="Show who is told, and how that goes.")
def list_(bot: BotOption = None, form: FormOption = Form.text) -> None:
    """Show the webhooks of bot.yaml: how much was told, waits, and was given up. Ends with 1 if one is disabled.

    \b
    Example:
      trinario webhooks list
    """
    from trinario.runtime import webhooks

    folder = bot_folder(bot)
    found = run_on(lambda settings, store: webhooks.listed(store, webhooks.endpoints(folder)))
    if form is Form.json:
        out(as_json({"webhooks": [_data(*one) for one in found]}))
    else:
        out("".join(_line(*one) for one in found) or "bot.yaml names no webhooks\n")
    if any(state is not None and state.state == "disabled" for _, state in found):
        raise typer.Exit(ISSUES)


@app.command(short_help="Tell one again that was disabled.")
def enable(name: Name, bot: BotOption = None) -> None:
    """Tell a webhook again that was disabled, from where it stopped: what happened meanwhile is told too.

    \b
    Example:
      trinario webhooks enable crm
    """
    from trinario.runtime import webhooks

    folder = bot_folder(bot)

    async def work(settings: Any, store: Any) -> bool:
        return await webhooks.enable(store, webhooks.endpoint(folder, name).name, getpass.getuser())

    note(f"{name} is told again" if run_on(work) else f"{name} was not disabled")


@app.command(short_help="Tell one nothing for a while.")
def disable(
    name: Name,
    reason: Annotated[str, typer.Option(help="Why, for the history and for who looks.")] = "",
    bot: BotOption = None,
) -> None:
    """Tell a webhook nothing until it is enabled: what happens meanwhile is told then.

    \b
    Example:
      trinario webhooks disable crm --reason "moving to another server"
    """
    from trinario.runtime import webhooks

    folder = bot_folder(bot)

    async def work(settings: Any, store: Any) -> bool:
        return await webhooks.disable(store, webhooks.endpoint(folder, name).name, getpass.getuser(), reason)

    done = run_on(work)
    note(
        f"{name} is told nothing until `trinario webhooks enable {name}`"
        if done
        else f"{name} was told nothing already"
    )


@app.command(short_help="Show what one is told.")
def deliveries(
    name: Name,
    state: Annotated[State | None, typer.Option(help="Only those.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most, newest first.")] = 50,
    bot: BotOption = None,
    form: FormOption = Form.text,
) -> None:
    """Show what a webhook is told, newest first: its id, how often it was tried, when it is tried next, and why.

    \b
    Example:
      trinario webhooks deliveries crm --state given_up
    """
    from trinario.runtime import webhooks

    folder = bot_folder(bot)

    async def work(settings: Any, store: Any) -> Any:
        return await webhooks.deliveries(store, webhooks.endpoint(folder, name), state and state.value, limit)

    found = run_on(work)
    if form is Form.json:
        out(as_json({"deliveries": [_delivery(one) for one in found]}))
    else:
        out("".join(_told(one) for one in found) or f"nothing{f' {WORDS[state]}' if state else ''} for {name}\n")


@app.command(short_help="Tell once more what has happened.")
def replay(
    name: Name,
    since: Annotated[
        datetime | None, typer.Option(help="From when on, in UTC: 2026-11-20 or 2026-11-20T10:00:00.")
    ] = None,
    type: Annotated[str, typer.Option("--type", help="Only such news: goal.reached, message.*")] = "",
    id: Annotated[str, typer.Option("--id", help="One piece of news, by its webhook-id: history_12")] = "",
    bot: BotOption = None,
) -> None:
    """Tell a webhook once more what has happened since a moment, or one piece of news, under the same ids as the first time.

    \b
    Examples:
      trinario webhooks replay crm --since 2026-11-20 --type "goal.*"
      trinario webhooks replay crm --id history_12
    """
    from trinario.runtime import webhooks

    if (since is None) == (not id) or (id and type):
        refuse("say --since (and --type), or --id: one of both", USAGE)
    folder, by = bot_folder(bot), getpass.getuser()

    async def work(settings: Any, store: Any) -> int:
        one = webhooks.endpoint(folder, name)
        if since is not None:
            return await webhooks.replay(store, one, since.replace(tzinfo=UTC), type, by)
        await webhooks.replay_one(store, one, id, by)
        return 1

    count = run_on(work)
    note(f"{count:,} piece{'' if count == 1 else 's'} of news {'is' if count == 1 else 'are'} told to {name} once more")


@app.command(short_help="Send one a piece of news that is none.")
def test(name: Name, bot: BotOption = None) -> None:
    """Send a webhook a piece of news of the type history.test, signed as all others, and say what it answered.

    \b
    Example:
      trinario webhooks test crm
    """
    from trinario.runtime import webhooks

    folder = bot_folder(bot)

    async def work(settings: Any, store: Any) -> str:
        return await webhooks.try_out(settings, webhooks.endpoint(folder, name))

    if why := run_on(work):
        refuse(f"{name} did not take it: {why}", USAGE)
    note(f"{name} took it")


def _delivery(one: "DeliveryLine") -> dict[str, Any]:
    from trinario.jobs.hooks import id_of

    def moment(at: datetime | None) -> str | None:
        return at.isoformat(timespec="seconds") if at else None

    return {
        "id": id_of(one), "state": one.state, "attempts": one.attempts,
        "created_at": moment(one.created_at), "next_at": moment(one.next_at), "ended_at": moment(one.ended_at), "why": one.why,
    }  # fmt: skip


def _told(one: "DeliveryLine") -> str:
    from trinario.jobs.hooks import id_of

    at = one.next_at or one.ended_at or one.created_at
    tries = f"tried {one.attempts} time{'' if one.attempts == 1 else 's'}"
    why = f"  {one.why}" if one.why else ""
    return f"{id_of(one)}  {WORDS[State(one.state)]}  {at:%Y-%m-%d %H:%M:%S} UTC  {tries}{why}\n"


def _data(one: "Endpoint", state: "EndpointState | None") -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": one.name,
        "url": one.url,
        "events": list(one.types),
        "state": state.state if state else "new",
    }
    if state is not None:
        since = state.failing_since.isoformat(timespec="seconds") if state.failing_since else None
        told |= {"why": state.why, "failing_since": since, "told": state.told, "waiting": state.waiting,
                 "given_up": state.given_up}  # fmt: skip
    return told


def _line(one: "Endpoint", state: "EndpointState | None") -> str:
    if state is None:
        return f"{one.name}  {one.url}  not looked at yet: it is when the bot runs\n"
    why = f"  {state.why}" if state.why else ""
    since = f" since {state.failing_since:%Y-%m-%d %H:%M} UTC" if state.failing_since else ""
    counts = f"{state.told:,} told, {state.waiting:,} wait, {state.given_up:,} given up"
    return f"{one.name}  {one.url}  {state.state}{since}  {counts}{why}\n"
