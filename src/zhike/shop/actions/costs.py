"""Cost prices and stock counts of products, from a small table: code, cost, stock, day."""

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from zhike.kit import bulk, clock
from zhike.kit.installation import installation
from zhike.secure.actions import record_audit
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.shop.models import Product, ProductCost
from zhike_analytics.values.amounts import amount
from zhike_analytics.values.problem import ValueProblem

MOST_ROWS = 200_000
_MOST_CENTS = 10**12
_BATCH = 1000
# Headings as shops write them, in small letters.
_HEADS = {
    "code": ("code", "sku", "product", "商家编码", "商品编码", "货号", "编码"),
    "cost": ("cost", "unit_cost", "cost_price", "进价", "成本", "成本价", "进货价"),
    "stock": ("stock", "stock_quantity", "库存", "库存数量"),
    "day": ("day", "date", "日期"),
}


class CostFileRefused(ValueError):
    """The table cannot be read at all; `code`: not_text, no_code_column, nothing_told, too_many_rows."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class CostTally:
    """What became of the rows: `problems` are (row number, code) of rows left out, the first hundred of them."""

    rows: int = 0
    products: int = 0
    left_out: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, row: int, code: str) -> None:
        """Leave a row out."""
        self.left_out += 1
        if len(self.problems) < 100:
            self.problems.append((row, code))


def record_costs(content: bytes, *, on_day: dt.date | None = None, by: Viewer) -> CostTally:
    """Note cost prices and stock from CSV text (UTF-8 or GB 18030); rows without a day are of `on_day` (default today).

    A code that stands in several sources is one product for the merchant: all of them take the price. Telling a day again
    replaces what was told for it. Raises CostFileRefused, Forbidden.
    """
    check(by, "collect.import")
    rows, columns = _read(content)
    day, tally = on_day or clock.today(installation().time_zone), CostTally()
    stated = [found for number, row in enumerate(rows, start=2) if (found := _stated(row, number, columns, day, tally))]
    known = _products({code for code, *_ in stated})
    ready: dict[tuple[int, dt.date], tuple[Any, ...]] = {}
    for code, number, on, cost, stock in stated:
        products = known.get(code, [])
        if not products:
            tally.refuse(number, "unknown_code")
        for product in products:
            ready[product, on] = (product, on, cost, stock, clock.now(), by.staff_id)
    tally.rows, tally.products = len(rows), len({product for product, _ in ready})
    _keep(list(ready.values()))
    detail = {"rows": tally.rows, "products": tally.products, "left_out": tally.left_out}
    with transaction.atomic():
        record_audit("products.costs_told", by=by, detail=detail)
    return tally


def _read(content: bytes) -> tuple[list[list[str]], dict[str, int]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise CostFileRefused("not_text")
    try:
        rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    except csv.Error:
        raise CostFileRefused("not_text") from None
    heads = [cell.strip().lower() for cell in rows[0]] if rows else []
    columns = {name: heads.index(h) for name, known in _HEADS.items() for h in known if h in heads}
    if "code" not in columns:
        raise CostFileRefused("no_code_column")
    if "cost" not in columns and "stock" not in columns:
        raise CostFileRefused("nothing_told")
    if len(rows) > MOST_ROWS:
        raise CostFileRefused("too_many_rows")
    return rows[1:], columns


def _stated(
    row: list[str], number: int, columns: dict[str, int], day: dt.date, tally: CostTally
) -> tuple[str, int, dt.date, int | None, int | None] | None:
    def cell(name: str) -> str:
        place = columns.get(name, len(row))
        return row[place].strip() if place < len(row) else ""

    if not cell("code"):
        tally.refuse(number, "no_code")
        return None
    try:
        cost = amount(cell("cost")).cents if cell("cost") else None
        stock = int(cell("stock")) if cell("stock") else None
        on = dt.date.fromisoformat(cell("day").replace("/", "-")) if cell("day") else day
    except (ValueProblem, ValueError):
        tally.refuse(number, "unreadable")
        return None
    if (cost is None and stock is None) or not 0 <= (cost or 0) <= _MOST_CENTS or abs(stock or 0) > 10**9:
        tally.refuse(number, "nothing_told" if cost is None and stock is None else "out_of_range")
        return None
    return cell("code"), number, on, cost, stock


def _products(codes: set[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    wanted = sorted(codes)
    for start in range(0, len(wanted), _BATCH):
        pairs = Product.objects.filter(sku__in=wanted[start : start + _BATCH]).values_list("sku", "id")
        for sku, product in pairs:
            found.setdefault(sku, []).append(product)
    return found


def _keep(rows: list[tuple[Any, ...]]) -> None:
    columns = ["product_id", "on_day", "unit_cost_cents", "stock_quantity", "told_at", "by_staff_id"]
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        with transaction.atomic():
            products = {row[0] for row in batch}
            told = set(ProductCost.objects.filter(product_id__in=products).values_list("product_id", "on_day"))
            again = [row for row in batch if row[:2] in told]
            bulk.update_many("shop_productcost", columns[:2], columns[2:], again)
            bulk.insert_many("shop_productcost", columns, [row for row in batch if row[:2] not in told])
