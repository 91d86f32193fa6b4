"""What a run may be asked: parameters as the form, the command line and the nightly job give them."""

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

SORTINGS = ("independent", "nested")
TIES = ("together", "by_rank")
CUTS = ("mean", "median", "score")
MEASURES = ("recency_days", "frequency", "monetary_cents")
PARTS = ("rfm", "lists", "measures")
BINS = 5


class ParametersRefused(ValueError):
    """A parameter makes no sense; `code` names which: `option`, `thresholds`, `thresholds_with_ties`, `window`, `only`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class RfmParameters:
    """How to score: Hughes's two sortings, what ties do, fixed cut points, what divides high from low, how far back.

    `thresholds` holds four ascending inner cut points per measure (days, purchases, cents); `window_days` 0 is the whole
    history.
    """

    sorting: str = "independent"
    ties: str = "together"
    cut: str = "mean"
    thresholds: dict[str, list[int]] = field(default_factory=dict)
    window_days: int = 0
    only: tuple[str, ...] = PARTS

    def __post_init__(self) -> None:
        if self.sorting not in SORTINGS or self.ties not in TIES or self.cut not in CUTS:
            raise ParametersRefused("option")
        if not {"rfm", "lists"} & set(self.only) or any(part not in PARTS for part in self.only):
            raise ParametersRefused("only")
        if not 0 <= self.window_days <= 36_500:
            raise ParametersRefused("window")
        for measure, points in self.thresholds.items():
            if measure not in MEASURES or len(points) != BINS - 1 or points != sorted(set(points)):
                raise ParametersRefused("thresholds")
        if self.thresholds and (self.sorting != "independent" or self.ties != "together"):
            raise ParametersRefused("thresholds_with_ties")

    def as_json(self) -> dict[str, Any]:
        """For the run's row."""
        return {**asdict(self), "only": list(self.only)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "RfmParameters":
        """From a run's row; names of older versions are ignored."""
        known = {name: value for name, value in stored.items() if name in cls.__dataclass_fields__}
        return cls(**{**known, "only": tuple(known.get("only", PARTS))})

    def since(self, as_of: dt.date) -> dt.date | None:
        """The first day that counts, or None for all."""
        return as_of - dt.timedelta(days=self.window_days) if self.window_days else None
