"""`contacts count` and `contacts sample`: whom a segment means, now."""

from typing import Annotated

import typer

from trinario.cli.privacy import BotOption, Form, FormOption, as_json, bot_folder, run_on
from trinario.cli.screen import note, out

SegmentOption = Annotated[str, typer.Option("--segment", help="An expression, as in a campaign's `segment`.")]
SeedOption = Annotated[int, typer.Option(help="Another number draws others; the same one the same.")]


def count(segment: SegmentOption, bot: BotOption = None, form: FormOption = Form.text) -> None:
    """Count the contacts of whom an expression is true now. `docs/reference/segments.md` says what can be asked.

    \b
    Example:
      trinario contacts count --segment "'customer' in tags and contact.last_seen_at > ago('90d')"
    """
    from trinario.runtime import segments

    found, _, bare = run_on(lambda settings, store: segments.asked(settings, store, bot_folder(bot), segment, 0, 0))
    if form is Form.json:
        out(as_json({"count": found, "fields_without_index": list(bare)}))
        return
    out(f"{found:,}\n")


def sample(
    segment: SegmentOption,
    size: Annotated[int, typer.Option("--size", "-n", min=1, max=1000, help="How many.")] = 10,
    seed: SeedOption = 1,
    bot: BotOption = None,
    form: FormOption = Form.text,
) -> None:
    """Show some of the contacts of whom an expression is true now, drawn by lot.

    \b
    Example:
      trinario contacts sample --segment "fields.city == 'Milano'" -n 5
    """
    from trinario.model.value import plain
    from trinario.runtime import segments

    found, drawn, _ = run_on(
        lambda settings, store: segments.asked(settings, store, bot_folder(bot), segment, size, seed)
    )
    if form is Form.json:
        people = [
            {"id": str(one.id), "name": one.name, "language": one.language, "timezone": one.timezone,
             "tags": sorted(one.tags), "fields": plain(one.fields)}
            for one in drawn
        ]  # fmt: skip
        out(as_json({"count": found, "sample": people}))
        return
    for one in drawn:
        fields = ", ".join(f"{name}: {value}" for name, value in sorted(plain(one.fields).items()) if value is not None)
        out(
            f"contact {one.id}  {one.name or '(no name)'} · {', '.join(sorted(one.tags)) or 'no tags'} · {fields or 'no fields'}\n"
        )
    note(f"{len(drawn):,} of {found:,}")
