"""Statements of a file."""

from collections.abc import Sequence

from zhike.credit import measuring
from zhike.credit.models import FinancialStatement
from zhike.credit.records import StatementFacts
from zhike.customers import queries as customers
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike_analytics.ratios import Ratio, ratios


def statements_of(viewer: Viewer, record_ids: Sequence[int], *, limit: int = 24) -> tuple[StatementFacts, ...]:
    """The statements of a file, the newest first; nothing for who may not see them in full."""
    if not sees_statements(viewer):
        return ()
    found = FinancialStatement.objects.filter(source_record_id__in=list(record_ids))
    return tuple(facts(row) for row in found.order_by("-ends_on", "period", "-is_consolidated", "-id")[:limit])


def measured_statements(
    viewer: Viewer, record_ids: Sequence[int]
) -> list[tuple[StatementFacts, dict[str, Ratio], list[str]]]:
    """The statements of a file with their ratios and the codes of what they warn of."""
    return [
        (
            one,
            ratios(measuring.statement_of(one.amounts)),
            [told.code for told in measuring.told_by(one.amounts)],
        )
        for one in statements_of(viewer, record_ids)
    ]


def statement(viewer: Viewer, public_id: str) -> StatementFacts | None:
    """One statement, if the viewer may know of it."""
    row = FinancialStatement.objects.filter(public_id=public_id).first()
    if row is None or not sees_statements(viewer):
        return None
    return facts(row) if customers.customers_of_records(viewer, [row.source_record_id]) else None


def sees_statements(viewer: Viewer) -> bool:
    """Whether the viewer may see statements: a balance sheet has no mask."""
    return viewer.can("credit.view") and secure.sight(viewer, "statements") == "shown"


def facts(row: FinancialStatement) -> StatementFacts:
    """A row as others see it."""
    return StatementFacts(
        id=row.pk,
        public_id=row.public_id,
        source_record_id=row.source_record_id,
        ends_on=row.ends_on,
        period=row.period,
        is_consolidated=row.is_consolidated,
        is_audited=row.is_audited,
        currency=row.currency,
        amounts=measuring.amounts_of(row),
        origin=row.origin,
        note=row.note,
        by_staff_id=row.by_staff_id,
        updated_at=row.updated_at,
    )
