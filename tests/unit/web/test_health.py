"""Alive, ready, and the numbers."""

from tests.unit.web.conftest import House


async def test_alive_until_it_is_not(house: House) -> None:
    assert await house.get("/healthz", None) == (200, {"status": "ok"})
    house.alive = False
    assert await house.get("/healthz", None) == (503, {"status": "failing"})


async def test_ready_says_which_check_fails(house: House) -> None:
    assert await house.get("/readyz", None) == (200, {"status": "ok", "checks": {"database": True, "worker": True}})
    house.checks["worker"] = False
    status, body = await house.get("/readyz", None)
    assert (status, body["checks"]) == (503, {"database": True, "worker": False})


async def test_metrics_are_prometheus_text(house: House) -> None:
    async with house.session.get(house.url + "/metrics") as response:
        assert response.status == 200
        assert response.content_type == "text/plain"
        text = await response.text()
    assert "# TYPE trinario_webhooks_total counter" in text
    assert "trinario_accept_seconds_bucket" in text
