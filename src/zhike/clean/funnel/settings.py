"""The numbers of the funnel, every one editable; the defaults are opinions of the trade, no results."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


class SettingsRefused(ValueError):
    """A number lies outside what makes sense; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class FunnelNumbers:
    """Caps and half-life of the score; from which fit and behavior a lead counts as qualified; the chance, in percent, that
    an amount expected at a stage comes; after how many days without a contact a lead counts as left alone."""

    fit_cap: int = 50
    behavior_cap: int = 50
    half_life_days: int = 30
    qualified_fit: int = 30
    qualified_behavior: int = 20
    chance_target_market: int = 1
    chance_potential: int = 10
    chance_target: int = 50
    alone_potential_days: int = 30
    alone_target_days: int = 14

    def chances(self) -> dict[str, float]:
        """{stage: chance as a share}."""
        return {
            "target_market": self.chance_target_market / 100,
            "potential": self.chance_potential / 100,
            "target": self.chance_target / 100,
        }


_BOUNDS = {"fit_cap": (0, 1000), "behavior_cap": (0, 1000), "half_life_days": (1, 3650), "qualified_fit": (0, 1000),
           "qualified_behavior": (0, 1000), "alone_potential_days": (1, 3650), "alone_target_days": (1, 3650)}  # fmt: skip


def read(stored: Mapping[str, Any]) -> FunnelNumbers:
    """From the row; names of other versions are passed over."""
    known = {f.name for f in fields(FunnelNumbers)}
    return FunnelNumbers(**{name: int(value) for name, value in stored.items() if name in known})


def checked(given: Mapping[str, str]) -> FunnelNumbers:
    """What somebody typed, as numbers. Raises SettingsRefused."""
    found: dict[str, int] = {}
    for f in fields(FunnelNumbers):
        text = given.get(f.name, "").strip()
        low, high = _BOUNDS.get(f.name, (0, 100))
        if not text.isdecimal() or len(text) > 6 or not low <= int(text) <= high:
            raise SettingsRefused(f.name)
        found[f.name] = int(text)
    return FunnelNumbers(**found)


def as_json(numbers: FunnelNumbers) -> dict[str, int]:
    """For the row."""
    return asdict(numbers)
