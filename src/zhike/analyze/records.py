"""What crosses the door of the analyze module."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# The eight classes in the order of the textbook: important first, each with its flags high (1) or low (0) on R, F, M.
CLASSES: tuple[tuple[str, str], ...] = (
    ("important_value", "111"),
    ("important_develop", "101"),
    ("important_keep", "011"),
    ("important_win_back", "001"),
    ("general_value", "110"),
    ("general_develop", "100"),
    ("general_keep", "010"),
    ("general_win_back", "000"),
)
ORDER_LISTS = ("gone_quiet", "big_first_buyer", "lost_high_value")
LIST_KINDS = (*ORDER_LISTS, "need_soon", "lead_alone")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to come of one customer, with its reasons in words; no amounts for who may not see them."""

    as_of: dt.date
    band: str
    alive_percent: int
    expected_orders: float
    value_ahead_cents: int | None
    reasons: tuple[str, ...]
    risk: str = ""
    risk_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one customer left in the period of the newest run, in cents: margin less cost to serve."""

    as_of: dt.date
    net_cents: int
    margin_cents: int
    serve_cents: int
    contribution_cents: int
    profit_class: str
    service_kind: str | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A product for one customer, and the titles of what they bought that speak for it; none where it is what most buy."""

    product_id: int
    title: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """What a customer will need again first, and when."""

    product_id: int
    title: str
    due_day: dt.date
    gap_days: int
    basis: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A psychology type somebody seems to carry: its strength from 1 to 100, and what stands behind it."""

    type: str
    label: str
    strength: int
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preference:
    """What a customer does markedly more often than the shop: so many of so many orders."""

    kind: str
    kind_label: str
    label: str
    because: str
    hits: int
    of: int
    shop_percent: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """What is guessed of one customer from orders, and as of which day; never a fact."""

    as_of: dt.date
    group: str
    types: tuple[Guess, ...]
    preferences: tuple[Preference, ...]


@dataclass(frozen=True, slots=True)
class RunFacts:
    """An analysis run as pages and other modules see it; `counts` and `cuts` are the run's figures."""

    id: int
    public_id: str
    kind: str
    as_of: dt.date
    parameters: Mapping[str, Any]
    state: str
    cuts: Mapping[str, Any]
    counts: Mapping[str, Any]
    data_at: dt.datetime | None
    previous_id: int | None
    job_id: int | None
    by_staff_id: int | None
    error: str
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
