"""`contacts`: a person and her identities; contacts who are joined and parted again."""

import getpass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trinario.cli import privacy, segments, sheets
from trinario.cli.privacy import BotOption, Form, FormOption, Who, as_json, bot_folder, confirmed, run_on
from trinario.cli.screen import USAGE, note, out, refuse

if TYPE_CHECKING:
    from trinario.jobs.joining import Foreseen

app = typer.Typer(
    name="contacts", help="People: who they are, what they allow, who is one with whom.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip

ReasonOption = Annotated[str, typer.Option(help="How we know; it stays in her history.")]
AuthorOption = Annotated[str, typer.Option(help="Who says so; else who is logged in here.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

OWNERS = {"bot": "the bot has her", "person": "people of the team have her"}


@app.command(short_help="Show a person, her identities, and what they are good for.")
def show(who: Who, bot: BotOption = None, form: FormOption = Form.text) -> None:
    """Show a person: what is known of her, and of each identity whether it can be reached, until when the window is open,
    and whether she wants marketing there.

    \b
    Example:
      trinario contacts show whatsapp:393331234567
    """
    from trinario.model.value import plain
    from trinario.runtime import people
    from trinario.runtime.settings import load_settings

    contact, states = run_on(lambda settings, store: people.show(store, people.bot_of(bot_folder(bot)), who))
    note(f"from {load_settings().database.told}")
    identities = [
        {"channel": one.identity.channel, "kind": one.identity.kind, "value": one.identity.value,
         "unreachable": one.unreachable, "last_heard_at": _iso(one.heard_at), "window_until": _iso(one.open_until),
         "marketing": one.marketing}
        for one in states
    ]  # fmt: skip
    if form is Form.json:
        out(as_json({"contact": contact.id, "name": contact.name, "language": contact.language, "owner": contact.owner,
                     "preferred_channel": contact.preferred, "fields": plain(contact.fields), "tags": sorted(contact.tags), "identities": identities}))  # fmt: skip
        return
    out(
        f"contact {contact.id}  {contact.name or '(no name)'} · {contact.language or 'no language'} · {OWNERS[contact.owner]}\n"
    )
    if contact.preferred:
        out(f"  {'wants to be written to' if contact.wished else 'answered last'} on {contact.preferred}\n")
    for name, value in sorted(plain(contact.fields).items()):
        out(f"  {name}: {value}\n")
    for one in identities:
        out(f"  {_told(one)}\n")


def _told(one: dict[str, Any]) -> str:
    state = one["unreachable"] or (f"open until {one['window_until']}" if one["window_until"] else "window shut")
    wants = {True: "wants marketing", False: "no marketing", None: "never asked for marketing"}[one["marketing"]]
    return f"{one['channel']}:{one['value']} ({one['kind']}) · {state} · {wants}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


@app.command("set", short_help="Note where a person wants to be written to.")
def set_(
    who: Who,
    preferred_channel: Annotated[str, typer.Option(help="A channel of the bot, a platform, or none.")],
    author: AuthorOption = "",
    bot: BotOption = None,
    form: FormOption = Form.text,
) -> None:
    """Note on which channel a person wants to be written to; `preferred` in a delivery order then means that one.

    \b
    Example:
      trinario contacts set whatsapp:393331234567 --preferred-channel instagram
    """
    from trinario.runtime import people

    wanted = None if preferred_channel.strip().casefold() in ("", "none") else preferred_channel
    contact = run_on(
        lambda settings, store: people.wish(store, people.bot_of(bot_folder(bot)), who, wanted, author_or_login(author))
    )
    if form is Form.json:
        out(as_json({"contact": contact.id, "preferred_channel": contact.preferred}))
    note(f"contact {contact.id} is written to on {contact.preferred or 'the channel where she last wrote'}")


@app.command(short_help="Join two contacts who are one person.")
def merge(
    keep: Annotated[str, typer.Argument(help="Who stays: her number, or channel:id.")],
    take: Annotated[str, typer.Argument(help="Who becomes part of her.")],
    reason: ReasonOption,
    author: AuthorOption = "",
    preview: Annotated[bool, typer.Option("--preview", help="Say what would happen, and do nothing.")] = False,
    yes: YesOption = False,
    bot: BotOption = None,
    form: FormOption = Form.text,
) -> None:
    """Join two contacts who are one person, after showing what would happen. `contacts unmerge` undoes it.

    \b
    Examples:
      trinario contacts merge 12 40 --reason "same voice" --preview
      trinario contacts merge whatsapp:393331234567 messenger:24839573245810593 --reason "she said so" --yes
    """
    from trinario.runtime import people

    reason = _given(reason)
    folder = bot_folder(bot)
    if preview or not yes:
        foreseen = run_on(lambda settings, store: people.foresee(store, people.bot_of(folder), keep, take))
        if form is Form.json and preview:
            out(as_json(_foreseen(foreseen)))
        else:
            _draw(foreseen)
        if preview:
            return
    confirmed(f"join {take} to {keep}?", yes)
    done = run_on(
        lambda settings, store: people.merge(store, people.bot_of(folder), keep, take, author_or_login(author), reason)
    )
    if form is Form.json:
        out(as_json({"merge": done.merge, "kept": done.kept, "taken": done.taken}))
    note(
        f"merge {done.merge}: contact {done.taken} is part of {done.kept} now; contacts unmerge {done.merge} undoes it"
    )


def _foreseen(one: "Foreseen") -> dict[str, Any]:
    from trinario.model.value import plain

    fields = [
        {"name": f.name, "kept": plain(f.kept), "taken": plain(f.taken), "becomes": plain(f.becomes), "rule": f.rule}
        for f in one.fields
    ]
    sessions = [{"id": id, "flow": flow, "becomes": what} for id, flow, what in one.sessions]
    return {
        "fields": fields,
        "sessions": sessions,
        "tags": sorted(one.united.tags),
        "consent": dict(one.united.consent),
    }


def _draw(one: "Foreseen") -> None:
    told = _foreseen(one)
    for field in told["fields"]:
        note(
            f"  {field['name']}: {field['kept']!r} and {field['taken']!r} become {field['becomes']!r} ({field['rule']})"
        )
    for session in told["sessions"]:
        note(f"  {session['flow']} {session['becomes']}")
    allowed = ", ".join(f"{name} {'yes' if yes else 'no'}" for name, yes in sorted(told["consent"].items()))
    note(f"  she allows: {allowed or 'never asked'}")


@app.command(short_help="Undo a merge: both are there again.")
def unmerge(
    number: Annotated[int, typer.Argument(metavar="MERGE", help="The number of the merge, as `contacts merges` says.")],
    reason: ReasonOption,
    author: AuthorOption = "",
    yes: YesOption = False,
    form: FormOption = Form.text,
) -> None:
    """Undo a merge. What happened meanwhile goes to whoever it happened to; what was taken back counts for both.

    \b
    Example:
      trinario contacts unmerge 7 --reason "two sisters, one telephone"
    """
    from trinario.runtime import people

    reason = _given(reason)
    confirmed(f"undo merge {number}?", yes)
    done = run_on(lambda settings, store: people.unmerge(store, number, author_or_login(author), reason))
    _parted(done.kept, done.taken, form)


@app.command(short_help="Take an identity from a person; it goes its own way.")
def unlink(
    who: Annotated[str, typer.Argument(help="The identity, as channel:id.")],
    reason: ReasonOption,
    author: AuthorOption = "",
    yes: YesOption = False,
    form: FormOption = Form.text,
) -> None:
    """Take an identity from a person: as it was, if it came by a merge of its own; else as somebody new.

    \b
    Example:
      trinario contacts unlink messenger:24839573245810593 --reason "not her"
    """
    from trinario.runtime import people

    reason = _given(reason)
    if ":" not in who:
        refuse("say the identity as channel:id, as in messenger:24839573245810593", USAGE)
    confirmed(f"take {who} from the person who has it?", yes)
    done = run_on(lambda settings, store: people.unlink(store, who, author_or_login(author), reason))
    _parted(done.kept, done.taken, form)


def _parted(kept: int, taken: int, form: Form) -> None:
    if form is Form.json:
        out(as_json({"kept": kept, "taken": taken}))
    note(f"contact {taken} stands alone again, beside {kept}")


@app.command(short_help="List who was joined with a person, and what was undone.")
def merges(who: Who, form: FormOption = Form.text) -> None:
    """List the merges of a person, newest first.

    \b
    Example:
      trinario contacts merges 12
    """
    from trinario.runtime import people

    found = run_on(lambda settings, store: people.merges(store, who))
    if form is Form.json:
        out(as_json([
            {"merge": one.id, "kept": one.kept, "taken": one.taken, "at": _iso(one.at), "by": one.by,
             "reason": one.reason, "evidence": dict(one.evidence), "undone_at": _iso(one.undone_at),
             "undone_by": one.undone_by, "undone_reason": one.undone_reason}
            for one in found
        ]))  # fmt: skip
        return
    for one in found:
        undone = f" · undone {_iso(one.undone_at)} by {one.undone_by}: {one.undone_reason}" if one.undone_at else ""
        out(f"{one.id}  {_iso(one.at)}  {one.taken} became part of {one.kept} · {one.by} {one.reason}{undone}\n")


@app.command(short_help="List pairs who may be one person, or dismiss one.")
def suggestions(
    dismiss: Annotated[
        tuple[str, str] | None, typer.Option(help="Two contacts who are not one: never suggested again.")
    ] = None,
    author: AuthorOption = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Pairs at most.")] = 50,
    form: FormOption = Form.text,
) -> None:
    """List pairs of contacts who have the same number or address. Nothing is joined by itself: `contacts merge` does it.

    \b
    Examples:
      trinario contacts suggestions
      trinario contacts suggestions --dismiss 12 40
    """
    from trinario.runtime import people

    if dismiss is not None:
        one, two = dismiss
        run_on(lambda settings, store: people.dismiss(store, one, two, author_or_login(author)))
        note(f"{one} and {two} are not suggested again")
        return
    found = run_on(lambda settings, store: people.suggestions(store, limit))
    if form is Form.json:
        out(as_json([{"one": p.one, "two": p.two, "because": p.because, "at": _iso(p.at)} for p in found]))
        return
    for pair in found:
        out(f"{pair.one}  {pair.two}  {pair.because}\n")


def _given(reason: str) -> str:
    if not reason.strip():
        refuse("say with --reason how we know: it is what the next person reads", USAGE)
    return reason.strip()


def author_or_login(given: str) -> str:
    """Who says so: the name that was given, else who is logged in here."""
    try:
        return given.strip() or getpass.getuser()
    except (KeyError, OSError):  # a container without users
        return "team"


privacy.register(app)


app.command("count", short_help="Count the contacts of whom an expression is true.")(segments.count)
app.command("sample", short_help="Show some of them, drawn by lot.")(segments.sample)
app.command("import", short_help="Bring contacts in from a CSV file.")(sheets.import_)
app.command("export", short_help="Write contacts to a CSV file.")(sheets.export)
