"""Plans of campaigns: kept, found again, and what they ask of each of their people."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from trinario import jsons
from trinario.model.contact import Contact
from trinario.model.session_json import session_from_json
from trinario.ports.campaigns import WAITING, Addressee, KeptPlan
from trinario.store import pushes
from trinario.store.bulk import among, fetch, insert
from trinario.store.cases import identities_of
from trinario.store.moments import moment, ms
from trinario.store.tables import CampaignPlanRow

_PLANS = insert(CampaignPlanRow, ("id", "campaign", "made_at", "mark", "recipients", "body"), "ON CONFLICT DO NOTHING")


def had_turn(conn: Connection, name: str, contacts: Collection[int]) -> set[int]:
    """Who of these a slot of the campaign was for, and does not wait for her turn any more."""
    if not contacts:
        return set()
    where, values = among(conn, "r.contact_id", sorted(contacts))
    sql = (
        "SELECT DISTINCT r.contact_id FROM recipients r JOIN campaign_slots s ON s.id = r.slot"
        f" WHERE {where} AND s.campaign = ? AND r.state <> {WAITING}"
    )
    return {row[0] for row in fetch(conn, sql, *values, name)}


def addressees(conn: Connection, people: Sequence[Contact], since: datetime, now: datetime) -> list[Addressee]:
    """These contacts as a plan looks at them; `pushes` since then."""
    if not people:
        return []
    ids = [one.id for one in people]
    sent, unreachable = pushes.of(conn, ids, since, reserved=True), identities_of(conn, ids, now)[1]
    busy = _busy(conn, ids)
    return [
        Addressee(one, unreachable[one.id], tuple(push for _, push in sent.get(one.id, ())), one.id in busy)
        for one in people
    ]


def _busy(conn: Connection, ids: Sequence[int]) -> set[int]:
    """Those of whom a question is pending, or whom people have."""
    where, values = among(conn, "contact_id", ids)
    sql = f"SELECT contact_id, state FROM sessions WHERE status = 'waiting' AND {where}"
    live = {row[0] for row in fetch(conn, sql, *values) if session_from_json(jsons.loads(row[1])).foreground}
    mine, values = among(conn, "id", ids)
    rows = fetch(conn, f"SELECT id FROM contacts WHERE owner = 'person' AND {mine}", *values)
    return live | {row[0] for row in rows}


def keep(conn: Connection, plan: KeptPlan) -> None:
    """Keep a plan."""
    _PLANS.run(conn, [(plan.id, plan.campaign, ms(plan.made_at), plan.mark, plan.recipients, plan.body)])


def find(conn: Connection, id: str) -> KeptPlan | None:
    """A plan by its id."""
    sql = "SELECT id, campaign, made_at, mark, recipients, body FROM campaign_plans WHERE id = ?"
    for name, campaign, made, mark, recipients, body in fetch(conn, sql, id):
        text = body if isinstance(body, str) else jsons.dumps(body)
        return KeptPlan(name, campaign, moment(made), mark, recipients, text)
    return None
