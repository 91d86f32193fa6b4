"""What one group of rows became."""

from dataclasses import dataclass

from zhike.customers.records import Problem, Statement
from zhike.shop.records import OrderStatement


@dataclass(slots=True)
class Made:
    """A statement, or the problems that prevented it. `rows` are the row numbers it came from, in file order."""

    rows: tuple[int, ...]
    order: OrderStatement | None = None
    customer: Statement | None = None
    problems: tuple[Problem, ...] = ()
    repeated_rows: int = 0  # rows equal in every cell to an earlier row of the same order

    @property
    def rejected(self) -> bool:
        """Whether nothing of these rows can be recorded."""
        return self.order is None and self.customer is None
