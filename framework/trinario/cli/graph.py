"""`graph`: a flow as a picture."""

from enum import StrEnum
from typing import Annotated

import typer

from trinario.cli.screen import ISSUES, USAGE, out, refuse


class Form(StrEnum):
    """How the picture is written."""

    mermaid = "mermaid"
    dot = "dot"
    svg = "svg"


def graph(
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="The flow, by its name or its file.")],
    form: Annotated[Form, typer.Option("--format", help="Mermaid, Graphviz's DOT, or a whole SVG.")] = Form.mermaid,
) -> None:
    """Draw a flow: what begins it, its steps, where every exit leads. The same flow gives the same picture.

    Steps at which the flow stands still have a heavy frame; dashed arrows are handlers of the flow.

    \b
    Examples:
      trinario graph lead_capture
      trinario graph flows/lead_capture.yaml --format svg > lead_capture.svg
    """
    from trinario.authoring.chart.figure import figure_of
    from trinario.authoring.chart.svg import svg
    from trinario.authoring.chart.text import dot, mermaid
    from trinario.cli.flows import FlowIssues, parsed_flow
    from trinario.errors import ConfigError

    try:
        found = parsed_flow(flow)
    except FlowIssues as issues:
        refuse(str(issues), ISSUES)
    except ConfigError as error:
        refuse(str(error), USAGE)
    out({Form.mermaid: mermaid, Form.dot: dot, Form.svg: svg}[form](figure_of(found)))
