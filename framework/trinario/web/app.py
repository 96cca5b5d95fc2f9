"""The aiohttp application: which path leads to which room."""

from aiohttp import web

from trinario.web.api.app import build_api
from trinario.web.clicks import ShortLinks
from trinario.web.deletion import DataDeletion
from trinario.web.doors import Doors
from trinario.web.health import Health
from trinario.web.media import MediaFiles
from trinario.web.webhook import LARGEST_BODY, Webhooks

__all__ = ["Doors", "build_app", "build_runner"]

LONGEST_LINE = 65_536
"""Bytes of a request's first line: an expression of 4,096 characters in a query takes up to twelve bytes for each."""


def build_app(doors: Doors) -> web.Application:
    """Webhooks, health and the API. The application has no middleware of its own: webhooks pass through nothing."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.add_routes(Webhooks(doors).routes())
    app.add_routes(Health(doors).routes())
    app.add_routes(MediaFiles(doors).routes())
    app.add_routes(DataDeletion(doors).routes())
    app.add_routes(ShortLinks(doors).routes())
    app.add_subapp("/api/v1", build_api(doors))
    return app


def build_runner(app: web.Application, patience: float) -> web.AppRunner:
    """What serves the application; `patience`: seconds that requests under way have when it ends."""
    return web.AppRunner(
        app, access_log=None, handle_signals=False, shutdown_timeout=patience, max_line_size=LONGEST_LINE
    )
