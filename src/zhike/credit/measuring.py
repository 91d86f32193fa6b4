"""Between the tables and the library: statements as the library takes them, and what its warnings come to in a list."""

from collections.abc import Mapping

from zhike.credit.models import FinancialStatement, Receivable
from zhike.credit.records import AMOUNTS, TONES
from zhike_analytics.credit import Invoice
from zhike_analytics.ratios import RatioWarning, Statement, warnings


def statement_of(amounts: Mapping[str, int | None]) -> Statement:
    """The amounts of a statement for the library, in cents."""
    return Statement(**{name: amounts.get(name) for name in AMOUNTS})


def amounts_of(row: FinancialStatement) -> dict[str, int | None]:
    """The amounts of a row by their names."""
    return {name: getattr(row, f"{name}_cents") for name in AMOUNTS}


def told_by(amounts: Mapping[str, int | None]) -> tuple[RatioWarning, ...]:
    """What the amounts warn of, the worst first."""
    return warnings(statement_of(amounts))


def in_short(told: tuple[RatioWarning, ...]) -> tuple[int, list[str]]:
    """The worst tone as its place in `TONES`, and the codes."""
    tone = TONES.index(told[0].tone) if told else len(TONES) - 1
    return tone, [one.code for one in told]


def invoice_of(row: Receivable) -> Invoice:
    """A receivable for the library."""
    return Invoice(row.due_on, row.amount_cents, row.paid_cents, row.paid_on, row.issued_on)
