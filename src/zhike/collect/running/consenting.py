"""Answers to purposes in a file: kept with their batch, foretold by the dry run, taken back by an undoing."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from django.db import transaction

from zhike.collect.models import ConsentSighting
from zhike.collect.statements import Made
from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.customers.records import Problem
from zhike.kit import bulk
from zhike.secure.records import Viewer

Keep = Callable[[], tuple[Counter[str], list[Problem]]]
_COLUMNS = ("consent_id", "run_id", "row_no")
KEPT = "consent_kept"  # the note about a yes that an earlier withdrawal outweighs


def of_records(run_id: int, batch: Sequence[Made], record_ids: Sequence[int | None], by: Viewer) -> Keep:
    """Keeps the answers a list of customers states; called inside the batch's transaction, it tells outcomes and remarks."""
    given = [made for made in batch if made.customer is not None]
    said = [
        (record, made.rows[-1], one)
        for record, made in zip(record_ids, given, strict=True)
        if record
        for one in made.consents
    ]

    def keep() -> tuple[Counter[str], list[Problem]]:
        if not said:
            return Counter(), []
        holder = customer_queries.customers_holding([record for record, _, _ in said])
        told = customers.bring_consents([(holder[record], one) for record, _, one in said], run_id=run_id, by=by)
        rows = [(id, run_id, row_no) for (_, row_no, _), (_, ids) in zip(said, told, strict=True) for id in ids]
        bulk.insert_many("collect_consentsighting", _COLUMNS, rows, on_conflict="ignore")
        remarks = [remark(row_no) for (_, row_no, _), (outcome, _) in zip(said, told, strict=True) if outcome == "kept"]
        return Counter(f"consents_{outcome}" for outcome, _ in told), remarks

    return keep


def remark(row_no: int) -> Problem:
    """That a withdrawal goes on holding."""
    return Problem(row_no, "consents", KEPT)


def foretell(source_id: int | None, given: Sequence[Made]) -> tuple[Counter[str], list[tuple[Made, Problem]]]:
    """What recording would keep of the answers in some rows."""
    mine = [made for made in given if made.customer is not None and made.consents]
    meant = customer_queries.customers_meant(source_id, [made.customer for made in mine if made.customer])
    said = [
        (made, found[0] if found else None, one)
        for made, found in zip(mine, meant, strict=True)
        for one in made.consents
    ]
    outcomes = customer_queries.foretell_consents([(customer, one) for _, customer, one in said])
    remarks = [
        (made, remark(made.rows[-1])) for (made, _, _), outcome in zip(said, outcomes, strict=True) if outcome == "kept"
    ]
    return Counter(outcomes), remarks


def withdraw_run(run_id: int, *, by: Viewer, batch: int = 500) -> Iterator[int]:
    """Take back the answers a run brought in, unless another import says them too; batch by batch."""
    while ids := list(ConsentSighting.objects.filter(run_id=run_id).values_list("consent_id", flat=True)[:batch]):
        with transaction.atomic():
            ConsentSighting.objects.filter(run_id=run_id, consent_id__in=ids).delete()
            left = set(ConsentSighting.objects.filter(consent_id__in=ids).values_list("consent_id", flat=True))
            customers.take_consents_back([id for id in ids if id not in left], run_id=run_id, by=by)
        yield len(ids)
