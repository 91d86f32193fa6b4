"""Tables of the credit module; private to it."""

from zhike.credit.models.receivable import Receivable
from zhike.credit.models.report import CreditReport
from zhike.credit.models.rule import CreditRule
from zhike.credit.models.statement import FinancialStatement

__all__ = ["CreditReport", "CreditRule", "FinancialStatement", "Receivable"]
