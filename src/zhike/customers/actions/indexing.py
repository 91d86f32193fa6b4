"""Lookups and name tokens of a run while it records: held in memory, laid from large sorted buffers, nothing read again."""

from collections.abc import Iterator
from operator import itemgetter

from zhike.customers.actions import finish
from zhike.customers.actions.batch import PreparedStatements
from zhike.kit import bulk

_digest = itemgetter(1)


class IndexBuffer:
    """What the batches of one run leave to be found by, so far as this process recorded them.

    It knows nothing of batches another process recorded before: where there were any, `finish_run` reads the run again.
    """

    def __init__(self) -> None:
        self._lookups: dict[int, list[tuple[int, bytes, int]]] = {}  # by kind
        self._new: set[int] = set()
        self._changed: set[int] = set()
        self._tokens: dict[str, str] = {}
        self._versions = 0

    def take(self, prepared: PreparedStatements) -> None:
        """Hold what a batch that is committed leaves."""
        for row in prepared.lookups:
            self._lookups.setdefault(row[0], []).append(row)
        self._new.update(row[0] for row in prepared.customers)
        self._changed.update(row[0] for row in prepared.changed_cards)
        self._changed |= prepared.renamed
        self._tokens |= prepared.name_tokens
        self._versions += len(prepared.sightings)

    @property
    def is_full(self) -> bool:
        """Whether there is enough to be laid together."""
        most = max(map(len, self._lookups.values()), default=0)
        return max(len(self._new) + len(self._changed), most) >= finish.BUFFER

    def lay(self) -> Iterator[int]:
        """Lay what is held, each step in short transactions; yields how many versions it came from."""
        for _, rows in sorted(self._lookups.items()):  # kind by kind: digests alone sort in half the time of whole rows
            finish.lay_lookups(sorted(rows, key=_digest))
        self._lookups = {}  # the tokens need the memory
        sql = (
            "SELECT k.customer_id, k.name FROM customers_customer c "
            "JOIN customers_customercard k ON k.customer_id = c.root_id WHERE c.id IN {values}"
        )
        # Names as they stand now: somebody may have changed one since its batch.
        names = dict(bulk.fetch_in(sql, sorted(self._new | self._changed)))
        finish.lay_tokens(names, self._tokens, new=self._new - self._changed)
        done, self._new, self._changed, self._tokens, self._versions = self._versions, set(), set(), {}, 0
        yield done
