"""Answer types against the bot that asks: `money` needs a currency."""

from trinario.authoring.finding import Findings
from trinario.authoring.parse_bot import ParsedBot, currency_of
from trinario.model.flow import Ask, Flow


def check_answers(flow: Flow, bot: ParsedBot, found: Findings) -> None:
    """T014 for a question about money in a bot of which nobody knows what it reckons in."""
    for step in flow.steps.values():
        if isinstance(step, Ask) and step.type == "money" and not currency_of(bot):
            found.fault("T014", found.node("steps", step.name, "type"),
                        f'question "{step.name}" asks for money, and bot "{bot.name}" has no currency',
                        "write currency: EUR in bot.yaml, or region: IT")  # fmt: skip
