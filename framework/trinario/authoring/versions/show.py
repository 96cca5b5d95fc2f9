"""A plan for people at a terminal: short lines, the words that changed, a table of who waits where."""

from collections.abc import Iterator

from trinario.authoring.issue import Issue
from trinario.authoring.versions.compare import FlowChange, TextChange
from trinario.authoring.versions.plan import Plan, Waiting, fates

MOST_TEXTS = 12
"""Texts of one flow that are shown; of more the number is."""

FATES = {"finishes": "finish on theirs", "moves": "move", "anew": "are asked anew", "ends": "end"}


def plan_text(plan: Plan) -> str:
    """The whole plan."""
    if plan.nothing:
        return "nothing changes: what is here is what is current\n"
    lines: list[str] = []
    for change in plan.flows:
        lines += [*_flow(change), *_table([one for one in plan.waiting if one.flow == change.name]), ""]
    lines += [f"+ flow {name} is new" for name in plan.begun]
    for name in plan.ended:
        lines += [f"- flow {name} is served no more", *_table([one for one in plan.waiting if one.flow == name])]
    lines += [f"! {_issue(issue)}" for issue in plan.introduced]
    lines += [f"mended: {issue.code} {issue.message}" for issue in plan.mended]
    return "\n".join([*lines, "", summary(plan)]).lstrip("\n") + "\n"


def summary(plan: Plan) -> str:
    """The last line: what happens to whom."""
    counts = fates(plan)
    told = [f"{counts[fate]} {words}" for fate, words in FATES.items() if counts.get(fate)]
    flows = len(plan.flows) + len(plan.begun) + len(plan.ended)
    total = sum(counts.values())
    people = (
        f"{total} waiting session{'' if total == 1 else 's'}: {', '.join(told)}" if told else "nobody waits in them"
    )
    return f"{flows} flow{'' if flows == 1 else 's'} change{'s' if flows == 1 else ''}; {people}"


def _flow(change: FlowChange) -> Iterator[str]:
    yield f"flow {change.name}  {change.before[:8]} -> {change.after[:8]}"
    if change.nothing:
        yield "  only written differently: it does and says the same"
    yield from (f"  + step {name}" for name in change.added)
    yield from (f"  - step {name}" for name in change.removed)
    yield from (f"  > step {one} is {other} now" for one, other in change.renamed.items())
    for step in change.changed:
        if not step.texts:
            yield f"  ~ step {step.step}: {', '.join(step.keys)}"
    for one, other in change.hints:
        yield f"  ? {one} may be {other} now: say so with `migrations: [{{rename: {{{one}: {other}}}}}]`"
    yield from (f"  + begins by {text}" for text in change.gained)
    yield from (f"  - no longer begins by {text}" for text in change.lost)
    if change.keys:
        yield f"  ~ {', '.join(change.keys)}"
    yield from (f"  {line}" for text in change.texts[:MOST_TEXTS] for line in _text(text))
    if len(change.texts) > MOST_TEXTS:
        yield f"  ... and {len(change.texts) - MOST_TEXTS} more texts (trinario diff shows all)"


def _text(text: TextChange) -> Iterator[str]:
    place = f"{text.key} [{text.locale}]" if text.locale else text.key
    yield f'" {place}'
    if text.before is not None:
        yield f"    - {_line(text.before)}"
    if text.after is not None:
        yield f"    + {_line(text.after)}"


def _line(text: str) -> str:
    return text.replace("\n", "\\n")


def _table(waiting: list[Waiting]) -> list[str]:
    """Who waits where, and what becomes of them."""
    rows = [
        (one.step, one.revision[:8], str(one.sessions), f"{FATES[one.fate]}{_whither(one)}") for one in waiting
    ]  # fmt: skip
    if not rows:
        return []
    head = ("waits at", "of", "sessions", "they")
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(4)]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    ]


def _whither(one: Waiting) -> str:
    place = f" at {one.to}" if one.fate in ("moves", "anew") and one.to != one.step else ""
    return f"{place} ({one.reason})" if one.reason else place


def _issue(issue: Issue) -> str:
    return f"{issue.file}:{issue.line}: {issue.code} {issue.message}"
