"""Views that stay as they are, for tools that read the database: no names, no words of anybody, people by number only."""

from collections.abc import Iterator
from dataclasses import dataclass
from string import Template

from sqlalchemy import Connection

from trinario.store.bulk import execute

STATUSES = ("pending", "sending", "unknown", "accepted", "sent", "delivered", "read", "failed", "refused", "withdrawn")
"""What becomes of a message, by the rank that the outbox keeps."""

STATES = ("waiting", "on the way", "begun", "left out", "withdrawn")
"""How far a recipient is, by the number that is kept."""

SLOT_STATES = ("filling", "filled", "passed over", "cancelled", "over")


@dataclass(frozen=True, slots=True)
class View:
    """`columns` are (name, SQL, what it says); an expression may hold $moment(x), $word(x:list), $before(x), $behind(x),
    $number(x:key) and $json(x:key), which both databases spell in their own way."""

    name: str
    says: str
    columns: tuple[tuple[str, str, str], ...]
    source: str


VIEWS = (
    View("report_contacts", "Everybody, without what is known of them.", (
        ("contact_id", "k.id", "the number of the contact in every view"),
        ("merged_into", "k.merged_into", "the contact that she has become"),
        ("language", "k.language", ""), ("timezone", "k.timezone", ""), ("channel", "k.channel", "the one she last wrote on"),
        ("created_at", "$moment(k.created_at)", ""), ("last_seen_at", "$moment(k.last_seen_at)", "when she last wrote"),
    ), "contacts k"),
    View("report_campaigns", "Campaigns that were started, and each time at which they went or go.", (
        ("campaign", "c.name", ""), ("state", "c.state", "running, paused, held, done, cancelled"),
        ("started_at", "$moment(c.since)", ""), ("slot_id", "s.id", "empty where none has come yet"),
        ("slot", "s.slot", "the time on the wall"), ("due_at", "$moment(s.due_at)", ""),
        ("slot_state", "$word(s.state:slots)", ", ".join(SLOT_STATES)), ("recipients", "s.recipients", ""),
        ("left_out", "s.left_out", "of these when they were written down"), ("had_turn", "s.released", "of these"),
    ), "campaigns c LEFT JOIN campaign_slots s ON s.campaign = c.name"),
    View("report_recipients", "Everybody whom a campaign is for, once for each time at which it goes.", (
        ("recipient_id", "r.id", ""), ("campaign", "s.campaign", ""), ("slot_id", "r.slot", ""), ("contact_id", "r.contact_id", ""),
        ("state", "$word(r.state:states)", ", ".join(STATES)), ("reason", "r.reason", "why she is left out, or waits"),
        ("variant", "r.variant", "what she drew; `holdout` gets nothing"), ("due_at", "$moment(r.due_at)", ""),
        ("changed_at", "$moment(r.at)", ""),
    ), "recipients r JOIN campaign_slots s ON s.id = r.slot"),
    View("report_messages", "Every message of ours: a row is one message on one channel.", (
        ("message_id", "o.id", ""), ("contact_id", "o.contact_id", ""), ("channel", "o.channel", ""),
        ("flow", "$before(o.cause)", "`campaign/NAME` and `sequence/NAME/STEP` say one message"), ("step", "$behind(o.cause)", ""),
        ("campaign", "s.campaign", "whose session said it; empty for none"), ("slot_id", "o.campaign", ""),
        ("purpose", "o.purpose", ""), ("status", "$word(o.status:statuses)", ", ".join(STATUSES)),
        ("refusal", "o.refusal", "why it did not go, or waits"), ("created_at", "$moment(o.created_at)", ""),
        ("sent_at", "$moment(o.sent_at)", ""),
    ), "outbox o LEFT JOIN campaign_slots s ON s.id = o.campaign"),
    View("report_heard", "Every message that people wrote, without its words: who answers within three days has answered.", (
        ("message_id", "h.id", ""), ("contact_id", "h.contact_id", ""), ("channel", "h.channel", ""), ("kind", "h.kind", "text, image, ..."),
        ("at", "$moment(h.at)", ""),
    ), "messages h WHERE h.direction = 'in'"),
    View("report_clicks", "Short links in messages, opened or not; where they lead is left out, as it may name somebody.", (
        ("contact_id", "l.contact_id", ""), ("channel", "l.channel", ""), ("campaign", "s.campaign", ""), ("slot_id", "l.campaign", ""),
        ("made_at", "$moment(l.made_at)", ""), ("first_opened_at", "$moment(l.clicked_at)", ""), ("opened", "l.clicks", "how often"),
    ), "short_links l LEFT JOIN campaign_slots s ON s.id = l.campaign"),
    View("report_steps", "Every session at every step of a flow that it came to, once; step '' is the flow itself.", (
        ("session", "p.session", ""), ("contact_id", "n.contact_id", "empty once she is erased"), ("flow", "p.flow", ""),
        ("revision", "p.revision", ""), ("step", "p.step", ""),
        ("way", "p.how", "the exit it left by; `waits` or `called` while it stands there, `.../end` if it ended there without an answer"),
        ("arrived_at", "$moment(p.arrived_at)", "the first time"), ("left_at", "$moment(p.left_at)", "the last time"),
        ("seconds", "CASE WHEN p.left_at IS NULL THEN NULL ELSE p.took END", "between the two"),
        ("campaign", "s.campaign", "which brought it"), ("slot_id", "p.slot", ""), ("variant", "p.variant", ""),
        ("channel", "p.channel", "hers at that time"), ("language", "p.language", ""),
    ), "passages p LEFT JOIN sessions n ON n.id = p.session LEFT JOIN campaign_slots s ON s.id = p.slot"),
    View("report_sequences", "Everybody who is or was in a sequence, once for each time she was enrolled.", (
        ("enrolment_id", "e.id", ""), ("contact_id", "e.contact_id", ""), ("sequence", "e.sequence", ""),
        ("state", "e.state", "live, done, left"), ("last_step", "e.step", ""), ("next_step", "e.next", ""),
        ("next_at", "$moment(e.due_at)", ""), ("why", "e.why", "what she left because of"),
        ("enrolled_at", "$moment(e.enrolled_at)", ""), ("ended_at", "$moment(e.ended_at)", ""),
    ), "enrolments e"),
    View("report_goals", "Goals that were reached.", (
        ("contact_id", "g.contact_id", ""), ("goal", "$json(g.data:goal)", ""), ("flow", "$json(g.data:flow)", ""),
        ("step", "$json(g.data:step)", ""), ("session", "$json(g.data:session)", ""), ("amount", "$number(g.data:value)", "what it was worth, where that is a number"), ("currency", "$json(g.data:currency)", ""),
        ("at", "$moment(g.at)", ""),
    ), "events g WHERE g.name = 'goal'"),
    View("report_consent", "The ledger of permissions, without the words that were said.", (
        ("entry_id", "c.id", ""), ("contact_id", "c.contact_id", ""), ("purpose", "c.purpose", ""),
        ("channel", "c.channel", "'' is every one"), ("state", "c.state", ""), ("evidence", "c.evidence", "by what we know"),
        ("version", "c.version", "of the wording"), ("at", "$moment(c.at)", ""), ("expires_at", "$moment(c.expires_at)", ""),
    ), "consents c"),
)  # fmt: skip

