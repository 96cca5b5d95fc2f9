"""The closed union of all steps."""

from trinario.model.flow.steps import (
    Ask,
    Branch,
    Call,
    Goal,
    Handoff,
    Send,
    Set,
    Start,
    SwitchChannel,
    Tag,
    Untag,
    Wait,
)

Step = Send | Ask | Branch | Set | Tag | Untag | Wait | Call | Start | Goal | Handoff | SwitchChannel
