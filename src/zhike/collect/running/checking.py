"""The dry run: a full pass that records nothing and says what would come in."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

from zhike.collect.running.foresight import Foresight
from zhike.collect.running.prepared_file import PreparedFile
from zhike.collect.statements import Layout, Made, OrderBuilder
from zhike.customers.records import Problem
from zhike.shop import queries as shop
from zhike.shop.records import OrderStatement

_MOST_PIECES_KEPT = 10_000  # beyond that the recording takes its own first pass again
_EXAMPLES = 5
_COUNTED = (
    "orders",
    "customers",
    "products",
    "cases",
    "tags",
    "visits",
    "lines",
    "rejected",
    "rejected_rows",
    "repeated_rows",
)
_PREVIEW = 5


class Check:
    """Counts of one pass; `result` is plain JSON without personal values."""

    def __init__(self, file: PreparedFile) -> None:
        self.file = file
        self.count: Counter[str] = Counter()
        self.lines: Counter[str] = Counter()
        self.order_kinds: Counter[str] = Counter()
        self.states: Counter[str] = Counter()
        self.why: Counter[str] = Counter()
        self.currencies: Counter[str] = Counter()
        self.problems: dict[tuple[str, str, bool], dict[str, Any]] = {}
        self.keys: set[tuple[str, str]] = set()
        self.first: dt.datetime | None = None
        self.last: dt.datetime | None = None
        self.total_cents = 0
        self.preview: list[int] = []
        self._lines_left = (
            {k: v[0].row_no for k, v in file.builder.details.items()} if isinstance(file.builder, OrderBuilder) else {}
        )
        self._foresight = Foresight(
            file.run.source_id, file.mapping.kind, zone=file.zone, currency=file.currency, tell=self._found_late
        )

    def see(self, made: Made) -> None:
        """Count one order or customer."""
        if made.order is not None:
            self._see_order(made.order, made)
        elif made.stated is not None or made.visit is not None:
            self.count[self.file.mapping.kind] += 1
            self._foresight.see(made)
        elif made.customer is not None:
            self.count["customers"] += 1
            self.count["tags"] += len(made.tags)
            self.keys.add(made.customer.key)
            self._foresight.see(made)
        else:
            self._keep_out(made)
        for problem in made.problems:
            self._see_problem(problem)
        if len(self.preview) < _PREVIEW:
            self.preview.extend(made.rows[: _PREVIEW - len(self.preview)])

    def _see_order(self, order: OrderStatement, made: Made) -> None:
        priced = shop.priced(order)
        if isinstance(priced, Problem):
            self._see_problem(priced)
            self._keep_out(made)
            return
        for problem in priced.problems:
            self._see_problem(problem)
        # The sum of the lines; the stated total where a file has no lines.
        self.total_cents += sum(x.amount_cents for x in priced.lines) if priced.lines else priced.total_cents
        self.count["orders"] += 1
        self._foresight.see(made)
        self._lines_left.pop(order.external_id, None)
        self.count["lines"] += len(order.lines)
        self.count["repeated_rows"] += made.repeated_rows
        self.count[f"rows_of_{order.kind}"] += len(made.rows)
        for line in order.lines:
            self.lines[line.kind] += 1
        self.order_kinds[order.kind] += 1
        self.states[order.status] += 1
        self.currencies[order.currency] += 1
        self.first = min(filter(None, (self.first, order.ordered_at)))
        self.last = max(filter(None, (self.last, order.ordered_at)))
        if order.buyer is None:
            self.why[order.no_customer_why] += 1
            self.count["rows_without_customer"] += len(made.rows)
        else:
            self.keys.add(order.buyer.key)

    def _keep_out(self, made: Made) -> None:
        self.count["rejected"] += 1
        self.count["rejected_rows"] += len(made.rows)

    def _found_late(self, made: Made, problem: Problem) -> None:
        """What recording would find in a customer: an order then stays without a customer, a list's row stays out."""
        if not problem.fatal:
            self._see_problem(problem)
        elif made.order is not None:
            self._see_problem(Problem(problem.row_no, problem.field, problem.code, problem.params))
            self.why["not_given"] += 1
            self.count["rows_without_customer"] += len(made.rows)
            self.keys.discard(made.order.buyer.key if made.order.buyer else ("", ""))
        else:
            self._see_problem(problem)
            self.count["customers"] -= 1
            self._keep_out(made)

    def _see_problem(self, problem: Problem) -> None:
        key = (problem.code, problem.field, problem.fatal)
        seen = self.problems.setdefault(key, {"count": 0, "rows": [], "params": dict(problem.params)})
        seen["count"] += 1
        if len(seen["rows"]) < _EXAMPLES:
            seen["rows"].append(problem.row_no)

    def result(self) -> dict[str, Any]:
        """What the pass found, as JSON values."""
        would = self._foresight.result()
        for row_no in self._lines_left.values():
            self._see_problem(Problem(row_no, "", "lines_without_order"))
        layout, file = self.file.layout, self.file
        return {
            "rows": layout.row_count,
            **{name: self.count[name] for name in _COUNTED},
            "would": would,
            "customer_keys": len(self.keys),
            "without_customer": sum(self.why.values()),
            "rows_without_customer": self.count["rows_without_customer"],
            "why_without_customer": dict(sorted(self.why.items())),
            "order_kinds": dict(sorted(self.order_kinds.items())),
            "rows_by_order_kind": {k: self.count[f"rows_of_{k}"] for k in sorted(self.order_kinds)},
            "order_states": dict(sorted(self.states.items())),
            "line_kinds": dict(sorted(self.lines.items())),
            "currencies": dict(sorted(self.currencies.items())),
            "scattered": len(layout.pieces),
            "total_cents": self.total_cents,
            "first_at": self.first.isoformat() if self.first else None,
            "last_at": self.last.isoformat() if self.last else None,
            "problems": [
                {"code": code, "field": field, "fatal": fatal, **seen}
                for (code, field, fatal), seen in self.problems.items()
            ],
            "encoding": file.table.shape.encoding,
            "delimiter": file.table.delimiter,
            "template": file.mapping.code,
            "kind": file.mapping.kind,
            "unused_columns": file.bound.unused,
            "preview_rows": self.preview,
            "layout": _kept(layout, file.table.shape.digest),
        }


def check_file(file: PreparedFile, *, tell: Callable[[int, int], None] = lambda done, total: None) -> dict[str, Any]:
    """Walk through the whole file; `tell(done, total)` hears the groups done."""
    check, total = Check(file), file.layout.group_count
    for done, group in enumerate(file.groups(), 1):
        check.see(file.builder.build(group))
        if not done % 512:
            tell(done, total)
    tell(total, total)
    return check.result()


def _kept(layout: Layout, digest: str) -> dict[str, Any] | None:
    """The layout for the recording, unless it is too large to keep with the run."""
    if len(layout.pieces) > _MOST_PIECES_KEPT:
        return None
    pieces = [[str(number), count] for number, count in layout.pieces.items()]
    return {"rows": layout.row_count, "groups": layout.group_count, "pieces": pieces, "digest": digest}
