"""What bot.yaml says of the outside that its flows ask: hosts, secrets, the model, and where the functions are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from trinario.authoring.check_outside import allowed
from trinario.authoring.conversions_settings import Dataset, dataset_of
from trinario.authoring.parse_bot import ParsedBot


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """A language model: the address in front of /chat/completions, its name, and the key ("" for none)."""

    url: str
    model: str
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OutsideSettings:
    """`allow` as written; `secrets` by name; `functions` is the path of functions.py, "" when there is none."""

    allow: tuple[str, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    model: ModelSettings | None = None
    functions: str = ""
    dataset: Dataset | None = None

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that may be called, that of the model among them."""
        place = urlsplit(self.model.url) if self.model else None
        return (*self.allow, place.netloc.rpartition("@")[2].lower()) if place and place.netloc else self.allow

    @property
    def hidden(self) -> list[str]:
        """What no log may show."""
        keys = (self.model.key if self.model else "", self.dataset.token if self.dataset else "")
        return [value for value in (*self.secrets.values(), *keys) if value]


def outside_of(parsed: ParsedBot | None) -> OutsideSettings:
    """The settings of a bot that was read."""
    if parsed is None:
        return OutsideSettings()
    record = parsed.get("ai")
    model = ModelSettings(record.get("url"), record.get("model"), record.get("key") or "") if record else None
    secrets, told = dict(parsed.get("secrets") or {}), dataset_of(parsed.get("conversions"))
    return OutsideSettings(allowed(parsed), secrets, model, parsed.functions_file, told)
