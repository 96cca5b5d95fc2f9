"""Writes the reference pages that are made of the program itself: `make docs`. A test fails when one of them is stale."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from trinario.authoring.schema import KINDS, schema

DOCS = Path(__file__).parent
if str(DOCS.parent) not in sys.path:
    sys.path.insert(0, str(DOCS.parent))

from docs.fitting.page import fitting  # noqa: E402
from docs.pages import codes, commands, errors_of_meta, files, heard, http_api, policy, segments, tables, webhooks  # noqa: E402

MADE = "<!-- Made by docs/generate.py: change the program, then `make docs`. -->\n"

PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "commands.md": commands.commands,
    "flow-language.md": files.flow_language,
    "bot-file.md": files.bot_file,
    "talks.md": files.talks,
    "templates-file.md": files.templates_file,
    "campaign-files.md": files.campaign_files,
    "prices-file.md": files.prices_file,
    "issue-codes.md": codes.issue_codes,
    "fitting.md": fitting,
    "segments.md": segments.segments,
    "errors-of-meta.md": errors_of_meta.errors_of_meta,
    "webhook-news.md": webhooks.webhook_news,
    "http-api.md": http_api.http_api,
    "tables.md": tables.database,
    "policy.md": policy.policy,
    "what-is-heard.md": heard.what_is_heard,
}


def pages() -> dict[Path, str]:
    """Every generated file below docs/, with its whole text."""
    reference = DOCS / "reference"
    made = {reference / name: _page(lines()) for name, lines in PAGES.items()}
    for kind in KINDS:
        made[reference / f"{kind}.schema.json"] = json.dumps(schema(kind), ensure_ascii=False, indent=2) + "\n"
    return made


def _page(lines: Iterable[str]) -> str:
    first, *rest = list(lines)
    text = "\n".join([first, "", MADE.strip(), "", *rest])
    return re.sub(r"\n{3,}", "\n\n", text).replace("\0", "\N{SYMBOL FOR NULL}").rstrip() + "\n"


def main() -> None:
    """Write what has changed, and say what."""
    for path, text in pages().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(DOCS.parent)}\n")


if __name__ == "__main__":
    main()
