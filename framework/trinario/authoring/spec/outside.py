"""The table of the verbs that ask the outside: `http`, `function`, `ai`, and what bot.yaml says of it."""

from trinario.authoring.spec.kinds import (
    DURATION,
    LIVE_VALUE,
    NAME,
    NUMBER,
    PATH,
    PHRASE,
    RETRIES,
    STEP,
    TEXT,
    Atom,
    Either,
    Exit,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Ref,
    Shape,
    Verb,
)
from trinario.authoring.spec.messages import WITH

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")

RETURNED = (
    "text", "number", "money", "yes_no", "date", "time", "datetime", "duration", "list", "mapping", "any",
)  # fmt: skip
"""What something that comes from outside may be declared to be."""

_STATUSES = {
    201: "created", 202: "accepted, and not done yet", 204: "done, and nothing to say", 400: "a bad request",
    401: "not signed in", 402: "not paid", 403: "not allowed", 404: "not found", 405: "not with this method",
    406: "not in this form", 408: "the request took too long", 409: "a conflict", 410: "gone", 412: "a condition failed",
    413: "too large", 415: "not this kind of content", 418: "a teapot", 422: "not usable", 423: "locked",
    424: "something else failed", 425: "too early", 426: "another protocol is needed", 428: "a condition is needed",
    429: "too many requests", 431: "headers too large", 451: "not for legal reasons", 500: "a fault of the service",
    501: "not implemented", 502: "a bad gateway", 503: "out of service", 504: "the service behind it is too slow",
    507: "no room left", 508: "a loop", 511: "sign in to the network",
}  # fmt: skip

REQUEST = Atom("request", "a method and an address, like POST https://cal.example/holds",
               pattern=r"^(GET|POST|PUT|PATCH|DELETE|HEAD) +\S")  # fmt: skip
