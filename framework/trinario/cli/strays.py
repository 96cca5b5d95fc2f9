"""`strays`: what came in and was not understood, or was given up."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from trinario.cli.privacy import Form, FormOption, as_json, run_on
from trinario.cli.screen import note, out

if TYPE_CHECKING:
    from trinario.ports.strays import Stray


def strays(
    dead: Annotated[bool, typer.Option("--dead", help="Those that failed again and again, instead.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 20,
    form: FormOption = Form.text,
) -> None:
    """Show what came in and was not understood, newest first: kept as it came, and counted; with --dead what was given up.

    \b
    Examples:
      trinario strays
      trinario strays --dead --format json
    """
    from trinario.ports.pages import NEWEST

    kind: Any = "dead" if dead else "unsupported"

    async def work(settings: Any, store: Any) -> tuple[list["Stray"], dict[str, int]]:
        asked = lambda unit: (unit.strays.newest(kind, NEWEST, limit), unit.strays.count())  # noqa: E731
        found: tuple[list[Stray], dict[str, int]] = await store.run(asked)
        return found

    rows, counts = run_on(work)
    if form is Form.json:
        from trinario.web.api.strays import stray_shape

        out(as_json({"strays": [stray_shape(one).model_dump(mode="json") for one in rows], **counts}))
        return
    out("".join(_line(one) for one in rows) or "nothing\n")
    note(f"{counts['unsupported']:,} not understood, {counts['dead']:,} dead")


def _line(one: "Stray") -> str:
    text = (one.raw or one.body.encode())[:160].decode("utf-8", "replace").replace("\n", " ")
    why = f"  {one.reason}" if one.reason else ""
    return f"{one.at:%Y-%m-%d %H:%M}  {one.channel}  {one.what}{why}\n    {text}\n"
