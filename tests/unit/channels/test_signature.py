"""Signatures: the vectors of the platform sheet, rotation of secrets, and what must not pass."""

import pytest

from trinario.channels.graph.signature import appsecret_proof, genuine, open_request, sign
from trinario.channels.http.secret import known

SECRET = "test_app_secret"
VECTORS = [
    (
        b'{"object":"whatsapp_business_account","entry":[]}',
        "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
    ),
    (
        b'{"object": "whatsapp_business_account", "entry": []}',
        "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a",
    ),
    (
        rb'{"object":"page","entry":[{"id":"1","time":1,"messaging":[{"message":{"mid":"m_1","text":"\u00e4\u00f6\u00e5"}}]}]}',
        "0586ffa462fe5bb0bf70991f93e197995293a8d4dfc330ed517e6df29c8c0e3f",
    ),
    (
        '{"object":"page","entry":[{"id":"1","time":1,"messaging":[{"message":{"mid":"m_1","text":"äöå"}}]}]}'.encode(),
        "b4044ffd50b6e2f6b34cab30e6c436ed1fe2ea155303f922027638ab36f4c1d5",
    ),
]
SIGNED_REQUEST = (
    "MgChNJTM9CJ75wlk7iDsf-5_LH4rMfst5fvUhiJRiqg.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImV4cGlyZXMiOjEyOTE4NDA0MDAsIm"
    "lzc3VlZF9hdCI6MTI5MTgzNjgwMCwidXNlcl9pZCI6IjIxODQ3MSJ9"
)


@pytest.mark.parametrize(("raw", "digest"), VECTORS)
def test_vectors(raw: bytes, digest: str) -> None:
    assert sign(SECRET, raw) == f"sha256={digest}"
    assert genuine([SECRET], raw, f"sha256={digest}")


def test_any_secret_of_the_list_will_do() -> None:
    raw = b"{}"

    assert genuine(["old", "new"], raw, sign("old", raw))
    assert genuine(["old", "new"], raw, sign("new", raw))
    assert not genuine(["old", "new"], raw, sign("other", raw))


@pytest.mark.parametrize("header", [None, "", "sha256=", "sha1=abc", "sha256=ÄÖÜ", "\udcff", "sha256=" + "0" * 64])
def test_what_is_no_signature(header: str | None) -> None:
    assert not genuine([SECRET], b"{}", header)


def test_no_secret_signs_nothing() -> None:
    assert not genuine([], b"{}", sign("", b"{}"))
    assert not genuine([""], b"{}", sign("", b"{}"))


def test_one_byte_more_is_another_body() -> None:
    assert not genuine([SECRET], b"{} ", sign(SECRET, b"{}"))


def test_known_tokens() -> None:
    assert known(["a", "b"], "b")
    assert not known(["a", "b"], "c")
    assert not known(["", "a"], "")
    assert not known(["a"], "\udcff")


def test_proof_vector() -> None:
    proof = "d785f9d27b654a6c9796da192f8f580f6afa14ff3beef4c9dbefe7d33432c043"

    assert appsecret_proof("app_secret_example", "ACCESS_TOKEN_EXAMPLE") == proof


def test_signed_request() -> None:
    said = open_request(["other", SECRET], SIGNED_REQUEST)

    assert said is not None
    assert said["user_id"] == "218471"
    assert open_request(["other"], SIGNED_REQUEST) is None


@pytest.mark.parametrize("signed", ["", ".", "a.b", "ä.ö", SIGNED_REQUEST[:-4], SIGNED_REQUEST.replace("Mg", "Ng", 1)])
def test_broken_signed_requests(signed: str) -> None:
    assert open_request([SECRET], signed) is None
