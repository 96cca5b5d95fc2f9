"""What a bot or a flow says about when marketing may be sent, to frozen rules."""

from collections.abc import Mapping

from trinario.authoring.reader import Record
from trinario.model.policy import A_MONTH, Cap, Disclosure, Need, Rules


def rules(record: Record | None) -> Rules | None:
    """The rules of a `policy`, as far as they could be read; None where there is none."""
    if record is None:
        return None
    late = record.get("late")
    caps = tuple(
        Cap(int(cap.get("max")), cap.get("per"))
        for cap in record.get("cap") or ()
        if cap.get("max") is not None and cap.get("per") is not None
    )
    return Rules(tuple(record.get("quiet_hours") or ()), caps, _needs(record), late.elapsed if late else None)


def _needs(record: Record) -> Mapping[str, Need]:
    given = record.get("consent") if record.has("consent") else None
    if given is None:
        return {}
    return dict(given) if isinstance(given, Mapping) else {"": given}


def disclosure(record: Record | None) -> Disclosure | None:
    """When a bot says that it is one; None where its file does not say."""
    if record is None:
        return None
    when = frozenset(record.get("when") or ("start", "takeover"))
    return Disclosure(when, record.get("after") or A_MONTH, tuple(record.get("countries") or ()))
