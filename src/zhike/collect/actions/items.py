"""Taking in many statements a program sent: stored first, answered at once, recorded by a job, undone like any import."""

from collections.abc import Sequence

from django.db import transaction

from zhike.collect import queries
from zhike.collect.actions.steering import start_import
from zhike.collect.actions.storing import take_run_id
from zhike.collect.models import ImportRun
from zhike.collect.records import RunFacts
from zhike.collect.running.items import TEMPLATE, as_lines
from zhike.collect.storage import take_in
from zhike.customers.records import Statement
from zhike.kit import chance, clock
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.shop.records import OrderStatement


def store_items(
    kind: str, source_id: int, statements: Sequence[Statement] | Sequence[OrderStatement], *, by: Viewer
) -> RunFacts:
    """Store statements about `customers` or `orders` sealed, and queue their recording. The run tells what came of them."""
    check(by, "collect.import")
    run_id = take_run_id()
    file_key = f"import-{run_id}"
    digest, byte_count = take_in(file_key, as_lines(statements))
    with transaction.atomic():
        ImportRun.objects.create(
            id=run_id,
            public_id=chance.public_id(),
            kind=kind,
            source_id=source_id,
            file_name=f"api-{kind}-{run_id}.jsonl",
            file_key=file_key,
            digest=digest,
            byte_count=byte_count,
            template=TEMPLATE,
            check_result={"items": len(statements)},
            by_staff_id=by.staff_id,
            created_at=clock.now(),
        )
        secure.record_audit("import.stored", by=by, about=("import", run_id), detail={"bytes": byte_count})
        start_import(run_id, by=by)
    return queries.facts_of(ImportRun.objects.get(id=run_id))
