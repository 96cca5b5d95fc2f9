"""Which addresses may be called: hosts by the list, and never one of our own network, whatever its name."""

import socket

import pytest

from trinario.outside.addresses import Forbidden, Place, is_public, local_socket, place_of, public_socket

ALLOW = ("cal.example", "*.shop.example", "api.example:8443", "127.0.0.1:8080", "[::1]:8080", "localhost")


@pytest.mark.parametrize("url, place", [
    ("https://cal.example/holds?a=b", Place("https", "cal.example", 443)),
    ("https://CAL.example:443/", Place("https", "cal.example", 443)),
    ("https://a.b.shop.example/", Place("https", "a.b.shop.example", 443)),
    ("https://api.example:8443", Place("https", "api.example", 8443)),
    ("http://127.0.0.1:8080/x", Place("http", "127.0.0.1", 8080)),
    ("http://[::1]:8080/x", Place("http", "::1", 8080)),
    ("http://localhost/", Place("http", "localhost", 80)),
])  # fmt: skip
def test_what_may_be_called(url: str, place: Place) -> None:
    assert place_of(url, ALLOW, True) == place


@pytest.mark.parametrize("url", [
    "http://cal.example/", "https://cal.example:8443/", "https://cal.example.evil.example/", "https://evilcal.example/",
    "https://shop.example/", "https://.shop.example/", "https://evilshop.example/", "https://api.example/",
    "https://user@cal.example/", "https://cal.example@evil.example/", "https://cal.example:pw@evil.example/",
    "https://evil.example#@cal.example/", "https://evil.example\\@cal.example/", "https://cal.example\\.evil.example/",
    "https://cal.example\r\nX: y/", "https://cal.example /", "https://cal.exämple/", "https://cal\u3002example/",
    "https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/", "https://127.1/", "https://[::ffff:127.0.0.1]/",
    "https://169.254.169.254/latest/meta-data", "https://10.0.0.1/", "https://[fe80::1%25eth0]/", "https://[::]/",
    "ftp://cal.example/", "file:///etc/passwd", "gopher://cal.example/", "//cal.example/", "cal.example/x", "",
    "https:///x", "https://cal.example:99999/", "https://cal.example:0x1bb/", "https://cal.example./", "javascript:alert(1)",
])  # fmt: skip
def test_what_may_not_be_called(url: str) -> None:
    assert isinstance(place_of(url, ALLOW, True), str)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/", "http://localhost/", "https://localhost/", "http://[::1]:8080/"]
)
def test_this_machine_only_for_development(url: str) -> None:
    assert isinstance(place_of(url, ALLOW, False), str)


@pytest.mark.parametrize("address", [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1",
    "64:ff9b::808:808", "64:ff9b:1::a00:1", "2002:a00:1::1", "2001:0:a00:1::1", "2001:db8::1", "100::1", "::7f00:1",
    "what", "", "127.0.0.1.", "0x7f000001",
])  # fmt: skip
def test_addresses_that_are_not_of_the_open_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:82a::200e"])
def test_addresses_of_the_open_internet(address: str) -> None:
    assert is_public(address)


def _info(address: str) -> tuple[int, int, int, str, tuple[str, int]]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return family, socket.SOCK_STREAM, 0, "", (address, 443)


def test_the_socket_is_where_the_address_is_final() -> None:
    for address in ("127.0.0.1", "10.0.0.1", "::1", "::ffff:127.0.0.1"):
        with pytest.raises(Forbidden):
            public_socket(_info(address))
    for address in ("10.0.0.1", "8.8.8.8"):
        with pytest.raises(Forbidden):
            local_socket(_info(address))
    made = local_socket(_info("127.0.0.1"))
    assert made.gettimeout() == 0
    made.close()
