"""What composition, value classes and products may be asked: one set of parameters, of which each kind uses its part."""

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from zhike.analyze.parameters import ParametersRefused
from zhike_analytics.path_steps import DEFAULT_STEPS, read_steps
from zhike_analytics.portrait_rules import DEFAULT_RULES, read_rules
from zhike_analytics.problem import MeasureProblem

MEASURE_KINDS = (
    "composition",
    "value",
    "products",
    "funnel",
    "lifetime",
    "retention",
    "satisfaction",
    "loyalty",
    "association",
    "recommendation",
    "replenishment",
    "profit",
    "portrait",
    "lookalike",
    "paths",
)
SPANS = ("days_90", "days_365", "month", "quarter", "year", "own")
AGAINST = ("preceding", "year_before")
BOUNDARIES = ("inside", "outside")
TIES = ("together", "by_rank")
BASES = ("revenue", "margin")
LEVELS = ("metals", "textbook")
MODELS = ("mbg", "bg", "pareto")
HORIZON_WEEKS = {"days_90": 13, "days_180": 26, "days_365": 52}
DISCOUNTS = ("0", "5", "10", "15", "20")
CUTS = {"default": (0.8, 0.95), "handbook": (0.55, 0.85), "composition": (0.75, 0.95), "wide": (0.7, 0.9)}
BASKETS = ("order", "customer")
SUPPORTS = ("0.0005", "0.001", "0.002", "0.005", "0.01", "0.02")
CONFIDENCES = ("0.1", "0.2", "0.3", "0.5", "0.8")
RECOMMENDERS = ("auto", "ease", "knn", "als", "popular")
WITHIN_DAYS = ("7", "14", "30")
ASSUMED: dict[str, float | None] = {"known": None, "10": 0.1, "20": 0.2, "30": 0.3, "40": 0.4, "50": 0.5, "60": 0.6}
_MOST_RATE = Decimal(10_000)  # of the shop's currency
CLUSTERS = ("auto", "3", "4", "5", "6", "7", "8")
CONSENTS = ("not_refused", "given")
_MOST_RULES = 2000
Period = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class MeasureParameters:
    """Which period and against which; where classes end, who lies at the boundary, what counts as value.

    `span`: the last 90 or 365 days up to the day of analysis, or the last calendar month, quarter or year that is over by
    then; `own`: the period given by `first` and `last` (ISO days). `against`: the period before of equal length, or the
    same one a year earlier. `model`, `horizon`, `discount` (percent a year): how often customers buy, how far ahead, and what
    later money is worth today. `basket`, `support`, `confidence`: what counts as bought together, and how often and how surely.
    `recommender`: the model that recommends. `within`: how many days ahead needs are looked for. `clusters`: how many groups;
    `psychology`: rules as `zhike_analytics.portrait` reads them; `consent`: whether all may be profiled who did not refuse, or those
    alone who agreed. `segment`: whose look-alikes are sought. `steps`: a funnel of visits as `zhike_analytics.path_steps` reads it.
    `hour`, `handling`: what an hour of staff and the handling of one order cost, as decimal texts; `assumed`: the margin (percent)
    of goods whose cost is not known, or that of those whose cost is.
    """

    span: str = "days_365"
    against: str = "preceding"
    first: str = ""
    last: str = ""
    cuts: str = "default"
    boundary: str = "inside"
    ties: str = "together"
    basis: str = "revenue"
    levels: str = "metals"
    model: str = "mbg"
    horizon: str = "days_365"
    discount: str = "10"
    basket: str = "order"
    support: str = "0.001"
    confidence: str = "0.2"
    recommender: str = "auto"
    within: str = "14"
    hour: str = "0"
    handling: str = "0"
    assumed: str = "known"
    clusters: str = "auto"
    psychology: str = DEFAULT_RULES
    consent: str = "not_refused"
    segment: str = ""
    steps: str = DEFAULT_STEPS

    def __post_init__(self) -> None:
        allowed = {"span": SPANS, "against": AGAINST, "boundary": BOUNDARIES, "ties": TIES, "basis": BASES,
                   "levels": LEVELS, "cuts": tuple(CUTS), "model": MODELS, "horizon": tuple(HORIZON_WEEKS),
                   "discount": DISCOUNTS,
                   "basket": BASKETS, "support": SUPPORTS, "confidence": CONFIDENCES, "recommender": RECOMMENDERS, "within": WITHIN_DAYS,
                   "clusters": CLUSTERS, "consent": CONSENTS, "assumed": tuple(ASSUMED)}  # fmt: skip
        if any(getattr(self, name) not in values for name, values in allowed.items()):
            raise ParametersRefused("option")
        try:
            read_rules(self.psychology)
            read_steps(self.steps)
        except MeasureProblem:
            raise ParametersRefused("option") from None
        if max(len(self.psychology), len(self.steps)) > _MOST_RULES or len(self.segment) > 40:
            raise ParametersRefused("option")
        if not all(_is_rate(text) for text in (self.hour, self.handling)):
            raise ParametersRefused("rate")
        if self.span == "own":
            try:
                first, last = dt.date.fromisoformat(self.first), dt.date.fromisoformat(self.last)
            except ValueError:
                raise ParametersRefused("period") from None
            if first > last or first.year < 1970 or (last - first).days > 36_500:
                raise ParametersRefused("period")

    def as_json(self) -> dict[str, Any]:
        """For the run's row."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "MeasureParameters":
        """From a run's row; names of other versions are ignored."""
        return cls(**{name: value for name, value in stored.items() if name in cls.__dataclass_fields__})

    @property
    def hour_cents(self) -> int:
        """What an hour of staff costs, in cents."""
        return round(Decimal(self.hour) * 100)

    @property
    def handling_cents(self) -> int:
        """What handling one order costs, in cents."""
        return round(Decimal(self.handling) * 100)

    def periods(self, as_of: dt.date) -> tuple[Period, Period]:
        """(the period before, the period looked at), first and last day each, both included."""
        after = self._looked_at(as_of)
        if self.against == "year_before":
            return (_year_earlier(after[0]), _year_earlier(after[1], is_last=True)), after
        if self.span in ("month", "quarter", "year"):
            return _calendar(self.span, after[0]), after
        days = (after[1] - after[0]).days
        last = after[0] - dt.timedelta(days=1)
        return (last - dt.timedelta(days=days), last), after

    def _looked_at(self, as_of: dt.date) -> Period:
        if self.span == "own":
            return dt.date.fromisoformat(self.first), dt.date.fromisoformat(self.last)
        if self.span.startswith("days_"):
            return as_of - dt.timedelta(days=int(self.span.removeprefix("days_")) - 1), as_of
        # The day of analysis may be the last of its period: that one is over then.
        return _calendar(self.span, as_of + dt.timedelta(days=1))


def _is_rate(text: str) -> bool:
    """Whether a text is an amount of money from nothing to ten thousand."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return False
    return amount.is_finite() and 0 <= amount <= _MOST_RATE


def _calendar(span: str, day: dt.date) -> Period:
    """The last calendar period of a kind that was over before a day."""
    months = {"month": 1, "quarter": 3, "year": 12}[span]
    began = day.year * 12 + (day.month - 1) // months * months
    return _month(began - months), _month(began) - dt.timedelta(days=1)


def _month(number: int) -> dt.date:
    return dt.date(number // 12, number % 12 + 1, 1)


def _year_earlier(day: dt.date, *, is_last: bool = False) -> dt.date:
    """The same calendar day a year before; the end of February meets the end of February."""
    if (day.month, day.day) == (2, 29):
        return dt.date(day.year - 1, 2, 28)
    if is_last and (day.month, day.day) == (2, 28) and _is_leap(day.year - 1):
        return dt.date(day.year - 1, 2, 29)
    return dt.date(day.year - 1, day.month, day.day)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
