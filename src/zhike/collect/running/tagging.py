"""Tags of a file: whose they are, that they are put on with their batch, and how an undoing takes them off."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from zhike.collect.models import TagSighting
from zhike.collect.statements import Made
from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.customers.records import Problem
from zhike.kit import bulk

_COLUMNS = ("customer_id", "tag_id", "run_id", "row_no")
Row = tuple[int, int, int, int]


@dataclass(slots=True)
class Found:
    """The tags of a batch with the customers they belong to, ready to be put on."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {"new": 0, "unchanged": 0})

    def put(self) -> None:
        """Inside the batch's transaction."""
        customers.put_tags((customer, tag) for customer, tag, _, _ in self.rows)
        bulk.insert_many("collect_tagsighting", _COLUMNS, self.rows, on_conflict="ignore")


def find_customers(source_id: int, run_id: int, batch: Sequence[Made]) -> Found:
    """Of a file that states nothing but tags: the known customers its rows mean; a row of nobody known is kept out."""
    found = Found()
    given = [made for made in batch if made.customer is not None]
    tags = customers.tags_of_names(name for made in given for name in made.tags)
    meant = customer_queries.customers_meant(source_id, [made.customer for made in given if made.customer])
    wanted: list[Row] = []
    for made, customer in zip(given, meant, strict=True):
        if customer is None:
            found.problems.append(Problem(made.rows[-1], "key", "customer_unknown", fatal=True))
        else:
            wanted += [(customer[0], tags[name], run_id, made.rows[-1]) for name in made.tags]
    root_of = dict(filter(None, meant))
    have = customer_queries.tags_on(set(root_of.values()))
    for row in wanted:
        found.counts["unchanged" if row[1] in have.get(root_of[row[0]], ()) else "new"] += 1
    found.rows = wanted
    return found


def of_records(run_id: int, batch: Sequence[Made], record_ids: Sequence[int | None]) -> Callable[[], None]:
    """Puts the tags a list of customers states on the files its records stand on; called inside the batch's transaction."""
    given = [made for made in batch if made.customer is not None]
    tagged = [(record, made) for record, made in zip(record_ids, given, strict=True) if record and made.tags]
    if not tagged:
        return lambda: None
    tags = customers.tags_of_names(name for _, made in tagged for name in made.tags)

    def put() -> None:
        holder = customer_queries.customers_holding([record for record, _ in tagged])
        rows = [(holder[record], tags[name], run_id, made.rows[-1]) for record, made in tagged for name in made.tags]
        Found(rows).put()

    return put


def withdraw_run(run_id: int, *, batch: int = 500) -> Iterator[int]:
    """Take off the tags a run put on, unless another import says them too; batch by batch."""
    while rows := list(TagSighting.objects.filter(run_id=run_id).values_list("customer_id", "tag_id")[:batch]):
        with transaction.atomic():
            for customer, tag in rows:
                TagSighting.objects.filter(customer_id=customer, tag_id=tag, run_id=run_id).delete()
            left = set(
                TagSighting.objects.filter(customer_id__in={customer for customer, _ in rows}).values_list(
                    "customer_id", "tag_id"
                )
            )
            customers.take_tags(pair for pair in rows if pair not in left)
        yield len(rows)
