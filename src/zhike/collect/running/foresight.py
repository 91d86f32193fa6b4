"""New, updated or unchanged: what recording a file would do, asked in batches and written nowhere."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b

from zhike.collect.running import consenting
from zhike.collect.statements import Made
from zhike.collect.tracking.recording import foresee_tracked
from zhike.customers import queries as customers
from zhike.customers.records import Problem, Statement
from zhike.shop import actions as shop_do
from zhike.shop import queries as shop
from zhike.shop.queries import TO_BE_MADE

_ASK_MANY = 1_000
_MOST_REMEMBERED = 200_000  # statements already asked about: a buyer's orders mostly say the same of the buyer
ORDER_OUTCOMES = ("new", "updated", "unchanged")
_ABOUT = {"products": shop_do.PRODUCT, "cases": shop_do.CASE}
CUSTOMER_OUTCOMES = ("new", "joined", "updated", "unchanged")
# The record a statement would land on, its outcome, and what recording would remark on.
Remembered = tuple[int | None, str, tuple[Problem, ...]]
Told = Callable[[Made, Problem], None]


class Foresight:
    """Counts for one file of one source (None: not registered yet); `tell` hears what only recording would find."""

    def __init__(self, source_id: int | None, kind: str, *, zone: str, currency: str, tell: Told) -> None:
        self._kind, self._tell = kind, tell
        self._source_id, self._zone, self._currency = source_id, zone, currency
        self._waiting: list[Made] = []
        self._orders: Counter[str] = Counter()
        self._stated: Counter[str] = Counter()
        self._customers: dict[int, str] = {}  # digest of the key → outcome
        self._asked: dict[bytes, Remembered] = {}
        self._answers: Counter[str] = Counter()
        self._taken: set[int] = set()  # customers an earlier key of this file would join

    def see(self, made: Made) -> None:
        """One order or customer of the file."""
        self._waiting.append(made)
        if len(self._waiting) == _ASK_MANY:
            self._ask()

    def result(self) -> dict[str, dict[str, int]]:
        """Orders and customers by what would become of them."""
        self._ask()
        people = Counter(self._customers.values())
        if self._kind in _ABOUT:
            return {self._kind: {name: self._stated[name] for name in ORDER_OUTCOMES}}
        if self._kind == "visits":
            return {"visits": {name: self._stated[name] for name in ORDER_OUTCOMES}}
        if self._kind == "tags":
            return {"tags": {name: self._stated[name] for name in ("known", "unknown")}}
        return {
            "orders": {name: self._orders[name] for name in ORDER_OUTCOMES},
            "customers": {name: people[name] for name in CUSTOMER_OUTCOMES},
            **({"consents": dict(self._answers)} if self._answers else {}),
        }

    def _ask(self) -> None:
        if self._kind in _ABOUT:
            given = [made.stated for made in self._waiting if made.stated is not None]
            self._stated.update(shop.foresee_stated(_ABOUT[self._kind], self._source_id, given))
            self._waiting.clear()
            return
        if self._kind == "visits":
            acts = [made.visit for made in self._waiting if made.visit is not None]
            self._stated.update(foresee_tracked(self._source_id, acts))
            self._waiting.clear()
            return
        if self._kind == "tags":
            self._ask_tags([made for made in self._waiting if made.customer is not None])
            self._waiting.clear()
            return
        answers, remarks = consenting.foretell(self._source_id, self._waiting)
        self._answers.update(answers)
        for made, problem in remarks:
            self._tell(made, problem)
        said = [(made, self._said(made)) for made in self._waiting]
        self._ask_customers({_sign(s): s for _, s in said if s is not None})
        for made, statement in said:
            for problem in self._asked[_sign(statement)][2] if statement is not None else ():
                self._tell(made, replace(problem, row_no=statement.row_no if statement else problem.row_no))
        orders = [(made.order, self._record_of(s)) for made, s in said if made.order is not None]
        self._orders.update(shop.foresee(self._source_id, orders, zone=self._zone, currency=self._currency))
        self._waiting.clear()

    def _ask_tags(self, given: list[Made]) -> None:
        meant = customers.roots_meant(self._source_id, [made.customer for made in given if made.customer is not None])
        self._stated.update("unknown" if root is None else "known" for root in meant)
        for made, root in zip(given, meant, strict=True):
            if root is None:
                self._tell(made, Problem(made.rows[-1], "key", "customer_unknown", fatal=True))

    def _ask_customers(self, statements: dict[bytes, Statement]) -> None:
        if len(self._asked) > _MOST_REMEMBERED:
            self._asked.clear()
        new = {sign: statement for sign, statement in statements.items() if sign not in self._asked}
        for sign, foreseen in zip(new, customers.foresee(self._source_id, list(new.values())), strict=True):
            if foreseen.outcome == "refused":
                self._asked[sign] = (None, "refused", foreseen.problems)
                continue
            record_id = foreseen.record_id if foreseen.record_id is not None else TO_BE_MADE
            self._asked[sign] = (record_id, foreseen.outcome, foreseen.problems)
            self._count(foreseen)

    def _count(self, foreseen: customers.Foreseen) -> None:
        key = int.from_bytes(blake2b(foreseen.key.encode(), digest_size=8).digest(), "little")
        before, outcome = self._customers.get(key), foreseen.outcome
        if before is None:
            # Two new keys of one source never join the same customer: the first stands.
            if outcome == "joined" and foreseen.joins in self._taken:
                outcome = "new"
            self._taken.update([foreseen.joins] if outcome == "joined" and foreseen.joins is not None else [])
            self._customers[key] = outcome
        elif before == "unchanged":
            self._customers[key] = outcome

    @staticmethod
    def _said(made: Made) -> Statement | None:
        return made.order.buyer if made.order is not None else made.customer

    def _record_of(self, statement: Statement | None) -> int | None:
        return None if statement is None else self._asked[_sign(statement)][0]


def _sign(statement: Statement) -> bytes:
    """Equal for statements that say the same of the same key."""
    text = repr((statement.key, sorted(statement.values.items()), statement.weak, statement.joins))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
