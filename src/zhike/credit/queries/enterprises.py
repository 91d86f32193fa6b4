"""Enterprises by what their newest statements warn of, the worst first."""

from collections.abc import Iterator

from django.db.models import QuerySet

from zhike.credit import measuring
from zhike.credit.models import FinancialStatement
from zhike.credit.queries.statements import facts, sees_statements
from zhike.credit.records import TONES, EnterprisePage, EnterpriseRow
from zhike.customers import queries as customers
from zhike.kit.paging import Column, page_of
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike_analytics.ratios import ratios

VIEWS = ("all", "bad", "watch", "fine")
_SORTS = {"worst": (Column("tone"), Column("ends_on", descending=True), Column("id", descending=True))}
_EXPORTED = 5_000


def enterprises(viewer: Viewer, view: str = "all", *, after: str = "", limit: int = 50) -> EnterprisePage:
    """Enterprises of the viewer's customers with statements. Views: all, bad, watch, fine. Raises BadPageKey."""
    if not sees_statements(viewer):
        return EnterprisePage((), "")
    page = page_of(_in_view(viewer, view), sorts=_SORTS, sort="worst", after=after, size=limit)
    return EnterprisePage(_rows(viewer, page.items), page.next_key or "")


def enterprises_as_rows(viewer: Viewer, view: str = "all") -> Iterator[EnterpriseRow]:
    """All of them, for a file; nothing where statements may not leave."""
    if sees_statements(viewer) and secure.may_export(viewer, "statements"):
        yield from _rows(viewer, list(_in_view(viewer, view).order_by("tone", "-ends_on", "-id")[:_EXPORTED]))


def _in_view(viewer: Viewer, view: str) -> QuerySet[FinancialStatement]:
    within = customers.records_in_scope(viewer)
    found = FinancialStatement.objects.filter(is_newest=True)
    if within is not None:
        found = found.filter(source_record_id__in=within)
    tones = {"bad": (0,), "watch": (1,), "fine": (2, 3)}.get(view)
    return found if tones is None else found.filter(tone__in=tones)


def _rows(viewer: Viewer, found: list[FinancialStatement]) -> tuple[EnterpriseRow, ...]:
    roots = customers.customers_of_records(viewer, [row.source_record_id for row in found])
    return tuple(
        EnterpriseRow(
            source_record_id=row.source_record_id,
            customer_id=roots[row.source_record_id],
            statement=facts(row),
            tone=TONES[row.tone],
            warning_codes=tuple(row.warning_codes),
            ratios=ratios(measuring.statement_of(measuring.amounts_of(row))),
        )
        for row in found
        if row.source_record_id in roots
    )