FUNCTION_NAME = Atom("function", "the name of a function in functions.py", pattern=r"^[a-zA-Z][a-zA-Z0-9_]*$")
LIVE_TREE = Atom("live_tree", "a value, a list or a mapping, in which texts may hold {{ expressions }}", json="scalar")
_HEADER = Atom("header", "the name of a header, like Authorization", pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
_LABEL = Atom("label", "a label: small letters, digits and _", pattern=r"^[a-z][a-z0-9_]*$")
_RETURNS = Either(
    "a type like number, or a type for each name",
    scalar=OneOf(RETURNED),
    mapping=MapOf(OneOf(RETURNED), keys=NAME, least=1),
)
_FAILS = "the flow fails"

HTTP = Verb(
    "http",
    "Calls a service and waits for its answer; what she writes meanwhile has its turn afterwards.",
    REQUEST,
    'http: "POST https://cal.example/holds"',
    (
        Key("headers", MapOf(PHRASE, keys=_HEADER, least=1), "Headers of the request; secrets of bot.yaml may stand in them.",
            '{Authorization: "Bearer {{ secrets.cal_token }}"}'),
        Key("json", LIVE_TREE, "What is sent, as JSON; a value that is one single {{ ... }} keeps its type.",
            '{day: "{{ answers.day }}"}'),
        Key("form", MapOf(PHRASE, keys=TEXT, least=1), "What is sent, as the fields of a form.",
            '{day: "{{ answers.day }}"}'),
        Key("text", PHRASE, "What is sent, as plain text.", '"{{ answers.note }}"'),
        Key("timeout", DURATION, "How long one try may take, the whole answer included; a minute at most.", "5s",
            default="10s"),
        Key("retries", RETRIES, "How often GET, HEAD, PUT, DELETE and requests with a key are tried again.", "1",
            default="2"),
        Key("idempotency_key", LIVE_VALUE, "Makes it safe to send it twice; `true` takes a new key each time it comes here.",
            "true"),
        Key("returns", _RETURNS, "The type of the answer's data, or a type for each name in it.",
            "{slots: list, total: number}"),
        Key("save", PATH, "Where `status`, `data` and `headers` are kept besides answers.<step>.", "vars.hold"),
    ),
    (
        Exit("client_error", "The service answered 400 to 499, and the code itself is not named.", _FAILS),
        Exit("server_error", "The service answered 500 or more, and the code itself is not named.", _FAILS),
        Exit("failed", "No answer, one that does not fit `returns`, or a code that nothing else names.", _FAILS),
        *(Exit(str(code), f"The service answered {code}: {words}.", "`next`" if code < 300 else _FAILS)
          for code, words in _STATUSES.items()),
    ),
)  # fmt: skip

FUNCTION = Verb(
    "function",
    "Calls a function of the bot's own functions.py and waits for what it gives.",
    FUNCTION_NAME,
    "function: check_vat",
    (
        Key(
            "with", WITH, "What the function is given, by the names of its parameters.", '{number: "{{ answers.vat }}"}'
        ),
        Key("timeout", DURATION, "How long it may take; a minute at most.", "5s", default="10s"),
        Key("returns", _RETURNS, "The type of what it gives, or a type for each name in it.", "yes_no"),
        Key("save", PATH, "Where the result is kept besides answers.<step>.", "vars.vat"),
    ),
    (Exit("failed", "It raised, took too long, or gave something else than `returns` says.", _FAILS),),
)

AI = Verb(
    "ai",
    "Has a language model sort, read or write a text; whatever goes wrong goes where `fallback` leads.",
    OneOf(("classify", "extract", "generate")),
    "ai: classify\nlabels: {order: order, question: faq}\nfallback: menu",
    (
        Key("labels", Either("a list of labels, or a step for each label", sequence=ListOf(_LABEL, single=False, least=2),
            mapping=MapOf(STEP, keys=_LABEL, least=2)), "The kinds that `classify` tells apart, and where each leads.",
            "{order: order, question: faq}"),
        Key("schema", MapOf(OneOf(RETURNED), keys=NAME, least=1), "The values that `extract` looks for, with their types.",
            "{day: date, people: number}"),
        Key("prompt", PHRASE, "What `generate` writes; to the others further advice.", '"Answer in one sentence."'),
        Key("text", PHRASE, "What it is about; her last message when left out.", '"{{ answers.wish }}"',
            default="{{ input.text }}"),
        Key("fallback", STEP, "Where `failed` and `low_confidence` lead unless they are named.", "menu", required=True),
        Key("confidence", NUMBER, "From 0 to 1: what the model is less sure of is `low_confidence`.", "0.7", default="0.6"),
        Key("timeout", DURATION, "How long one try may take; a minute at most.", "10s", default="20s"),
        Key("retries", RETRIES, "How often it is tried again when the model cannot be reached.", "0", default="1"),
        Key("save", PATH, "Where `label`, `data` or `text` with `confidence` are kept besides answers.<step>.", "vars.intent"),
    ),
    (
        Exit("low_confidence", "The model is less sure than `confidence` asks.", "`fallback`"),
        Exit("failed", "No answer, or none that can be used; or bot.yaml has no `ai`.", "`fallback`"),
    ),
)  # fmt: skip

VERBS = (HTTP, FUNCTION, AI)
SHAPES: tuple[Shape, ...] = ()

# ---- bot.yaml

_HOST = Atom(
    "host", "a host like cal.example, *.cal.example or cal.example:8443",
    pattern=r"^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?(:[0-9]{1,5})?$|^\[[0-9a-f:.]+\](:[0-9]{1,5})?$|^\$\{\w+\}$",
)  # fmt: skip
_SECRET = Atom("secret", 'a secret, best read from the environment: "${CAL_TOKEN}"')

_HTTP = Shape("http", "What `http` steps may do.", (
    Key("allow", ListOf(_HOST, least=0), "The hosts that may be called, over https; `*.cal.example` are those below it.",
        "[cal.example]"),
))  # fmt: skip

_MODEL = Shape("ai", "The language model that `ai` steps ask: any service that speaks OpenAI's chat completions.", (
    Key("url", TEXT, "The address in front of /chat/completions; its host counts as allowed.",
        "https://llm.example/v1", required=True),
    Key("model", TEXT, "The name of the model.", "small-1", required=True),
    Key("key", _SECRET, "The key that is sent as a bearer token.", '"${LLM_KEY}"'),
))  # fmt: skip

BOT_SHAPES = (_HTTP, _MODEL)
BOT_KEYS = (
    Key("secrets", MapOf(_SECRET, keys=NAME), "Values for `http` steps that nobody may see: `{{ secrets.cal_token }}`.",
        '{cal_token: "${CAL_TOKEN}"}'),
    Key("ai", Ref("ai"), "The language model that `ai` steps ask.",
        '{url: https://llm.example/v1, model: small-1, key: "${LLM_KEY}"}'),
)  # fmt: skip
