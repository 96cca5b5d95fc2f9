"""A campaign's report as a picture: SVG, without anything from elsewhere, light and dark."""

from html import escape

from trinario.campaign.report import STAGES, Report

WIDTH, LEFT, RIGHT, ROW, TOP = 720, 150, 90, 34, 64

COLOURS = ("#2f6f4f", "#c9772b", "#3b6ea5", "#8a4f7d", "#7a7a2e", "#5b5b5b")
"""One for each variant, told apart also by who does not see red and green alike."""

OF_ALL = "#7d9488"
"""The colour of what is told of all of them."""

_STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#1c2b25}.t{font-weight:600;font-size:17px}.n{font-size:12px;fill:#5a6a62}"
    ".b{fill:#fff}.g{fill:#e7ede9}@media(prefers-color-scheme:dark){.b{fill:#121a16}text{fill:#e4ece7}.n{fill:#9fb0a7}.g{fill:#24312a}}"
)


def chart(title: str, told: Report) -> str:
    """Bars of how far people came, in the colours of the variants; numbers stand beside them."""
    rows = [("recipients", told.recipients), *((stage.replace("_", " "), told.total(stage)) for stage in STAGES)]
    most = max((count for _, count in rows), default=0)
    variants = sorted({line.variant for line in told.lines if line.variant})
    height = TOP + ROW * len(rows) + (30 if variants else 12)
    parts = [f'<text class="t" x="16" y="30">{escape(title)}</text>']
    for number, (name, count) in enumerate(rows):
        parts += _row(TOP + ROW * number, name, count, most, _shares(told, name.replace(" ", "_"), variants))
    parts += _legend(variants, height - 12)
    said = escape(", ".join(f"{name} {count}" for name, count in rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{said}">'
        f'<style>{_STYLE}</style><rect class="b" width="{WIDTH}" height="{height}"/>{"".join(parts)}</svg>\n'
    )


def _shares(told: Report, stage: str, variants: list[str]) -> list[int]:
    """How many of each variant came so far; one share where there are none, or it is told of all."""
    if not variants or stage not in STAGES:
        return []
    return [told.total(stage, variant) for variant in variants]


def _row(top: int, name: str, count: int, most: int, shares: list[int]) -> list[str]:
    room = WIDTH - LEFT - RIGHT
    parts = [f'<text x="{LEFT - 12}" y="{top + 18}" text-anchor="end">{escape(name)}</text>',
             f'<rect class="g" x="{LEFT}" y="{top + 2}" width="{room}" height="22" rx="3"/>']  # fmt: skip
    left, colours = float(LEFT), COLOURS if shares else (OF_ALL,)
    for number, share in enumerate(shares or [count]):
        width = room * share / most if most else 0.0
        parts.append(
            f'<rect x="{left:.1f}" y="{top + 2}" width="{width:.1f}" height="22" rx="3" fill="{colours[number % len(colours)]}"/>'
        )
        left += width
    percent = f" · {count / most:.0%}" if most else ""
    return [*parts, f'<text class="n" x="{WIDTH - RIGHT + 10}" y="{top + 18}">{count:,}{percent}</text>']


def _legend(variants: list[str], bottom: int) -> list[str]:
    parts, left = [], LEFT
    for number, name in enumerate(variants):
        parts.append(
            f'<rect x="{left}" y="{bottom - 10}" width="10" height="10" fill="{COLOURS[number % len(COLOURS)]}"/>'
        )
        parts.append(f'<text class="n" x="{left + 15}" y="{bottom}">{escape(name)}</text>')
        left += 30 + 8 * len(name)
    return parts
