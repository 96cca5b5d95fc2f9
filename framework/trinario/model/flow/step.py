"""The closed union of all steps."""

from trinario.model.flow.beyond import Emit, Enroll, Notify, Ticket, Unenroll
from trinario.model.flow.consent import OptIn, OptOut
from trinario.model.flow.control import Foreach, Split, WaitFor
from trinario.model.flow.outside import Ai, Function, Http
from trinario.model.flow.public import CommentReply, PrivateReply, React
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

Step = (
    Send | Ask | Branch | Set | Tag | Untag | Wait | Call | Start | Goal | Handoff | SwitchChannel
    | Split | WaitFor | Foreach
    | OptIn | OptOut | Enroll | Unenroll | Notify | Emit | Ticket
    | CommentReply | PrivateReply | React
    | Http | Function | Ai
)  # fmt: skip
