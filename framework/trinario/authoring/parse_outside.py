"""The steps that ask the outside: addresses in parts, secrets where they may stand, bodies as trees."""

from collections.abc import Mapping
from typing import Any

from jinja2 import nodes

from trinario.authoring.nodes import Node
from trinario.authoring.notes import Notes, Path, Written
from trinario.authoring.reader import Record
from trinario.expressions import Phrase, compile_phrase, parts_of, path_of
from trinario.model.duration import Duration
from trinario.model.flow import Ai, Function, Http, Secret, Step
from trinario.model.flow.outside import Pieces

Common = dict[str, Any]

SEALABLE = ("http", "headers", "json", "form", "text")
"""Keys of an `http` step in which a secret may stand."""

OWN_HEADERS = frozenset({
    "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "accept-encoding",
    "idempotency-key", "proxy-authorization", "expect",
})  # fmt: skip
"""Headers that the request has of its own."""

MOST = Duration(seconds=60)


def _body_kind(method: str, record: Record, notes: Notes) -> str:
    """json, form or text, "" for a request without a body; more than one, or one that is not sent, is an issue."""
    bodies = [name for name in ("json", "form", "text") if record.has(name)]
    for second in bodies[1:]:
        message = f"`{bodies[0]}` and `{second}` do not go into one request"
        notes.fault("T015", record.nodes[second], message, "keep one")
    if bodies and method in ("GET", "HEAD"):
        notes.fault("T015", record.nodes[bodies[0]], f"a {method} request sends nothing",
                    "put the values into the address, or write POST")  # fmt: skip
    return bodies[0] if bodies else ""


def _check_headers(record: Record, notes: Notes) -> None:
    for name in record.get("headers") or {}:
        if name.lower() in OWN_HEADERS:
            hint = "write `idempotency_key`" if name.lower() == "idempotency-key" else "leave it out"
            notes.fault("T021", record.nodes["headers"], f"the header {name} is set by us", hint)


def http(common: Common, value: Any, record: Record, notes: Notes) -> Step | None:
    """An `http` step; None when its address cannot be used."""
    method, phrase = value
    form = _body_kind(method, record, notes)
    _check_headers(record, notes)
    sealed = _secrets(record.path, notes)
    address = _pieces(phrase, blocks=False)
    if address is None:
        notes.fault("T051", record.nodes["http"], "an address has no {% %} in it", "work it out with `set` before")
    keyed = _key(record, notes)
    if record.has("retries") and record.get("retries") and not keyed and method in ("POST", "PATCH"):
        notes.fault("T014", record.nodes["retries"], f"a {method} is not tried again without `idempotency_key`",
                    "write idempotency_key: true beside it, or leave `retries` out")  # fmt: skip
    if address is None or not sealed:
        return None
    return Http(
        **common, method=method, address=address,
        headers={name: _pieces(text) or () for name, text in (record.get("headers") or {}).items()},
        form=form, body=_body(form, record.get(form)) if form else None,  # type: ignore[arg-type]
        timeout=_timeout(record, notes), retries=record.get("retries"), keyed=keyed, save=record.get("save"),
        returns=record.get("returns") or "any", shown=f"{method} {phrase.source}",
    )  # fmt: skip


def _key(record: Record, notes: Notes) -> Phrase | bool:
    key = record.get("idempotency_key")
    if isinstance(key, bool) or key is None:
        return bool(key)
    if not isinstance(key, Phrase) or key.constant is not None:
        notes.fault("T021", record.nodes["idempotency_key"], "this key is the same for everybody, so it would be done once only",
                    'write true, or what is different each time, like "{{ answers.order }}"')  # fmt: skip
        return True
    return key if isinstance(key, Phrase) else compile_phrase(str(key))


def _timeout(record: Record, notes: Notes) -> Duration:
    timeout: Duration = record.get("timeout")
    if timeout.elapsed > MOST.elapsed or not timeout:
        notes.fault("T021", record.nodes["timeout"], f"a call takes a second to a minute, not {timeout}", "write 10s")
        return MOST
    return timeout


def _body(form: str, body: Any) -> Any:
    if form == "json":
        return _tree(body)
    if form == "form":
        return {name: _pieces(text) or () for name, text in body.items()}
    return _pieces(body) or ()


def _tree(body: Any) -> Any:
    """Phrases with secrets in them become parts; all else stays what it is."""
    if isinstance(body, Phrase):
        return _pieces(body) if _names_secret(body) else body
    if isinstance(body, Mapping):
        return {key: _tree(item) for key, item in body.items()}
    return [_tree(item) for item in body] if isinstance(body, list | tuple) else body


