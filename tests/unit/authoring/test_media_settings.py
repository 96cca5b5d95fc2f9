"""`media:` in bot.yaml: what it may say, and what becomes of it."""

from datetime import timedelta

import pytest

from trinario.authoring.media_settings import Bucket, MediaSettings, media_of
from trinario.authoring.parse_bot import ParsedBot, parse_bot

HEAD = """bot: demo
channels:
  chat: {platform: telegram, bot_username: b, token: t, secret_token: s}
flows: [a]
"""


def parsed(media: str) -> ParsedBot:
    return parse_bot(f"{HEAD}media: {media}\n".encode(), "bots/demo/bot.yaml", {})


def test_without_it_everything_is_fetched_and_kept_in_a_folder() -> None:
    assert media_of(None) == media_of(parse_bot(HEAD.encode(), "b", {})) == MediaSettings()


def test_a_folder_with_limits() -> None:
    found = parsed('{fetch: [image, audio], max_mb: 2.5, keep: 90d, hosts: ["*.cdn.example", "cdn.example:8443"]}')
    assert found.issues == ()
    assert media_of(found) == MediaSettings(
        frozenset({"image", "audio", "voice"}), 2_500_000, timedelta(90), ("*.cdn.example", "cdn.example:8443")
    )
    assert media_of(parsed("{fetch: []}")).kinds == frozenset()


def test_a_bucket() -> None:
    found = parsed("{store: s3, bucket: b, endpoint: https://s3.example, prefix: p/, access_key: a, secret_key: k}")
    assert found.issues == ()
    assert media_of(found).bucket == Bucket("b", "https://s3.example", "", "p/", "a", "k")
    assert "'k'" not in repr(media_of(found))


@pytest.mark.parametrize(
    ("media", "code", "words"),
    [
        ("{store: s3}", "T014", "needs `bucket`"),
        ("{store: s3, bucket: b, access_key: a}", "T014", "need each other"),
        ("{max_mb: 0}", "T021", "above 0"),
        ("{store: disk}", "T021", ""),
        ("{fetch: [picture]}", "T021", ""),
        ("{hosts: [localhost]}", "T021", ""),
        ('{hosts: ["127.0.0.1:9000"]}', "T021", ""),
        ('{hosts: ["*"]}', "T021", ""),
        ("{endpoint: s3.example}", "T021", ""),
        ("{folder: x}", "T011", ""),
    ],
)
def test_mistakes(media: str, code: str, words: str) -> None:
    issues = [(one.code, one.message) for one in parsed(media).issues]
    assert len(issues) == 1 and issues[0][0] == code and words in issues[0][1], issues
