"""`campaign plan` on the command line: Meta is asked for what the plan needs of it, and a plan is made all the same when it is away."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Trinario
from tests.unit.cli.test_templates import Meta, given, project
from trinario.emulator.config import Config, WhatsAppAccount

__all__ = ["project"]

CAMPAIGN = """
campaign: fair
purpose: marketing
segment: "'fair' in tags"
send: "The fair is on. STOP ends this."
delivery:
  template: {name: spring_2026, params: {name: "{{ contact.first_name or 'friend' }}"}}
"""
NUMBERS = ("393331000001", "393331000002", "393331000003", "14155550100")


@pytest.fixture
def meta() -> Iterator[Meta]:
    found = Meta(Config(whatsapp=WhatsAppAccount(messaging_limit=2)))
    yield found
    found.close()


@pytest.fixture
def fair(project: Path, trinario: Trinario, meta: Meta) -> dict[str, str]:
    """Four who said yes at the fair, one of them an American; nobody has written lately. Gives the environment."""
    variables = given(meta, project)
    (project / "bots/demo/campaigns/fair.yaml").write_text(CAMPAIGN.lstrip())
    lines = ["whatsapp,tags", *(f"{one},fair" for one in NUMBERS)]
    (project / "people.csv").write_text("\n".join(lines) + "\n")
    assert trinario("db", "upgrade", cwd=project, **variables).returncode == 0
    taken = trinario(
        "contacts", "import", "people.csv", "--consent", "marketing", "--evidence", "a form", cwd=project, **variables
    )
    assert taken.returncode == 0, taken
    return variables


def planned(trinario: Trinario, project: Path, **variables: str) -> dict[str, Any]:
    outcome = trinario("campaign", "plan", "fair", "--format", "json", cwd=project, **variables)
    assert outcome.returncode == 0, outcome
    return dict(json.loads(outcome.stdout))


def test_it_asks_meta_for_the_tier_and_for_templates(
    trinario: Trinario, meta: Meta, project: Path, fair: dict[str, str]
) -> None:
    made = planned(trinario, project, **fair)
    assert made["limit"] == {"per_24_hours": 2, "people": 3, "days": 2} and made["untold"] == []
    assert made["numbers"]["whatsapp"] == {"quality": "green", "percent_of_pace": 100, "limit": 2}
    assert [(one["template"], one["count"]) for one in made["going"]] == [("not at Meta", 3)]
    assert made["left_out"] == {"country": 1} and made["templates_untold"] is None
    assert trinario("templates", "push", "--yes", cwd=project, **fair).returncode == 0
    assert [one["template"] for one in planned(trinario, project, **fair)["going"]] == ["approved"]
    text = trinario("campaign", "plan", "fair", cwd=project, **fair).stdout
    assert "the tier allows 2 in 24 h, and 3 are to be written to first: it will take 2 days" in text


def test_it_says_why_when_meta_is_away_and_counts_with_what_it_said_before(
    trinario: Trinario, meta: Meta, project: Path, fair: dict[str, str]
) -> None:
    away = {**fair, "TRINARIO_GRAPH_URL": "http://127.0.0.1:9"}
    first = planned(trinario, project, **away)
    (untold,) = first["untold"]
    assert untold["channel"] == "whatsapp" and not untold["known_before"] and first["limit"] is None
    assert "cannot be reached" in untold["why"] and first["templates_untold"]
    assert [one["template"] for one in first["going"]] == ["state not known"]
    text = trinario("campaign", "plan", "fair", cwd=project, **away).stdout
    assert "whatsapp: its tier is not known: Meta cannot be reached" in text
    planned(trinario, project, **fair)
    later = planned(trinario, project, **away)
    assert later["limit"]["per_24_hours"] == 2 and later["untold"][0]["known_before"]
    text = trinario("campaign", "plan", "fair", cwd=project, **away).stdout
    assert "counted with what it said before" in text and "Meta does not tell how templates stand" in text


def test_it_asks_nobody_without_a_token_and_says_so_when_it_is_wrong(
    trinario: Trinario, meta: Meta, project: Path, fair: dict[str, str]
) -> None:
    """A token that is a name in braces would be sent to Meta as it stands."""
    before = len(meta.asked("/106540352242922"))
    bare = {name: value for name, value in fair.items() if name != "WHATSAPP_TOKEN"}
    (untold,) = planned(trinario, project, **bare)["untold"]
    assert untold["why"] == "not asked, for WHATSAPP_TOKEN is not set here"
    assert len(meta.asked("/106540352242922")) == before
    (untold,) = planned(trinario, project, **{**fair, "WHATSAPP_TOKEN": "another"})["untold"]
    assert "OAuth" in untold["why"] and "another" not in untold["why"]


def test_a_campaign_that_is_not_there_is_told_before_anybody_is_asked(
    trinario: Trinario, meta: Meta, project: Path, fair: dict[str, str]
) -> None:
    outcome = trinario("campaign", "plan", "fare", cwd=project, **fair)
    assert outcome.returncode == 78 and "fair" in outcome.stderr and not meta.asked("/106540352242922")


MISTAKES = {
    "a key": (("segment:", "segement:"), "T011"),
    "the indentation": (("segment:", " segment:"), "S015"),
    "what the check proves": ((CAMPAIGN[CAMPAIGN.index("delivery:") :], ""), "T204"),
}


@pytest.mark.parametrize(("change", "code"), MISTAKES.values(), ids=list(MISTAKES))
def test_nothing_is_planned_or_started_out_of_files_that_the_bot_does_not_serve(
    trinario: Trinario, project: Path, fair: dict[str, str], change: tuple[str, str], code: str
) -> None:
    plan, file = planned(trinario, project, **fair)["plan"], project / "bots/demo/campaigns/fair.yaml"
    file.write_text(CAMPAIGN.lstrip().replace(*change))
    for asked in (("plan", "fair"), ("start", "fair", "--plan", plan)):
        refused = trinario("campaign", *asked, cwd=project, **fair)
        assert refused.returncode == 78 and "bots/demo/campaigns/fair.yaml:" in refused.stderr, refused
        assert code in refused.stderr and "nothing would go out" in refused.stderr
    listed = trinario("campaign", "list", cwd=project, **fair)
    assert listed.returncode == 0 and "running" not in listed.stdout
    assert listed.stderr == "bots/demo/campaigns/fair.yaml has errors and is not served: see `trinario check`\n"
    file.write_text(CAMPAIGN.lstrip())
    assert trinario("campaign", "start", "fair", "--plan", plan, cwd=project, **fair).returncode == 0


def test_who_looks_into_no_database_is_told_where_it_looked(trinario: Trinario, project: Path) -> None:
    looked = trinario("campaign", "list", cwd=project, TRINARIO_DATABASE_URL="sqlite:///demoo.db")
    assert looked.returncode == 0 and "not started" in looked.stdout
    assert f"looked in {project / 'demoo.db'}, a file that is not there (TRINARIO_DATABASE_URL)" in looked.stderr
    nothing = trinario("campaign", "pause", "fiar", cwd=project, TRINARIO_DATABASE_URL="sqlite:///demoo.db")
    assert nothing.returncode == 78 and "no campaign fiar was ever started: `trinario campaign list`" in nothing.stderr
