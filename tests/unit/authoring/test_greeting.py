"""The greeting of bot.yaml by the names that Meta has for languages."""

import pytest

from trinario.authoring.parse_bot import greeting_of


@pytest.mark.parametrize(
    ("given", "locale", "made"),
    [
        (None, "en", {}),
        ("Hello!", "en", {"default": "Hello!", "en_US": "Hello!"}),
        ({"it": "Ciao!", "pt": "Olá!", "en-GB": "Hello!"}, "it",
         {"default": "Ciao!", "it_IT": "Ciao!", "pt_BR": "Olá!", "en_GB": "Hello!"}),
        ({"de": "Hallo!"}, "it", {"default": "Hallo!", "de_DE": "Hallo!"}),
    ],
)  # fmt: skip
def test_greeting(given: object, locale: str, made: dict[str, str]) -> None:
    assert greeting_of(given, locale) == made  # type: ignore[arg-type]
