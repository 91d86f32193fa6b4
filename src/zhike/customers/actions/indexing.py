"""Lookups and name tokens of a run while it records: held in memory, laid from large sorted buffers, nothing read again."""

from collections.abc import Iterator

from zhike.customers.actions import finish
from zhike.customers.actions.batch import PreparedStatements
from zhike.kit import bulk

_LOOKUPS_EACH = (
    4  # of a customer with phone, e-mail and an identifier; one whose card stays as it is may bring some too
)


class IndexBuffer:
    """What the batches of one run leave to be found by, so far as this process recorded them.

    It knows nothing of batches another process recorded before: where there were any, `finish_run` reads the run again.
    """

    def __init__(self) -> None:
        self._lookups: list[tuple[int, bytes, int]] = []
        self._new: set[int] = set()
        self._changed: set[int] = set()
        self._tokens: dict[str, str] = {}
        self._versions = 0

    def take(self, prepared: PreparedStatements) -> None:
        """Hold what a batch that is committed leaves; cards that changed quietly are called as before."""
        self._lookups += prepared.lookups
        self._new.update(row[0] for row in prepared.customers)
        self._changed.update(row[0] for row in prepared.changed_cards)
        self._tokens |= prepared.name_tokens
        self._versions += len(prepared.sightings)

    @property
    def is_full(self) -> bool:
        """Whether there is enough to be laid together."""
        return max(len(self._new) + len(self._changed), len(self._lookups) // _LOOKUPS_EACH) >= finish.BUFFER

    def lay(self) -> Iterator[int]:
        """Lay what is held, each step in short transactions; yields how many versions it came from."""
        rows = sorted(set(self._lookups))
        self._lookups = []
        finish.lay_lookups(rows)
        del rows  # the tokens need the memory
        sql = (
            "SELECT k.customer_id, k.name FROM customers_customer c "
            "JOIN customers_customercard k ON k.customer_id = c.root_id WHERE c.id IN {values}"
        )
        # Names as they stand now: somebody may have changed one since its batch.
        names = dict(bulk.fetch_in(sql, sorted(self._new | self._changed)))
        finish.lay_tokens(names, self._tokens, new=self._new - self._changed)
        done, self._new, self._changed, self._tokens, self._versions = self._versions, set(), set(), {}, 0
        yield done
