"""The verbs of the credit module."""

from zhike.credit.actions.forgetting import forget_credit, forget_lost_credit
from zhike.credit.actions.imports import StatementFileRefused, check_statements, record_statements
from zhike.credit.actions.receivables import InvoiceRefused, note_invoice
from zhike.credit.actions.reports import (
    ReportRefused,
    change_report,
    decide_report,
    draft_report,
    submit_report,
    withdraw_report,
)
from zhike.credit.actions.reviewing import offer_reviews
from zhike.credit.actions.rules import RuleRefused, set_limits, set_weights
from zhike.credit.actions.statements import (
    StatementRefused,
    add_statement,
    change_statement,
    remove_statement,
)

__all__ = [
    "InvoiceRefused",
    "ReportRefused",
    "RuleRefused",
    "StatementFileRefused",
    "StatementRefused",
    "add_statement",
    "change_report",
    "change_statement",
    "check_statements",
    "decide_report",
    "draft_report",
    "forget_credit",
    "forget_lost_credit",
    "note_invoice",
    "offer_reviews",
    "record_statements",
    "remove_statement",
    "set_limits",
    "set_weights",
    "submit_report",
    "withdraw_report",
]
