"""What a run leaves for its end: lookups and name tokens, built from large sorted buffers in short transactions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db import connection, transaction

from zhike.customers import cards
from zhike.customers.events import SourceRecorded
from zhike.customers.models import Merge
from zhike.customers.normalizing import lookups_in
from zhike.customers.survivorship import LiveVersion
from zhike.kit import bulk
from zhike.kit import rows as stored
from zhike.kit.events import publish
from zhike.kit.presence import people_are_here
from zhike_analytics.values import persons

if TYPE_CHECKING:
    from zhike.customers.actions.indexing import IndexBuffer

# The larger the buffer, the more of its rows fall on one page of the tables: at a million customers 100,000 versions dirty
# nearly each page of lookups and tokens once. Half as many took a fifth longer over them and saved 60 MB.
BUFFER = 100_000
_READ = 50_000  # versions of a run that are read again at once, facts and all
# Rows to a transaction: about 15 ms of the database while people are here, 400 ms while nobody is. Tokens touch the index by
# customer all over the buffer's customers each time, so few large slices write far less than many small ones.
_SLICE, _LONG_SLICE = 5_000, 100_000
_NOTHING: Mapping[str, str] = MappingProxyType({})
_LOOKUP = ("kind", "digest", "source_record_id")


def finish_run(run_id: int, *, after: int = 0, held: "IndexBuffer | None" = None) -> Iterator[tuple[int, int]]:
    """Index what a run touched, then announce what the run said.

    Yields (versions done, last version id) so that it can resume. Safe to run again: what is there already stays. Who
    recorded the whole run gives the buffer it filled, and nothing is read again.
    """
    if held is None:
        yield from index_run(run_id, after=after)
    else:
        yield from ((done, 0) for done in held.lay())
    with transaction.atomic():
        publish(SourceRecorded(run_id=run_id, is_backfill=True))


def index_run(run_id: int, *, after: int = 0) -> Iterator[tuple[int, int]]:
    """Lay the lookups and name tokens of what a run said so far, so that search and joins find it; yields as `finish_run`."""
    while rows := _versions_after(run_id, after):
        after = rows[-1][0]
        lookups = set()
        for _, record_id, facts, _, _ in rows:
            for kind, digest in lookups_in(stored.parsed(facts)):
                lookups.add((kind, digest, record_id))
        lay_lookups(sorted(lookups))
        del lookups  # the tokens need the memory
        lay_tokens({root_id: name for _, _, _, root_id, name in rows})
        yield len(rows), after


def _versions_after(run_id: int, after: int) -> list[tuple[int, int, object, int, str]]:
    """(version, record, facts, root, name of the root's card) of a run's next versions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.id, v.source_record_id, v.facts, k.customer_id, k.name FROM customers_sighting s "
            "JOIN customers_sourceversion v ON v.id = s.version_id "
            "JOIN customers_sourcerecord r ON r.id = v.source_record_id "
            "JOIN customers_customer c ON c.id = r.customer_id JOIN customers_customercard k ON k.customer_id = c.root_id "
            "WHERE s.run_id = %s AND s.version_id > %s ORDER BY s.version_id LIMIT %s",
            [run_id, after, _READ],
        )
        return list(cursor.fetchall())


def retoken(record_ids: set[int]) -> None:
    """Bring the name tokens of the customers of these records in line with their cards."""
    sql = (
        "SELECT k.customer_id, k.name FROM customers_sourcerecord r JOIN customers_customer c ON c.id = r.customer_id "
        "JOIN customers_customercard k ON k.customer_id = c.root_id WHERE r.id IN {values}"
    )
    lay_tokens(dict(bulk.fetch_in(sql, sorted(record_ids))))


def retoken_customers(customer_ids: Iterable[int]) -> None:
    """Bring the name tokens of these roots in line with their cards; a few, in the caller's transaction."""
    sql = "SELECT customer_id, name FROM customers_customercard WHERE customer_id IN {values}"
    lay_tokens(dict(bulk.fetch_in(sql, sorted(customer_ids))))


def _own_names(root_ids: Iterable[int]) -> dict[int, set[str]]:
    """{root: what each customer of a merged group is called by its own sources}: a name that lost still finds the file."""
    if not Merge.objects.filter(undone_at=None).exists():
        return {}
    sql = "SELECT DISTINCT root_id FROM customers_customer WHERE root_id <> id AND root_id IN {values}"
    together = sorted({root for (root,) in bulk.fetch_in(sql, sorted(set(root_ids)))})
    root_of = dict(bulk.fetch_in("SELECT id, root_id FROM customers_customer WHERE root_id IN {values}", together))
    said: dict[int, list[LiveVersion]] = {}
    for customer, version in cards.versions_of_customers(root_of) if root_of else ():
        said.setdefault(customer, []).append(version)
    found: dict[int, set[str]] = {}
    for customer, versions in said.items():
        found.setdefault(root_of[customer], set()).add(cards.shown_name(versions))
    return found


def lay_lookups(rows: Sequence[tuple[int, bytes, int]]) -> None:
    """Lay sorted lookups; those there already stay."""
    _in_slices("customers_lookup", _LOOKUP, rows)


def lay_tokens(
    names: Mapping[int, str], made: Mapping[str, str] = _NOTHING, new: AbstractSet[int] = frozenset()
) -> None:
    """Bring the tokens of customers in line with these names of theirs.

    `made` holds the tokens of names as far as they are known, a line each. Of customers who are `new` none can be stale.
    """
    customers, own = sorted(names), _own_names(names)
    sql = "SELECT token, customer_id FROM customers_nametoken WHERE customer_id IN {values}"
    # What stands there, until the names below have claimed theirs.
    stale = set(bulk.fetch_in(sql, [c for c in customers if c not in new]))
    holders: dict[str, list[int]] = defaultdict(
        list
    )  # many share a token: sorting tokens is quicker than sorting pairs
    for customer in customers:
        tokens = _tokens_of(names[customer], made)
        if customer in own:
            tokens = {token for name in own[customer] for token in _tokens_of(name, made)}.union(tokens)
        for token in tokens:
            if stale and (token, customer) in stale:
                stale.discard((token, customer))
            else:
                holders[token].append(customer)
    if stale:
        bulk.delete_many("customers_nametoken", ("token", "customer_id"), sorted(stale))
    pairs = ((token, customer) for token in sorted(holders) for customer in holders[token])
    _in_slices("customers_nametoken", ("token", "customer_id"), pairs)


def _tokens_of(name: str, made: Mapping[str, str]) -> Collection[str]:
    known = made.get(name)
    return known.split("\n") if known else persons.name_tokens(name) if name else ()


def _in_slices(table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    left = iter(rows)
    while some := list(islice(left, _SLICE if people_are_here() else _LONG_SLICE)):
        bulk.insert_many(table, columns, some, on_conflict="ignore", plain=True)