_LISTS = {"slots": SLOT_STATES, "states": STATES, "statuses": STATUSES}


def create(conn: Connection) -> None:
    """Make all of them."""
    for statement in statements(conn.dialect.name):
        execute(conn, statement)


def drop(conn: Connection) -> None:
    """Take them away."""
    for view in VIEWS:
        execute(conn, f"DROP VIEW {view.name}")


def statements(dialect: str) -> Iterator[str]:
    """The SQL of each, in the words of that database."""
    for view in VIEWS:
        columns = ", ".join(f"{_spelled(sql, dialect)} AS {name}" for name, sql, _ in view.columns)
        yield f"CREATE VIEW {view.name} AS SELECT {columns} FROM {view.source}"


def _spelled(sql: str, dialect: str) -> str:
    """The expression as that database has it."""
    if not sql.startswith("$"):
        return sql
    kind, _, given = sql[1:-1].partition("(")
    value, _, more = given.partition(":")
    if kind == "word":
        return f"CASE {value} {' '.join(f'WHEN {number} THEN {chr(39)}{word}{chr(39)}' for number, word in enumerate(_LISTS[more]))} END"
    return Template(_WAYS[kind][dialect == "postgresql"]).substitute(x=value, key=more)


_WAYS = {
    "moment": ("strftime('%Y-%m-%dT%H:%M:%fZ', $x / 1000.0, 'unixepoch')", "to_timestamp($x / 1000.0)"),
    "before": ("CASE WHEN $x = '' THEN '' ELSE substr($x, 1, instr($x, '.') - 1) END", "split_part($x, '.', 1)"),
    "behind": ("CASE WHEN $x = '' THEN '' ELSE substr($x, instr($x, '.') + 1) END", "split_part($x, '.', 2)"),
    "number": (
        "CASE WHEN json_type($x, '$$.$key') IN ('integer', 'real') THEN json_extract($x, '$$.$key') END",
        "CASE WHEN jsonb_typeof($x -> '$key') = 'number' THEN ($x ->> '$key')::numeric END",
    ),
    "json": ("json_extract($x, '$$.$key')", "$x ->> '$key'"),
}
"""Each for SQLite, and for PostgreSQL."""
