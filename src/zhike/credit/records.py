"""What crosses the door of the credit module."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhike_analytics.ratios import PARTS as AMOUNTS

PERIODS = ("year", "half", "quarter", "month")
SETS = ("5c", "5p", "6a")
STATES = ("draft", "waiting", "approved", "refused", "withdrawn")
SECTIONS = ("identity", "owners", "business", "finance", "payment", "disputes", "voices", "opinion")
TONES = ("bad", "watch", "note", "none")

__all__ = [
    "AMOUNTS",
    "PERIODS",
    "SECTIONS",
    "SETS",
    "STATES",
    "TONES",
    "CreditStanding",
    "EnterprisePage",
    "EnterpriseRow",
    "ImportTally",
    "InvoiceStated",
    "Limits",
    "ReceivableRow",
    "ReportDraft",
    "ReportFacts",
    "ReportPage",
    "RuleFacts",
    "Stated",
    "StatementFacts",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A statement as somebody enters it: amounts in cents by the names of `AMOUNTS`; what is absent was not stated."""

    ends_on: dt.date
    period: str = "year"
    is_consolidated: bool = False
    is_audited: bool = False
    amounts: Mapping[str, int | None] = field(default_factory=dict)
    origin: str = ""
    note: str = ""
    currency: str = ""  # empty: the shop's


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """A statement as it is held. `warnings`: (code, tone, value, bound)."""

    id: int
    public_id: str
    source_record_id: int
    ends_on: dt.date
    period: str
    is_consolidated: bool
    is_audited: bool
    currency: str
    amounts: Mapping[str, int | None]
    origin: str
    note: str
    by_staff_id: int | None
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """An enterprise in the overview: its newest statement. `ratios` in the order of `ratios.RULES`."""

    source_record_id: int
    customer_id: int
    statement: StatementFacts
    tone: str
    warning_codes: tuple[str, ...]
    ratios: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EnterprisePage:
    """Enterprises, the worst first, and the place after the last of them."""

    rows: tuple[EnterpriseRow, ...]
    next_key: str


@dataclass(slots=True)
class ImportTally:
    """What a file of statements holds and what became of it. `problems`: (row, code, column) of rows left out, the first hundred."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0
    enterprises: int = 0
    problems: list[tuple[int, str, str]] = field(default_factory=list)
    text: str = ""  # the file as plain CSV, so that what was looked at is what is recorded

    def refuse(self, row: int, code: str, column: str = "") -> None:
        """Leave a row out."""
        self.left_out += 1
        if len(self.problems) < 100:
            self.problems.append((row, code, column))


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A version of a rule: who made it, when and why."""

    kind: str
    version: int
    payload: Mapping[str, Any]
    why: str
    by_staff_id: int | None
    created_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Limits:
    """The rule of limits: days of terms and cap by grade, the house's own cap, days of grace, days until a review, bands."""

    terms_days: Mapping[str, int]
    caps_cents: Mapping[str, int | None]
    own_cap_cents: int | None
    grace_days: int
    review_days: int
    bands: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDraft:
    """What an author writes. `scores`: set → factor → (score 1–10 or None, evidence)."""

    leading: str
    scores: Mapping[str, Mapping[str, tuple[float | None, str]]]
    sections: Mapping[str, str] = field(default_factory=dict)
    sources: Sequence[tuple[str, str, str]] = ()  # name, day as ISO text, what it said
    override_grade: str = ""
    override_why: str = ""
    limit_cents: int | None = None
    terms_days: int | None = None
    valid_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A report as it stands. For a viewer who sees credit masked only `band` is told; grade, limit and texts are empty."""

    id: int
    public_id: str
    source_record_id: int
    is_person: bool
    state: str
    leading: str
    scores: Mapping[str, Any]
    results: Mapping[str, Any]
    grade: str
    band: str
    override_grade: str
    override_why: str
    statement_id: int | None
    payments: Mapping[str, Any]
    proposal: Mapping[str, Any]
    currency: str
    limit_cents: int | None
    terms_days: int | None
    valid_until: dt.date | None
    is_expired: bool
    sections: Mapping[str, str]
    sources: tuple[tuple[str, str, str], ...]
    author_staff_id: int | None
    created_at: dt.datetime
    submitted_at: dt.datetime | None
    decided_by_staff_id: int | None
    decided_at: dt.datetime | None
    decision_note: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Reports in order, and the place after the last of them."""

    rows: tuple[ReportFacts, ...]
    next_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceStated:
    """An invoice as somebody enters it; cents."""

    number: str
    due_on: dt.date
    amount_cents: int
    paid_cents: int = 0
    issued_on: dt.date | None = None
    paid_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ReceivableRow:
    """An invoice as it is held; `days_overdue` 0: not due, or settled."""

    number: str
    currency: str
    issued_on: dt.date | None
    due_on: dt.date
    amount_cents: int
    paid_cents: int
    paid_on: dt.date | None
    days_overdue: int


@dataclass(frozen=True, slots=True)
class CreditStanding:
    """Where a customer stands: the report in force (or None), what it owes, how it pays. Amounts None where they may not be seen."""

    band: str
    report: ReportFacts | None
    is_expired: bool
    invoices_cents: int | None
    shipped_cents: int | None
    orders_cents: int | None
    owed_cents: int | None
    free_cents: int | None
    overdue_cents: int | None
    overdue_days: int
    ages: Mapping[str, int]
    payments: Mapping[str, Any]
    holds: tuple[str, ...]
    currency: str
