"""Plans kept as files, so that a rule is compiled once and the web process never needs the compiler."""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from zhike.analyze.lake_files import quoted
from zhike.analyze.lake_tables import LAKE_TABLES
from zhike.customers.queries.segments import Node, Window, days_of, moments_of
from zhike.kit import home

PLAN_VERSION = 2  # raise it when the same rule shall mean something else


@dataclass(frozen=True, slots=True)
class Plan:
    """SQL for a rule. `members` gives customer_id of everybody in; `judged` each condition's truth and value (t0, v0, …).

    `windows` are the stretches of time whose bounds `asking` must state (from_0, to_0, …); `paths` the place of each
    condition in the expanded rule; `tables` what is read.
    """

    members: str
    judged: str
    windows: tuple[Window, ...]
    paths: tuple[str, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """What a plan's SQL does not say itself: today by the shop's clock, its zone, the currency in which money counts."""

    today: dt.date
    zone: str
    currency: str

    def row(self, plan: Plan) -> str:
        """The query of the one-row table `asking`."""
        cells = [f"{quoted(self.currency)} AS currency", "CAST(NULL AS BIGINT) AS customer"]
        for number, window in enumerate(plan.windows):
            start, end = moments_of(window, self.today, self.zone)
            cells += [f"TIMESTAMP '{start}' AS from_{number}", f"TIMESTAMP '{end}' AS to_{number}"]
            first, last = days_of(window, self.today)
            after = last + dt.timedelta(days=1) if last else dt.date(2200, 1, 1)
            cells += [f"DATE '{first or dt.date(1900, 1, 1)}' AS first_{number}", f"DATE '{after}' AS after_{number}"]
        return f"SELECT {', '.join(cells)}"


def kept_plan(node: Node) -> Plan | None:
    """The plan of an expanded rule, if it has been made before."""
    try:
        stored = json.loads(_place(node).read_text(encoding="utf-8"))
        windows = tuple(Window(**{**w, **_days(w)}) for w in stored.pop("windows"))
        lists = {name: tuple(stored[name]) for name in ("paths", "tables")}
        return Plan(stored["members"], stored["judged"], windows, lists["paths"], lists["tables"])
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def plan_for(node: Node) -> Plan:
    """The plan of an expanded rule, made now if need be (which loads the compiler)."""
    plan = kept_plan(node)
    if plan is None:
        from zhike.analyze.segments.plan import plan_of

        plan = plan_of(node)
        place = _place(node)
        draft = place.with_suffix(".new")
        draft.write_text(json.dumps(asdict(plan), default=str), encoding="utf-8")
        draft.replace(place)
    return plan


def _place(node: Node) -> Path:
    shapes = "".join(table.shape() for table in LAKE_TABLES)
    named = hashlib.sha256(f"{PLAN_VERSION}:{shapes}:{node!r}".encode()).hexdigest()[:32]
    return home.path("lake/plans") / f"{named}.json"


def _days(stored: dict[str, str | None]) -> dict[str, dt.date | None]:
    return {name: dt.date.fromisoformat(text) if (text := stored[name]) else None for name in ("first", "last")}