def _pieces(phrase: Phrase, *, blocks: bool = True) -> Pieces | None:
    """The parts of a text, secrets by name; one with blocks is one part, or None."""
    parts = parts_of(phrase)
    if parts is None:
        return (phrase,) if blocks else None
    return tuple(_secret(one) or one if isinstance(one, Phrase) else one for one in parts)


def name_in(part: str | Phrase | Secret) -> tuple[str, ...]:
    """The dotted name that an expression is, and nothing else; empty for any other."""
    if not isinstance(part, Phrase) or len(part.tree.body) != 1:
        return ()
    (output,) = part.tree.body
    return (path_of(output.nodes[0]) or ()) if isinstance(output, nodes.Output) else ()


def _secret(part: Phrase) -> Secret | None:
    """The secret that an expression is, and nothing else."""
    path = name_in(part)
    return Secret(path[1]) if path[:1] == ("secrets",) and len(path) == 2 else None


def _names_secret(phrase: Phrase) -> bool:
    return any(use.path[0] == "secrets" for use in phrase.uses)


def _secrets(path: Path, notes: Notes) -> bool:
    """Whether every secret of the step stands alone between its braces, where one may stand."""
    good = True
    for written in notes.written:
        inside = written.path[: len(path)] == path and written.path[len(path) : len(path) + 1]
        if inside and inside[0] in SEALABLE and isinstance(written.text, Phrase) and _names_secret(written.text):
            good = _alone(written, notes) and good
    return good


def _alone(written: Written, notes: Notes) -> bool:
    assert isinstance(written.text, Phrase)
    parts = parts_of(written.text)
    open_ones = [one for one in parts or (written.text,) if isinstance(one, Phrase) and _names_secret(one)]
    odd = [one for one in open_ones if parts is None or _secret(one) is None]
    for one in odd:
        use = next(use for use in one.uses if use.path[0] == "secrets")
        notes.fault_within("T051", written.scalar, max(0, use.offsets[0] - written.shift), len(".".join(use.path)),
                           "a secret stands alone between its braces: nothing can be worked out from it",
                           "write {{ " + ".".join(use.path[:2]) + " }}")  # fmt: skip
    return not odd


def function(common: Common, value: str, record: Record, notes: Notes) -> Step:
    """A `function` step."""
    return Function(
        **common, function=value, inputs=record.get("with") or {}, timeout=_timeout(record, notes),
        save=record.get("save"), returns=record.get("returns") or "any",
    )  # fmt: skip


_NEEDS = {"classify": "labels", "extract": "schema", "generate": "prompt"}
_TAKEN = frozenset({"next", "failed", "low_confidence", "skipped", "timeout", "end"})


def ai(common: Common, value: str, record: Record, notes: Notes) -> Step | None:
    """An `ai` step; None when it does not say what is wanted."""
    needed = _NEEDS[value]
    if not record.has(needed):
        notes.fault("T014", record.nodes["ai"], f"`ai: {value}` needs `{needed}`", f"write {needed}: ...")
        return None
    for task, name in _NEEDS.items():
        if name != "prompt" and task != value and record.has(name):
            notes.fault("T015", record.nodes[name], f"`{name}` goes with `ai: {task}` only", "leave it out")
    labels = record.get("labels") or ()
    leads = dict(labels) if isinstance(labels, Mapping) else {}
    for label in labels:
        if label in _TAKEN:
            notes.fault("T021", record.nodes["labels"], f'a label cannot be called "{label}"', "choose another word")
    if value == "generate" and record.has("confidence"):
        notes.fault(
            "T015", record.nodes["confidence"], "`confidence` goes with classify and extract only", "leave it out"
        )
    fallback = record.get("fallback")
    if fallback is None:
        return None
    exits = {"failed": fallback, "low_confidence": fallback, **common.pop("exits"), **leads}
    return Ai(
        **common, exits=exits, task=value, text=record.get("text"), fallback=fallback, labels=tuple(labels),  # type: ignore[arg-type]
        wanted=record.get("schema") or {}, prompt=record.get("prompt"),
        confidence=None if value == "generate" else _share(record, notes), timeout=_timeout(record, notes),
        retries=record.get("retries"), save=record.get("save"),
    )  # fmt: skip


def _share(record: Record, notes: Notes) -> Any:
    share = record.get("confidence")
    if not 0 <= share <= 1:
        node: Node = record.nodes["confidence"]
        notes.fault("T021", node, f"`confidence` goes from 0 to 1, and {share} does not", "write 0.7")
    return share


MAKERS = {"http": http, "function": function, "ai": ai}
