"""Which hosts the list of bot.yaml allows: the check of a flow and the call itself ask the same rule."""

import pytest

from trinario.authoring.check_outside import address_fault
from trinario.model.hosts import is_allowed
from trinario.outside.addresses import Place, place_of

ALLOW = ("cal.example", "*.shop.example", "api.example:8443", "localhost:9000", "[::1]:9000")


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://cal.example/x", True),
        ("https://cal.example:443/x", True),
        ("https://cal.example:444/x", False),
        ("https://www.cal.example/x", False),
        ("https://a.shop.example/x", True),
        ("https://a.b.shop.example/x", True),
        ("https://shop.example/x", False),
        ("https://.shop.example/x", False),
        ("https://badshop.example/x", False),
        ("https://api.example:8443/", True),
        ("https://api.example/", False),
        ("http://localhost:9000/", True),
        ("http://localhost/", False),
        ("http://[::1]:9000/", True),
    ],
)
def test_the_check_and_the_call_agree(address: str, may: bool) -> None:
    assert isinstance(place_of(address, ALLOW, local=True), Place) is may
    assert (address_fault(address, ALLOW) is None) is may


def test_the_port_of_the_scheme_is_meant_where_none_is_named() -> None:
    assert is_allowed("a.example", None, "https", ["a.example"])
    assert is_allowed("a.example", 80, "http", ["a.example"])
    assert not is_allowed("a.example", 80, "https", ["a.example"])
    assert is_allowed("a.example", 80, "https", ["a.example:80"])
