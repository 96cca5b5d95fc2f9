"""The table of verbs that answer what is public, and of the sign on her last message."""

from trinario.authoring.spec.kinds import WORD, WORDS, Either, Exit, Key, ListOf, Ref, Shape, Verb
from trinario.authoring.spec.messages import MESSAGE
from trinario.authoring.spec.verbs import ASK

COMMENT_REPLY = Verb(
    "comment_reply",
    "Answers the comment that began the flow, for everybody to read.",
    Either("a text, or {one_of: [...]} for one of several", scalar=WORDS, mapping=Ref("public_words")),
    "comment_reply: We have sent you a message!",
    (),
    (Exit("failed", "The answer could not be put there.", "it is logged, and the flow goes on"),),
)

PRIVATE_REPLY = Verb(
    "private_reply",
    "Sends the one private message that a comment allows, and waits: whatever she taps or writes is the answer.",
    MESSAGE,
    'private_reply: {text: "Thank you! Shall we begin?"}',
    ASK.keys,
    (
        Exit("answered", "She tapped or wrote something.", "`next`"),
        Exit("too_late", "The comment is seven days old or older.", "the flow ends"),
        Exit("already_sent", "She has had a private reply under this post.", "the flow ends"),
        Exit("timeout", "She stayed silent.", "the flow ends"),
        Exit("failed", "It could not be sent.", "it is logged, and the flow ends"),
        Exit("empty", "Choices from data: there are none.", "the flow fails"),
    ),
)

REACT = Verb(
    "react",
    "Puts a sign on the last message that she wrote; `none` takes it back.",
    WORD,
    "react: ❤",
)

VERBS = (COMMENT_REPLY, PRIVATE_REPLY, REACT)

_PUBLIC_WORDS = Shape(
    "public_words",
    "Words for everybody to read.",
    (
        Key("text", WORDS, "The words.", "We have sent you a message!"),
        Key("one_of", ListOf(WORDS, single=False), "Several texts, of which one is picked.", "[Look inside!, You have mail!]"),
    ),
)  # fmt: skip

SHAPES = (_PUBLIC_WORDS,)
