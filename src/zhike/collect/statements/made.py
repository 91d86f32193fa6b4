"""What one group of rows became."""

from dataclasses import dataclass

from zhike.collect.records import TrackedStatement
from zhike.customers.records import BroughtConsent, Problem, Statement
from zhike.shop.records import OrderStatement, Stated


@dataclass(slots=True)
class Made:
    """A statement, or the problems that prevented it. `rows` are the row numbers it came from, in file order."""

    rows: tuple[int, ...]
    order: OrderStatement | None = None
    customer: Statement | None = None
    problems: tuple[Problem, ...] = ()
    stated: Stated | None = None  # of a product or an after-sale case
    visit: TrackedStatement | None = None  # one act of a visitor
    tags: tuple[str, ...] = ()  # to put on the customer
    consents: tuple[BroughtConsent, ...] = ()  # the customer's answers to purposes
    repeated_rows: int = 0  # rows equal in every cell to an earlier row of the same order

    @property
    def rejected(self) -> bool:
        """Whether nothing of these rows can be recorded."""
        return self.order is None and self.customer is None and self.stated is None and self.visit is None
