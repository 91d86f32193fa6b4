"""A firm with statements, a person, and the people who enter, propose and decide."""

import datetime as dt
from typing import Any

from tests.desk.ground import lay_ground
from zhike.credit.records import ReportDraft, Stated
from zhike.customers import actions as customers
from zhike.secure.records import LOCAL_OPERATOR

TODAY = dt.datetime(2026, 7, 1, 4, tzinfo=dt.UTC)
WAN = 1_000_000  # cents in 10,000 yuan
# The worked example of the specification, in 10,000 yuan.
WORKED = {
    "current_assets": 900, "inventory": 300, "prepayments": 20, "cash": 120, "securities": 60, "total_assets": 2000,
    "current_liabilities": 500, "total_liabilities": 1100, "net_assets": 900, "retained_earnings": 350, "ebit": 180,
    "sales": 2500,
}  # fmt: skip


def amounts(**changed: int) -> dict[str, int | None]:
    """The worked example in cents, with amounts changed (in 10,000 yuan)."""
    return {name: value * WAN for name, value in {**WORKED, **changed}.items()}


def stated(year: int = 2025, **changed: int) -> Stated:
    """A year's statement."""
    return Stated(ends_on=dt.date(year, 12, 31), is_audited=True, amounts=amounts(**changed), origin="年度审计报告")


def firm(name: str = "好客贸易", **values: str) -> int:
    """An organization."""
    return customers.add_customer("organisation", {"name": name, **values}, by=LOCAL_OPERATOR)


def person(name: str = "王小明") -> int:
    """A natural person."""
    return customers.add_customer("person", {"name": name}, by=LOCAL_OPERATOR)


def draft(score: float = 8.0, **given: Any) -> ReportDraft:
    """A report whose five factors are all judged alike."""
    judged = dict.fromkeys(("character", "capacity", "capital", "collateral", "condition"), (score, "看过报表"))
    told: dict[str, Any] = {
        "leading": "5c",
        "scores": {"5c": judged},
        "sections": {"identity": "登记在册。", "opinion": "可以给额度。"},
        "sources": [("年度审计报告", "2026-03-01", "现金充足")],
        "limit_cents": 100 * WAN,
        "terms_days": 30,
        "valid_until": dt.date(2027, 6, 30),
    }
    return ReportDraft(**{**told, **given})


__all__ = ["TODAY", "WAN", "WORKED", "amounts", "draft", "firm", "lay_ground", "person", "stated"]
