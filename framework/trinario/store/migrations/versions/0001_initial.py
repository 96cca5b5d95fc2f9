"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from trinario.store import views

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("fields", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("tags", JSON, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("consent", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("last_heard", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("last_seen_at", NUMBER, nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), server_default=sa.text("'bot'"), nullable=False),
        sa.Column("owner_until", NUMBER, nullable=True),
        sa.Column("pending_link", sa.Text(), nullable=True),
        sa.Column("marks", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("changed", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("merged_into", NUMBER, nullable=True),
        sa.Column("parted", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("looked", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "contacts_people",
        "contacts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("owner = 'person'"),
        postgresql_where=sa.text("owner = 'person'"),
    )
    op.create_table(
        "consents",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("version", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("said", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("session", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("origin", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("consents_contact", "consents", ["contact_id", "id"], unique=False)
    op.create_table(
        "enrolments",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("sequence", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'live'"), nullable=False),
        sa.Column("step", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("due_at", NUMBER, nullable=True),
        sa.Column("next", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("revision", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("progress", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("out", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("session", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("enrolled_at", NUMBER, nullable=False),
        sa.Column("ended_at", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    live = sa.text("state = 'live'")
    op.create_index(
        "enrolments_live",
        "enrolments",
        ["contact_id", "sequence"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_index("enrolments_due", "enrolments", ["due_at"], unique=False, sqlite_where=live, postgresql_where=live)
    op.create_index(
        "enrolments_reckoned",
        "enrolments",
        ["sequence", "revision", "id"],
        unique=False,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_index("enrolments_contact", "enrolments", ["contact_id", "id"], unique=False)
    op.create_index("enrolments_told", "enrolments", ["sequence", "enrolled_at"], unique=False)
    out = sa.text("state = 'live' AND out = 1")
    op.create_index("enrolments_out", "enrolments", ["id"], unique=False, sqlite_where=out, postgresql_where=out)
    op.create_table(
        "notices",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("whom", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("status", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("not_before", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.Column("ended_at", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("notices_key", "notices", ["key"], unique=True)
    pending = sa.text("status = 0")
    op.create_index(
        "notices_pending", "notices", ["not_before"], unique=False, sqlite_where=pending, postgresql_where=pending
    )
    op.create_index("notices_contact", "notices", ["contact_id", "id"], unique=False)
    op.create_table(
        "draw_tickets",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("draw", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("session", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("draw_tickets_number", "draw_tickets", ["draw", "number"], unique=True)
    op.create_index("draw_tickets_contact", "draw_tickets", ["contact_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("data", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("events_contact", "events", ["contact_id", "id"], unique=False)
    op.create_index("events_name", "events", ["name", "id"], unique=False)
    op.create_table(
        "deployments",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("manifest", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("source", NUMBER, nullable=True),
        sa.Column("moving", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("after_contact", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "flow_revisions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("words", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("name", "revision"),
    )
    op.create_table(
        "identities",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.Column("unreachable", sa.Text(), nullable=True),
        sa.Column("unreachable_until", NUMBER, nullable=True),
        sa.Column("country", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("identities_contact", "identities", ["contact_id"], unique=False)
    op.create_index("identities_value", "identities", ["value", "channel", "kind"], unique=True)
    op.create_table(
        "inbox",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", NUMBER, nullable=False),
        sa.Column("not_before", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("status", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("priority", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("inbox_contact", "inbox", ["contact_id", "id"], unique=False)
    op.create_index("inbox_external", "inbox", ["external_id", "channel"], unique=True)
    op.create_index(
        "inbox_dead",
        "inbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 2"),
        postgresql_where=sa.text("status = 2"),
    )
    op.create_index(
        "inbox_later",
        "inbox",
        ["not_before"],
        unique=False,
        sqlite_where=sa.text("status = 0 AND not_before > 0"),
        postgresql_where=sa.text("status = 0 AND not_before > 0"),
    )
    op.create_index(
        "inbox_strays",
        "inbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("kind = 'unsupported'"),
        postgresql_where=sa.text("kind = 'unsupported'"),
    )
    op.create_index(
        "inbox_pending",
        "inbox",
        ["priority", "id"],
        unique=False,
        sqlite_where=sa.text("status = 0"),
        postgresql_where=sa.text("status = 0"),
    )
    op.create_index(
        "inbox_pending_contact",
        "inbox",
        ["contact_id", "id"],
        unique=False,
        sqlite_where=sa.text("status = 0"),
        postgresql_where=sa.text("status = 0"),
    )
    op.create_table(
        "link_guesses",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("sender", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("link_guesses_at", "link_guesses", ["at"], unique=False)
    op.create_index("link_guesses_sender", "link_guesses", ["sender", "at"], unique=False)
    op.create_table(
        "phone_codes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("used_at", NUMBER, nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("phone_codes_contact", "phone_codes", ["contact_id", "created_at"], unique=False)
    op.create_index("phone_codes_created", "phone_codes", ["created_at"], unique=False)
    op.create_index("phone_codes_number", "phone_codes", ["number", "created_at"], unique=False)
    op.create_table(
        "link_tokens",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("confirm", sa.SmallInteger(), nullable=True),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.Column("used_at", NUMBER, nullable=True),
        sa.Column("used_by", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("link_tokens_offer", "link_tokens", ["offer"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("outbox_key", sa.Text(), nullable=True),
        sa.Column("signed", sa.Text(), nullable=True),
        sa.Column("altered", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("messages_contact", "messages", ["contact_id", "id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("status", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("not_before", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("run", NUMBER, nullable=True),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("awaited", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("human", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("reply_to", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("typing", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("prior", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.Column("sent_at", NUMBER, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("campaign", NUMBER, nullable=True),
        sa.Column("price", sa.Text(), nullable=True),
        sa.Column("free_until", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "outbox_campaign",
        "outbox",
        ["campaign", "status"],
        unique=False,
        sqlite_where=sa.text("campaign IS NOT NULL"),
        postgresql_where=sa.text("campaign IS NOT NULL"),
    )
    op.create_index("outbox_external", "outbox", ["external_id"], unique=False)
    op.create_index("outbox_cause", "outbox", ["cause", "created_at"], unique=False)
    op.create_index("outbox_identity", "outbox", ["value", "channel", "id"], unique=False)
    op.create_index("outbox_key", "outbox", ["key"], unique=True)
    op.create_index(
        "outbox_later",
        "outbox",
        ["not_before"],
        unique=False,
        sqlite_where=sa.text("status = 0 AND not_before > 0"),
        postgresql_where=sa.text("status = 0 AND not_before > 0"),
    )
    op.create_index(
        "outbox_open",
        "outbox",
        ["contact_id", "id"],
        unique=False,
        sqlite_where=sa.text("status IN (0, 1, 2)"),
        postgresql_where=sa.text("status IN (0, 1, 2)"),
    )
    op.create_index(
        "outbox_priced",
        "outbox",
        ["sent_at"],
        unique=False,
        sqlite_where=sa.text("price IS NOT NULL"),
        postgresql_where=sa.text("price IS NOT NULL"),
    )
    op.create_index(
        "outbox_pushes",
        "outbox",
        ["contact_id", "created_at"],
        unique=False,
        sqlite_where=sa.text("purpose = 'marketing' AND priority = 1"),
        postgresql_where=sa.text("purpose = 'marketing' AND priority = 1"),
    )
    op.create_index(
        "outbox_sending",
        "outbox",
        ["run"],
        unique=False,
        sqlite_where=sa.text("status = 1"),
        postgresql_where=sa.text("status = 1"),
    )
    op.create_index(
        "outbox_session",
        "outbox",
        ["session"],
        unique=False,
        sqlite_where=sa.text("status = 0"),
        postgresql_where=sa.text("status = 0"),
    )
    op.create_index(
        "outbox_unknown",
        "outbox",
        ["not_before"],
        unique=False,
        sqlite_where=sa.text("status = 2"),
        postgresql_where=sa.text("status = 2"),
    )
    op.create_index(
        "outbox_ready",
        "outbox",
        ["channel", "priority", "id"],
        unique=False,
        sqlite_where=sa.text("status = 0 AND not_before = 0"),
        postgresql_where=sa.text("status = 0 AND not_before = 0"),
    )
    op.create_index(
        "outbox_due",
        "outbox",
        ["channel", "priority", "not_before"],
        unique=False,
        sqlite_where=sa.text("status = 0 AND not_before > 0"),
        postgresql_where=sa.text("status = 0 AND not_before > 0"),
    )
    op.create_index(
        "outbox_faulty",
        "outbox",
        ["campaign"],
        unique=False,
        sqlite_where=sa.text("status = 8 AND refusal IN ('template_disabled', 'template_category')"),
        postgresql_where=sa.text("status = 8 AND refusal IN ('template_disabled', 'template_category')"),
    )
    op.create_index(
        "outbox_campaign_ready",
        "outbox",
        ["campaign"],
        unique=False,
        sqlite_where=sa.text("status = 0 AND not_before = 0 AND campaign IS NOT NULL"),
        postgresql_where=sa.text("status = 0 AND not_before = 0 AND campaign IS NOT NULL"),
    )
    op.create_table(
        "merges",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kept", NUMBER, nullable=False),
        sa.Column("taken", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("evidence", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("mark", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("before", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("undone_at", NUMBER, nullable=True),
        sa.Column("undone_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("undone_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("merges_kept", "merges", ["kept"], unique=False)
    op.create_index("merges_taken", "merges", ["taken"], unique=False)
    op.create_table(
        "merged_rows",
        sa.Column("merge", NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("merge", "name", "key"),
    )
    op.create_index("merged_rows_key", "merged_rows", ["name", "key"], unique=False)
    op.create_table(
        "known_by",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("contact_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", "contact_id"),
    )
    op.create_index("known_by_contact", "known_by", ["contact_id"], unique=False)
    op.create_table(
        "suggestions",
        sa.Column("one", NUMBER, autoincrement=False, nullable=False),
        sa.Column("two", NUMBER, autoincrement=False, nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("one", "two"),
    )
    op.create_index("suggestions_two", "suggestions", ["two"], unique=False)
    op.create_table(
        "tombstones",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "erasures",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("contacts", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "paces",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("empty_at", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("rests_from", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("rests_until", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("slow_until", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("share", sa.SmallInteger(), server_default=sa.text("100"), nullable=False),
        sa.Column("bulk_until", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("trouble", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("since", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("quality", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("most", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("day_full", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("channel"),
    )
    op.create_table(
        "template_states",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("until", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("category", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("becomes", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("becomes_at", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("quality", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("channel", "name", "language"),
    )
    op.create_table(
        "media_uploads",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("uploaded_at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("account", "digest", "kind"),
    )
    op.create_table(
        "fronts",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("channel"),
    )
    op.create_table(
        "account_tokens",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("renewed_at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("channel"),
    )
    op.create_table(
        "media",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("place", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("url", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("mime_type", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("filename", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("status", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("run", NUMBER, nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("not_before", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("held", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("size", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("digest", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.Column("ended_at", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    for name, column, where in (
        ("media_due", "not_before", "status = 0"),
        ("media_out", "run", "run IS NOT NULL"),
        ("media_stored", "ended_at", "status = 2"),
        ("media_doomed", "not_before", "held = 1 AND status >= 3"),
    ):
        op.create_index(name, "media", [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("media_message", "media", ["message", "channel"])
    op.create_index("media_contact", "media", ["contact_id"])
    op.create_table(
        "calls",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("timeout", NUMBER, nullable=False),
        sa.Column("retries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("again", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("until", NUMBER, nullable=False),
        sa.Column("status", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("lives", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("not_before", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("run", NUMBER, nullable=True),
        sa.Column("code", NUMBER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("calls_contact", "calls", ["contact_id", "id"], unique=False)
    op.create_index("calls_key", "calls", ["key"], unique=True)
    op.create_index("calls_created", "calls", ["created_at"], unique=False)
    for name, columns, where in (
        ("calls_waiting", ["lives", "id"], "status = 0"),
        ("calls_later", ["not_before"], "status = 0 AND not_before > 0"),
        ("calls_out", ["run"], "status = 1"),
        ("calls_session", ["session"], "status = 0"),
    ):
        partial = sa.text(where)
        op.create_index(name, "calls", columns, unique=False, sqlite_where=partial, postgresql_where=partial)
    op.create_table(
        "receipts",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("status", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("price", sa.Text(), nullable=True),
        sa.Column("free_until", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("receipts_message", "receipts", ["message_id", "channel"], unique=False)
    op.create_table(
        "passages",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("arrived_at", NUMBER, nullable=False),
        sa.Column("left_at", NUMBER, nullable=True),
        sa.Column("took", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("revision", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("slot", NUMBER, nullable=True),
        sa.Column("variant", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("channel", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("passages_once", "passages", ["session", "flow", "step"], unique=True)
    op.create_index("passages_flow", "passages", ["flow", "step", "how", "took", "arrived_at"], unique=False)
    op.create_index("passages_slot", "passages", ["slot", "flow"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("wake_at", NUMBER, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("updated_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("sessions_contact", "sessions", ["contact_id", "updated_at"], unique=False)
    op.create_index(
        "sessions_due",
        "sessions",
        ["wake_at"],
        unique=False,
        sqlite_where=sa.text("wake_at IS NOT NULL"),
        postgresql_where=sa.text("wake_at IS NOT NULL"),
    )
    op.create_index(
        "sessions_live",
        "sessions",
        ["contact_id"],
        unique=False,
        sqlite_where=sa.text("status IN ('waiting', 'aside')"),
        postgresql_where=sa.text("status IN ('waiting', 'aside')"),
    )
    op.create_table(
        "tickets",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("priority", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("assignee", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("opened_at", NUMBER, nullable=False),
        sa.Column("answered_at", NUMBER, nullable=True),
        sa.Column("closed_at", NUMBER, nullable=True),
        sa.Column("closed_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("tickets_contact", "tickets", ["contact_id", "id"], unique=False)
    op.create_index(
        "tickets_open",
        "tickets",
        ["team", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "timers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("data", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(
        "timers_awaited",
        "timers",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("kind = 'owner'"),
        postgresql_where=sa.text("kind = 'owner'"),
    )
    op.create_index("timers_contact", "timers", ["contact_id"], unique=False)
    op.create_index("timers_due", "timers", ["due_at"], unique=False)
    op.create_table(
        "occurrences",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("since", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("cursor", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("name", "slot"),
    )
    op.create_index(
        "occurrences_open",
        "occurrences",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.create_table(
        "campaigns",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("revision", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("reached", NUMBER, nullable=False),
        sa.Column("started_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("changed_at", NUMBER, nullable=False),
        sa.Column("changed_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("let_in", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("allotted", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "short_links",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("campaign", NUMBER, nullable=True),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("clicked_at", NUMBER, nullable=True),
        sa.Column("clicks", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index("short_links_contact", "short_links", ["contact_id", "campaign"], unique=False)
    op.create_table(
        "draws",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("committed_at", NUMBER, nullable=False),
        sa.Column("drawn_at", NUMBER, nullable=True),
        sa.Column("winners", JSON, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("entrants", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "webhook_endpoints",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("reached", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("failing_since", NUMBER, nullable=True),
        sa.Column("changed_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("status", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("not_before", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.Column("ended_at", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("webhook_deliveries_once", "webhook_deliveries", ["endpoint", "source", "number"], unique=True)
    op.create_index(
        "webhook_deliveries_pending",
        "webhook_deliveries",
        ["endpoint", "not_before"],
        unique=False,
        sqlite_where=sa.text("status = 0"),
        postgresql_where=sa.text("status = 0"),
    )
    op.create_table(
        "campaign_plans",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("recipients", NUMBER, nullable=False),
        sa.Column("body", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "campaign_slots",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("cursor", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("recipients", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("left_out", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("released", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("opened_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("campaign_slots_slot", "campaign_slots", ["campaign", "slot"], unique=True)
    open_slots = sa.text("state IN (0, 1)")
    op.create_index(
        "campaign_slots_open",
        "campaign_slots",
        ["campaign"],
        unique=False,
        sqlite_where=open_slots,
        postgresql_where=open_slots,
    )
    op.create_index(
        "campaign_slots_filling",
        "campaign_slots",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.create_table(
        "recipients",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("slot", NUMBER, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("planned_for", NUMBER, nullable=False),
        sa.Column("occasion", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("state", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("next_at", NUMBER, nullable=False),
        sa.Column("variant", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("session", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("tries", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("recipients_once", "recipients", ["slot", "planned_for", "occasion"], unique=True)
    op.create_index(
        "recipients_waiting",
        "recipients",
        ["slot", "next_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.create_index(
        "recipients_on_the_way",
        "recipients",
        ["slot"],
        unique=False,
        sqlite_where=sa.text("state = 1"),
        postgresql_where=sa.text("state = 1"),
    )
    op.create_index("recipients_contact", "recipients", ["contact_id", "slot"], unique=False)
    op.create_table(
        "reckonings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reached", NUMBER, server_default=sa.text("0"), nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("done", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    views.create(op.get_bind())


def downgrade() -> None:
    views.drop(op.get_bind())
    op.drop_table("calls")
    op.drop_table("recipients")
    op.drop_table("campaign_slots")
    op.drop_table("campaign_plans")
    op.drop_index(
        "webhook_deliveries_pending",
        table_name="webhook_deliveries",
        sqlite_where=sa.text("status = 0"),
        postgresql_where=sa.text("status = 0"),
    )
    op.drop_index("webhook_deliveries_once", table_name="webhook_deliveries")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_endpoints")
    op.drop_table("draws")
    op.drop_table("short_links")
    op.drop_table("campaigns")
    op.drop_table("reckonings")
    op.drop_index(
        "occurrences_open",
        table_name="occurrences",
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )
    op.drop_table("occurrences")
    op.drop_index("timers_due", table_name="timers")
    op.drop_index("timers_contact", table_name="timers")
    op.drop_index(
        "timers_awaited",
        table_name="timers",
        sqlite_where=sa.text("kind = 'owner'"),
        postgresql_where=sa.text("kind = 'owner'"),
    )
    op.drop_table("timers")
    op.drop_index(
        "tickets_open",
        table_name="tickets",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("tickets_contact", table_name="tickets")
    op.drop_table("tickets")
    op.drop_index(
        "sessions_live",
        table_name="sessions",
        sqlite_where=sa.text("status IN ('waiting', 'aside')"),
        postgresql_where=sa.text("status IN ('waiting', 'aside')"),
    )
    op.drop_index(
        "sessions_due",
        table_name="sessions",
        sqlite_where=sa.text("wake_at IS NOT NULL"),
        postgresql_where=sa.text("wake_at IS NOT NULL"),
    )
    op.drop_index("passages_slot", table_name="passages")
    op.drop_index("passages_flow", table_name="passages")
    op.drop_index("passages_once", table_name="passages")
    op.drop_table("passages")
    op.drop_index("sessions_contact", table_name="sessions")
    op.drop_table("sessions")
    op.drop_index("receipts_message", table_name="receipts")
    op.drop_table("receipts")
    op.drop_table("media")
    op.drop_table("account_tokens")
    op.drop_table("fronts")
    op.drop_table("media_uploads")
    op.drop_table("template_states")
    op.drop_table("paces")
    op.drop_table("erasures")
    op.drop_table("tombstones")
    op.drop_index("suggestions_two", table_name="suggestions")
    op.drop_table("suggestions")
    op.drop_index("known_by_contact", table_name="known_by")
    op.drop_table("known_by")
    op.drop_index("merged_rows_key", table_name="merged_rows")
    op.drop_table("merged_rows")
    op.drop_index("merges_taken", table_name="merges")
    op.drop_index("merges_kept", table_name="merges")
    op.drop_table("merges")
    op.drop_index(
        "outbox_ready",
        table_name="outbox",
        sqlite_where=sa.text("status = 0 AND not_before = 0"),
        postgresql_where=sa.text("status = 0 AND not_before = 0"),
    )
    op.drop_index(
        "outbox_due",
        table_name="outbox",
        sqlite_where=sa.text("status = 0 AND not_before > 0"),
        postgresql_where=sa.text("status = 0 AND not_before > 0"),
    )
    op.drop_index(
        "outbox_faulty",
        table_name="outbox",
        sqlite_where=sa.text("status = 8 AND refusal IN ('template_disabled', 'template_category')"),
        postgresql_where=sa.text("status = 8 AND refusal IN ('template_disabled', 'template_category')"),
    )
    op.drop_index(
        "outbox_campaign_ready",
        table_name="outbox",
        sqlite_where=sa.text("status = 0 AND not_before = 0 AND campaign IS NOT NULL"),
        postgresql_where=sa.text("status = 0 AND not_before = 0 AND campaign IS NOT NULL"),
    )
    op.drop_index(
        "outbox_unknown",
        table_name="outbox",
        sqlite_where=sa.text("status = 2"),
        postgresql_where=sa.text("status = 2"),
    )
    op.drop_index(
        "outbox_session",
        table_name="outbox",
        sqlite_where=sa.text("status = 0"),
        postgresql_where=sa.text("status = 0"),
    )
    op.drop_index(
        "outbox_sending",
        table_name="outbox",
        sqlite_where=sa.text("status = 1"),
        postgresql_where=sa.text("status = 1"),
    )
    op.drop_index(
        "outbox_open",
        table_name="outbox",
        sqlite_where=sa.text("status IN (0, 1, 2)"),
        postgresql_where=sa.text("status IN (0, 1, 2)"),
    )
    op.drop_index(
        "outbox_later",
        table_name="outbox",
        sqlite_where=sa.text("status = 0 AND not_before > 0"),
        postgresql_where=sa.text("status = 0 AND not_before > 0"),
    )
    op.drop_index("outbox_key", table_name="outbox")
    op.drop_index("outbox_cause", table_name="outbox")
    op.drop_index("outbox_identity", table_name="outbox")
    op.drop_index(
        "outbox_campaign",
        table_name="outbox",
        sqlite_where=sa.text("campaign IS NOT NULL"),
        postgresql_where=sa.text("campaign IS NOT NULL"),
    )
    op.drop_index("outbox_external", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("messages_contact", table_name="messages")
    op.drop_table("messages")
    op.drop_table("phone_codes")
    op.drop_index("link_tokens_offer", table_name="link_tokens")
    op.drop_table("link_tokens")
    op.drop_index("link_guesses_sender", table_name="link_guesses")
    op.drop_index("link_guesses_at", table_name="link_guesses")
    op.drop_table("link_guesses")
    op.drop_index(
        "inbox_pending_contact",
        table_name="inbox",
        sqlite_where=sa.text("status = 0"),
        postgresql_where=sa.text("status = 0"),
    )
    op.drop_index(
        "inbox_pending", table_name="inbox", sqlite_where=sa.text("status = 0"), postgresql_where=sa.text("status = 0")
    )
    op.drop_index(
        "inbox_later",
        table_name="inbox",
        sqlite_where=sa.text("status = 0 AND not_before > 0"),
        postgresql_where=sa.text("status = 0 AND not_before > 0"),
    )
    op.drop_index("inbox_external", table_name="inbox")
    op.drop_index("inbox_contact", table_name="inbox")
    op.drop_table("inbox")
    op.drop_index("identities_value", table_name="identities")
    op.drop_index("identities_contact", table_name="identities")
    op.drop_table("identities")
    op.drop_table("flow_revisions")
    op.drop_table("deployments")
    op.drop_index("events_name", table_name="events")
    op.drop_index("events_contact", table_name="events")
    op.drop_table("events")
    op.drop_index(
        "contacts_people",
        table_name="contacts",
        sqlite_where=sa.text("owner = 'person'"),
        postgresql_where=sa.text("owner = 'person'"),
    )
    op.drop_table("contacts")
