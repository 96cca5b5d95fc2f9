"""How sessions that wait in an older revision of a flow come into this one."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Migration:
    """One change of a flow's steps, by their names. `rename` maps old names to new ones; `drop` maps steps that are gone
    to the step at which who stands there goes on (or END); who stands at a step of `reask` is asked anew."""

    rename: Mapping[str, str] = field(default_factory=dict)
    drop: Mapping[str, str] = field(default_factory=dict)
    reask: tuple[str, ...] = ()
