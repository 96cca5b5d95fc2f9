"""An inlet with one account a platform, and items written as golden files have them."""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from typing import Any

import pytest

from trinario.channels.inlet import MetaInlet
from trinario.model.channel import Identity

SECRETS = ("test_app_secret", "another_secret")
ACCOUNTS = {
    ("whatsapp", "106540352242922"): "wa",
    ("whatsapp", "102290129340398"): "wa",
    ("messenger", "1895382890692545"): "ms",
    ("instagram", "17841400008460056"): "ig",
}


@pytest.fixture
def inlet() -> MetaInlet:
    return MetaInlet(ACCOUNTS, SECRETS, ("vibecoding", "second_token"), app_ids=("1517776481860111",))


@pytest.fixture
def shown() -> Callable[[Any], Any]:
    return _shown


def _shown(value: Any) -> Any:
    """A value of the model as JSON: what is at its default is left out, identities are one text."""
    if isinstance(value, Identity):
        return f"{value.channel}/{value.kind}/{value.value}"
    if is_dataclass(value) and not isinstance(value, type):
        said = {
            field.name: _shown(getattr(value, field.name))
            for field in fields(value)
            if not _is_default(field, getattr(value, field.name))
        }
        return {"is": type(value).__name__, **said}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_shown(item) for item in value]
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    return value


def _is_default(field: Any, value: Any) -> bool:
    if field.default_factory is not MISSING:
        return bool(value == field.default_factory())
    return bool(value == field.default)
