"""How things stand in the database, against what a talk expects of it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from trinario import jsons
from trinario.model.contact import Contact
from trinario.model.session import Session
from trinario.model.value import plain
from trinario.testing.people import Cast, Person
from trinario.testing.worlds import Machine

LIST_OR_COUNT = frozenset(
    {"identities", "tickets", "goals", "refused", "sessions", "faults", "enrolled", "notices", "ledger", "calls"}
)
"""What may be expected as a list of names or as their number."""


class Standing:
    """What is known of one person now. `contact` is None while nothing was ever heard of her."""

    def __init__(self, machine: Machine, cast: Cast, person: Person) -> None:
        self._machine = machine
        now = machine.clock.now()
        self.contact: Contact | None = None
        for channel in (person.channel, *person.ids):
            where = {"identity": (channel, person.ids[channel])}
            ids = machine.store.run_now(lambda unit, where=where: unit.contact_ids(where))  # type: ignore[misc]
            if ids:
                self.contact = machine.store.run_now(lambda unit, ids=ids: unit.contacts(ids, now))[0]  # type: ignore[misc]
                break
        self._id = self.contact.id if self.contact else 0
        self.sessions: list[Session] = machine.store.run_now(lambda unit: unit.sessions(self._id, 50))

    @property
    def session(self) -> Session | None:
        """The session whose question is pending, else the one that moved last."""
        pending = next((session for session in self.sessions if session.foreground), None)
        return (
            pending
            or next((session for session in self.sessions if session.live), None)
            or next(iter(self.sessions), None)
        )

    def differences(self, wanted: Mapping[str, Any]) -> list[tuple[str, str]]:
        """(name, what is wrong) of everything that is not as wanted."""
        found = []
        for name, value in wanted.items():
            actual = self.look(name, as_count=not isinstance(value, list | tuple))
            if not _same(name, value, actual):
                found.append((name, f"{name} is {_shown(actual)}, not {_shown(value)}"))
        return found

    def look(self, name: str, as_count: bool = False) -> Any:
        """What is there under a name of `expect`."""
        head, point, rest = name.partition(".")
        found = self._values(head).get(rest) if point else _PLAIN[name](self)
        return len(found) if as_count and isinstance(found, list) and name in LIST_OR_COUNT else found

    def _values(self, head: str) -> Mapping[str, Any]:
        contact, session = self.contact, self.session
        if head == "ticket":
            return self._ticket()
        if head == "notice":
            return self._notice()
        if head == "consent":
            return contact.consent if contact else {}
        if head == "fields":
            return contact.fields if contact else {}
        if head in ("answers", "vars"):
            return getattr(session, head) if session else {}
        names = ("id", "first_name", "last_name", "name", "language", "timezone")
        return {name: getattr(contact, name) for name in names} if contact else {}

    def _ticket(self) -> Mapping[str, Any]:
        """The newest ticket of the contact."""
        sql = (
            "SELECT team, note, priority, CASE WHEN closed_at IS NOT NULL THEN 'closed' WHEN answered_at IS NOT NULL THEN"
            " 'answered' ELSE 'open' END, assignee FROM tickets WHERE contact_id = ? ORDER BY id DESC LIMIT 1"
        )
        names = ("team", "note", "priority", "state", "assignee")
        rows = self._machine.rows(sql, self._id)
        return dict(zip(names, rows[0], strict=True)) if rows else {}

    def _column(self, sql: str) -> list[Any]:
        return [row[0] for row in self._machine.rows(sql, self._id)]

    def tickets(self) -> list[Any]:
        """The teams of her tickets, oldest first."""
        return self._column("SELECT team FROM tickets WHERE contact_id = ? ORDER BY id")

    def goals(self) -> list[Any]:
        """The goals that were counted, oldest first."""
        data = self._column("SELECT data FROM events WHERE contact_id = ? AND name = 'goal' ORDER BY id")
        return [jsons.loads(one)["goal"] for one in data]

    def refused(self) -> list[Any]:
        """Why messages did not go, oldest first."""
        return self._column("SELECT refusal FROM outbox WHERE contact_id = ? AND status = 8 ORDER BY id")

    def faults(self) -> list[Any]:
        """What operators were told of: sessions that failed, values that could not be worked out."""
        return self._machine.faults()

    def enrolled(self) -> list[Any]:
        """The sequences that she is in."""
        sql = "SELECT sequence FROM enrolments WHERE contact_id = ? AND state = 'live' ORDER BY id"
        return self._column(sql)

    def notices(self) -> list[Any]:
        """Whom the bot has told something about her, oldest first."""
        return self._column("SELECT whom FROM notices WHERE contact_id = ? ORDER BY id")

    def ledger(self) -> list[Any]:
        """The entries of her ledger of permissions, oldest first: purpose and state."""
        sql = "SELECT purpose || ' ' || state FROM consents WHERE contact_id = ? ORDER BY id"
        return self._column(sql)

    def _notice(self) -> Mapping[str, Any]:
        """The newest notice about the contact."""
        names = ("to", "address", "text")
        sql = "SELECT whom, address, text FROM notices WHERE contact_id = ? ORDER BY id DESC LIMIT 1"
        rows = self._machine.rows(sql, self._id)
        return dict(zip(names, rows[0], strict=True)) if rows else {}

    @property
    def calls(self) -> list[str]:
        """The requests that were made, oldest first: `POST https://cal.example/holds`."""
        return list(self._machine.stubs.asked)

    def contacts(self) -> int:
        """How many people the bot thinks there are."""
        return int(self._machine.rows("SELECT COUNT(*) FROM contacts WHERE merged_into IS NULL")[0][0])


def _step(standing: Standing) -> str | None:
    session = standing.session
    return session.wait.step if session and session.live and session.wait else None


_PLAIN: Mapping[str, Callable[[Standing], Any]] = {
    "tags": lambda it: sorted(it.contact.tags) if it.contact else [],
    "session": lambda it: it.session.status if it.session else "none",
    "flow": lambda it: it.session.flow if it.session else None,
    "step": _step,
    "owner": lambda it: it.contact.owner if it.contact else None,
    "channel": lambda it: it.contact.channel if it.contact else None,
    "identities": lambda it: sorted(i.channel for i in it.contact.identities) if it.contact else [],
    "contacts": Standing.contacts,
    "sessions": lambda it: sorted(session.flow for session in it.sessions),
    "tickets": Standing.tickets,
    "goals": Standing.goals,
    "refused": Standing.refused,
    "calls": lambda it: it.calls,
    "enrolled": Standing.enrolled,
    "notices": Standing.notices,
    "ledger": Standing.ledger,
    "faults": Standing.faults,
}


def _same(name: str, wanted: Any, actual: Any) -> bool:
    if isinstance(wanted, list | tuple):
        found = list(actual) if isinstance(actual, list | tuple) else [actual]
        unordered = name in ("tags", "identities", "sessions")
        one, other = [_plain(item) for item in wanted], [_plain(item) for item in found]
        return sorted(map(str, one)) == sorted(map(str, other)) if unordered else one == other
    if wanted is None:
        return actual in (None, "", "none")
    return bool(_plain(wanted) == _plain(actual))


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else plain(value)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, list | tuple):
        return f"[{', '.join(str(plain(item)) for item in value)}]"
    return str(plain(value))
