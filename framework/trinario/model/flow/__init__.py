"""The declared conversation: flows, what begins them, their steps and what they say."""

from trinario.model.flow.said import Choice, ChoicesFrom, Delivery, Message, Remind, TemplateCall, Words, WordsLink
from trinario.model.flow.step import Step
from trinario.model.flow.steps import (
    Ask,
    Branch,
    BranchCase,
    Call,
    Goal,
    Handoff,
    Send,
    Set,
    Start,
    StepBase,
    SwitchChannel,
    Tag,
    Untag,
    Wait,
)
from trinario.model.flow.triggers import ExitWhen, Trigger
from trinario.model.flow.whole import END, Flow, InputSpec, Purpose

__all__ = [
    "END",
    "Ask",
    "Branch",
    "BranchCase",
    "Call",
    "Choice",
    "ChoicesFrom",
    "Delivery",
    "ExitWhen",
    "Flow",
    "Goal",
    "Handoff",
    "InputSpec",
    "Message",
    "Purpose",
    "Remind",
    "Send",
    "Set",
    "Start",
    "Step",
    "StepBase",
    "SwitchChannel",
    "Tag",
    "TemplateCall",
    "Trigger",
    "Untag",
    "Wait",
    "Words",
    "WordsLink",
]
