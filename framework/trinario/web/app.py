"""The aiohttp application: which path leads to which room."""

from aiohttp import web

from trinario.web.api.app import build_api
from trinario.web.clicks import ShortLinks
from trinario.web.deletion import DataDeletion
from trinario.web.doors import Doors
from trinario.web.health import Health
from trinario.web.media import MediaFiles
from trinario.web.webhook import LARGEST_BODY, Webhooks

__all__ = ["Doors", "build_app"]


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
