"""Families of computed figures a rule may ask: where the newest run's result lies, and how the file keeps the same figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhike.analyze import methods
from zhike.analyze.portrait_consent import REFUSED
from zhike.clean.queries import quality


@dataclass(frozen=True, slots=True)
class Family:
    """A family: the kind of its runs, which rows of a result have a figure, and per column its type and its name on the file.

    `is_profile`: a guess about a person, which is withheld from the moment profiling is refused.

    A family of another module says itself where its newest result lies, and what it finds on one file now.
    """

    name: str
    counted: str
    columns: dict[str, tuple[str, str]]
    result: Callable[[], Path | None] | None = None
    is_profile: bool = False
    of_one: Callable[[int], Mapping[str, Any] | None] | None = None

    @property
    def types(self) -> dict[str, str]:
        """Column → DuckDB type, the customer first."""
        return {"customer_id": "BIGINT"} | {name: kind for name, (kind, _) in self.columns.items()}


def _same(kind: str, *names: str) -> dict[str, tuple[str, str]]:
    return {name: (kind, name) for name in names}


# Who refused to be profiled since the run is in no segment that asks for a guess.
NOT_REFUSED = " AND ".join(
    f"customer_id NOT IN (SELECT customer_id FROM cards WHERE consents LIKE '%{state}%')" for state in REFUSED
)
FAMILIES = {
    family.name: family
    for family in (
        Family(
            "rfm",
            "r IS NOT NULL",
            {
                "class_code": ("VARCHAR", "class"),
                **_same("VARCHAR", "cell"),
                **_same("BIGINT", "r", "f", "m", "recency_days", "frequency", "monetary_cents"),
            },
        ),
        Family(
            "value",
            "abc_class <> 'unknown'",
            {**_same("VARCHAR", "abc_class", "level"), **_same("BIGINT", "value_cents")},
        ),
        Family(
            "lifetime",
            "true",
            {**_same("VARCHAR", "band"), **_same("BIGINT", "alive_percent", "value_ahead_cents", "silent_days")},
        ),
        Family(
            "retention",
            "true",
            {**_same("VARCHAR", "risk_level"), **_same("BIGINT", "risk_percent")},
        ),
        Family(
            "profit",
            "true",
            {
                **_same("VARCHAR", "profit_class", "service_kind"),
                **_same("BIGINT", "contribution_cents", "serve_cents"),
            },
        ),
        Family(
            "portrait",
            NOT_REFUSED,
            {"group_code": ("VARCHAR", "group"), **_same("VARCHAR", "types", "preferred")},
            is_profile=True,
        ),
        Family("lookalike", NOT_REFUSED, {"place": ("BIGINT", "place")}, is_profile=True),
        Family(
            "paths",
            NOT_REFUSED,
            {**_same("DATE", "last_visit", "basket_left"), **_same("BIGINT", "visits_30")},
            is_profile=True,
        ),
        Family("recommendation", "true", {**_same("VARCHAR", "products")}),
        Family(
            "satisfaction",
            "true",
            {**_same("VARCHAR", "level"), **_same("BIGINT", "satisfaction_index")},
        ),
        Family(
            "loyalty",
            "true",
            {**_same("VARCHAR", "cell"), **_same("BIGINT", "occasions", "attitude")},
        ),
        Family(
            "quality",
            "true",
            {**_same("BIGINT", "score"), **_same("VARCHAR", "missing", "invalid", "stale", "contradicted")},
            result=quality.result_file,
            of_one=quality.figures_of,
        ),
    )
}


def families() -> dict[str, Family]:
    """All families by name, those of methods of one's own among them."""
    return FAMILIES | {method.kind: _own(method) for method in methods.methods().values()}


def _own(method: methods.Method) -> Family:
    kinds = {column.asked: "VARCHAR" if column.kind == "choice" else "BIGINT" for column in method.columns}
    return Family(method.kind, "true", {name: (kind, name) for name, kind in kinds.items()})
