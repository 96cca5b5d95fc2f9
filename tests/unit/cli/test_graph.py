"""`graph`: a flow as a picture, by name or file."""

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Trinario


@pytest.mark.parametrize(
    "form, begins",
    [("mermaid", "%% Lead capture\nflowchart TD"), ("dot", 'digraph "lead_capture"'), ("svg", "<svg xmlns")],
)
def test_by_name_and_by_file(trinario: Trinario, form: str, begins: str) -> None:
    one = trinario("graph", "lead_capture", "--format", form)
    assert one.returncode == 0
    assert one.stdout.startswith(begins)
    assert trinario("graph", "flows/lead_capture.yaml", "--format", form).stdout == one.stdout


def test_an_unknown_flow_is_told_with_the_nearest(trinario: Trinario) -> None:
    outcome = trinario("graph", "leadcapture")
    assert outcome.returncode == 2
    assert 'did you mean "lead_capture"?' in outcome.stderr


def test_a_flow_with_errors_is_not_drawn(trinario: Trinario, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("flow: a\nsteps: {hi: {sned: Hi}}\n")
    outcome = trinario("graph", "a.yaml", cwd=tmp_path)
    assert outcome.returncode == 1
    assert "a.yaml:2" in outcome.stderr
