"""Questions the credit module answers; nothing here writes, and every answer keeps to the viewer's scope and field rights."""

from zhike.credit.document import Document, Part, report_as_document
from zhike.credit.queries.analysis import Analysis, analysis, told_in_short
from zhike.credit.queries.enterprises import VIEWS as ENTERPRISE_VIEWS
from zhike.credit.queries.enterprises import enterprises, enterprises_as_rows
from zhike.credit.queries.reports import VIEWS as REPORT_VIEWS
from zhike.credit.queries.reports import report, reports, reports_of, waiting_count
from zhike.credit.queries.rules import rule_history
from zhike.credit.queries.standing import hold_for, receivables_of, standing
from zhike.credit.queries.statements import measured_statements, sees_statements, statement, statements_of
from zhike.credit.shipped_rules import limits, newest
from zhike.credit.statement_columns import template

__all__ = [
    "ENTERPRISE_VIEWS",
    "REPORT_VIEWS",
    "Analysis",
    "Document",
    "Part",
    "analysis",
    "enterprises",
    "enterprises_as_rows",
    "hold_for",
    "limits",
    "measured_statements",
    "newest",
    "receivables_of",
    "report",
    "report_as_document",
    "reports",
    "reports_of",
    "rule_history",
    "sees_statements",
    "standing",
    "statement",
    "statements_of",
    "template",
    "told_in_short",
    "waiting_count",
]
