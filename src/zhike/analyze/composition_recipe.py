"""Composition of the whole base: who the customers are, where money comes from, and the bridge between two periods.

For the analysis child. The result file holds one row per customer, so that every figure can be opened; the figures
themselves go to the run's row.
"""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.rfm_recipe import counted_orders
from zhike.analyze.tile_map import PROVINCES

if TYPE_CHECKING:
    import ibis.expr.types as ir

# attribute → the lake's table and column
ATTRIBUTES = {
    "province": ("cards", "province"),
    "city": ("cards", "city"),
    "country": ("cards", "country"),
    "source": ("cards", "first_source_id"),
    "stage": ("cards", "stage"),
    "kind": ("customers", "kind"),
    "owner": ("cards", "owner_staff_id"),
    "rfm_class": ("rfm", "class_code"),
    "abc_class": ("value", "abc_class"),
    "level": ("value", "level"),
}
MOST_GROUPS = 40  # the others are told together
MOST_LINES = 5  # groups drawn over time; with the others together as many as there are colors
GRAINS = {"month": 24, "quarter": 20, "year": 10}
REST = "__other"
_AT_ONCE = 300_000  # customers times attributes
_OF = "\t"  # between attribute and group
ONE_ROW: dict[str, Any] = {"order": None}  # the lake has one row an order: no need to sum lines by it


def compute(
    lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path, beside: dict[str, Path]
) -> dict[str, Any]:
    """Write the result file and return every figure of the page. `beside`: results of other kinds whose classes are
    attributes too (rfm, value), where they lie."""
    from zhike_analytics.bridges import bridge, bridge_steps

    orders, left_out = counted_orders(lake, as_of=as_of, zone=zone)
    orders = orders.cache()
    before, after = parameters.periods(as_of)
    _write(lake, _people(lake, orders, before, after, beside), path)
    people = lake.read_result(path, "composed")
    rows = bridge(orders, before=before, after=after, **ONE_ROW).to_pyarrow().to_pylist()
    whole = people.aggregate(
        base=people.count(), customers=people.orders.count(where=people.orders > 0), orders=people.orders.sum(),
        revenue_cents=people.after_cents.sum(),
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    return {
        "currency": left_out["currency"],
        "orders": left_out,
        "customers": int(whole["base"]),
        "active": int(whole["customers"]),
        "order_count": int(whole["orders"] or 0),
        "net_cents": int(whole["revenue_cents"] or 0),
        "before": [day.isoformat() for day in before],
        "after": [day.isoformat() for day in after],
        "bridge": bridge_steps(rows),
        "attributes": _attributes(orders, people, int(whole["base"]), before, after),
    }


def _people(
    lake: Lake, orders: "ir.Table", before: Any, after: Any, beside: dict[str, Path]
) -> "ir.Table":  # fmt: skip
    """Every surviving customer with their attributes, what they bought in the period, and their part in the bridge."""
    import ibis

    from zhike_analytics.bridges import bridged

    people = attributed(lake, beside)
    moved = bridged(orders, before=before, after=after, **ONE_ROW).rename(moved_id="customer_id", change="kind")
    people = people.left_join(moved, people.customer_id == moved.moved_id)
    inside = orders.filter(orders.day.between(ibis.date(after[0]), ibis.date(after[1])), orders.net_cents > 0)
    bought = inside.group_by(buyer_id="customer_id").aggregate(orders=inside.count())
    people = people.left_join(bought, people.customer_id == bought.buyer_id).drop("moved_id", "buyer_id")
    filled = {name: people[name].fill_null(0) for name in ("before_cents", "after_cents", "change_cents", "orders")}
    people = people.mutate(change=people.change.fill_null(""), **filled)
    order = [ibis.desc("after_cents"), ibis.desc("before_cents"), ibis.asc("customer_id")]
    return people.mutate(rank=(ibis.row_number().over(ibis.window(order_by=order)) + 1).cast("int64"))


def attributed(lake: Lake, beside: dict[str, Path]) -> "ir.Table":
    """Every surviving customer with file number and attributes. `beside`: results of other kinds whose classes are some."""
    customers = lake.table("customers")
    people = customers.filter(customers.customer_id == customers.root_id).select("customer_id", "number", "kind")
    cards = lake.table("cards")
    chosen = {code: cards[column] for code, (table, column) in ATTRIBUTES.items() if table == "cards"}
    cards = cards.select(card_id="customer_id", **chosen)
    people = people.left_join(cards, people.customer_id == cards.card_id).drop("card_id")
    for name, file in beside.items():
        classes = lake.read_result(file, f"beside_{name}")
        found = {code: classes[column] for code, (table, column) in ATTRIBUTES.items() if table == name}
        held = classes.select(**{f"{name}_id": classes.customer_id}, **found)
        people = people.left_join(held, people.customer_id == held[f"{name}_id"]).drop(f"{name}_id")
    return people


def _write(lake: Lake, people: "ir.Table", path: Path) -> None:
    from zhike_analytics.purchases import group_text

    texts = {code: group_text(people[code]) for code in ATTRIBUTES if code in people.columns}
    draft = path.with_suffix(".new")
    # Kept first: a sum leaves the engine wider than 64 bits, and Parquet would make it a fraction.
    lake.engine.to_parquet(people.mutate(**texts).cache().order_by("rank"), str(draft), COMPRESSION="zstd")
    draft.replace(path)


def _present(people: "ir.Table") -> list[str]:
    return [code for code in ATTRIBUTES if code in people.columns]


def _attributes(
    orders: "ir.Table", people: "ir.Table", base: int, before: Any, after: Any
) -> dict[str, dict[str, Any]]:
    """Of each attribute the groups with their figures, the lines over time, and each group's bridge.

    Of a small base many attributes are asked about at once: writing a question down takes longer there than the answer.
    """
    codes = _present(people)
    at_once = min(max(_AT_ONCE // max(base, 1), 1), len(codes))
    told: dict[str, dict[str, Any]] = {}
    for start in range(0, len(codes), at_once):
        told |= _some_attributes(orders, people, codes[start : start + at_once], before, after)
    return told


def _some_attributes(
    orders: "ir.Table", people: "ir.Table", codes: list[str], before: Any, after: Any
) -> dict[str, dict[str, Any]]:
    from zhike_analytics.bridges import bridge
    from zhike_analytics.compositions import composition

    held = _held(people, codes)
    base = _by_group(held.group_by("group").aggregate(base=held.count()), codes)
    asked: dict[str, Any] = {"by": "group", "customers": held, **ONE_ROW}
    now = _by_group(composition(orders, since=after[0], until=after[1], **asked), codes)
    then = _by_group(composition(orders, since=before[0], until=before[1], **asked), codes)
    moves = _rows(bridge(orders, before=before, after=after, **asked), codes)
    told = {code: _groups(base[code], now[code], then[code]) for code in codes}
    shown = {
        code: _shortened(groups, always=PROVINCES | {"unknown"} if code == "province" else frozenset())
        for code, groups in told.items()
    }
    lines = {code: [row["group"] for row in rows if row["group"] != REST][:MOST_LINES] for code, rows in shown.items()}
    over_time = _over_time(orders, held, lines, after[1])
    return {
        code: {
            "groups": shown[code],
            "group_count": len(groups),
            "bridges": _bridges(moves[code], [row["group"] for row in shown[code]]),
            "over_time": over_time[code],
        }
        for code, groups in told.items()
    }


def _held(people: "ir.Table", codes: list[str]) -> "ir.Table":
    """A row per customer and attribute; where there are several `group` names both."""
    import ibis

    if len(codes) == 1:
        return people.select("customer_id", group=people[codes[0]])
    return ibis.union(*(people.select("customer_id", group=ibis.literal(c + _OF) + people[c]) for c in codes))


def _groups(base: Any, now: Any, then: Any) -> list[dict[str, Any]]:
    groups = [
        {
            "group": group,
            "base": row["base"],
            **{name: now.get(group, {}).get(name, 0) for name in ("customers", "orders", "revenue_cents")},
            "before_cents": then.get(group, {}).get("revenue_cents", 0),
        }
        for group, row in base.items()
    ]
    return sorted(groups, key=lambda row: (-row["revenue_cents"], -row["base"], row["group"]))


def _rows(asked: "ir.Table", codes: list[str]) -> dict[str, list[dict[str, Any]]]:
    """attribute → its rows, each with its group alone."""
    found: dict[str, list[dict[str, Any]]] = {code: [] for code in codes}
    for row in asked.to_pyarrow().to_pylist():
        code, named, group = (codes[0], True, row["group"]) if len(codes) == 1 else row["group"].partition(_OF)
        if named:  # customers of no file are of no attribute
            found[code].append({**row, "group": group})
    return found


def _by_group(asked: "ir.Table", codes: list[str]) -> dict[str, dict[str, dict[str, Any]]]:
    return {code: {row["group"]: row for row in rows} for code, rows in _rows(asked, codes).items()}


def _shortened(groups: list[dict[str, Any]], *, always: frozenset[str]) -> list[dict[str, Any]]:
    """The greatest groups and those a map always shows; one line for all others, so that the columns still add up."""
    if len(groups) <= MOST_GROUPS + 1:
        return groups
    kept = [row for place, row in enumerate(groups) if place < MOST_GROUPS or row["group"] in always]
    rest = [row for place, row in enumerate(groups) if place >= MOST_GROUPS and row["group"] not in always]
    names = ("base", "customers", "orders", "revenue_cents", "before_cents")
    return [*kept, {"group": REST, **{name: sum(row[name] for row in rest) for name in names}}] if rest else kept


def _bridges(moves: list[dict[str, Any]], shown: list[str]) -> dict[str, dict[str, list[int]]]:
    """group → kind → [customers, change in cents]; groups not shown under the rest."""
    found: dict[str, dict[str, list[int]]] = {}
    known = set(shown)
    for row in moves:
        group = row["group"] if row["group"] in known else REST
        held = found.setdefault(group, {}).setdefault(row["kind"], [0, 0])
        held[0] += row["customers"]
        held[1] += row["change_cents"]
    return found


def _over_time(
    orders: "ir.Table", held: "ir.Table", lines: dict[str, list[str]], last: dt.date
) -> dict[str, dict[str, dict[str, Any]]]:
    """attribute → grain → {"periods": [first days], "lines": {group: [cents]}, "rest": [cents]}, oldest first."""
    from zhike_analytics.compositions import composition_over_time

    if len(lines) == 1:
        [drawn], rest = lines.values(), REST
    else:
        drawn = [f"{code}{_OF}{line}" for code, some in lines.items() for line in some]
        rest = held.group.split(_OF)[0] + _OF + REST
    grouped = held.mutate(group=held.group.isin(drawn).ifelse(held.group, rest))
    # Asked once, by month: cents of months add up to those of quarters and years.
    table = composition_over_time(orders, by="group", customers=grouped, period="month", until=last, **ONE_ROW)
    months = _rows(table.select("period", "group", "revenue_cents"), list(lines))
    return {code: {grain: _lines_of(months[code], grain, some) for grain in GRAINS} for code, some in lines.items()}


def _lines_of(months: list[dict[str, Any]], grain: str, lines: list[str]) -> dict[str, Any]:
    cents: Counter[tuple[str, dt.date]] = Counter()
    for row in months:
        cents[row["group"], _first_day(row["period"], grain)] += int(row["revenue_cents"])
    periods = sorted({day for _, day in cents})[-GRAINS[grain] :]
    return {
        "periods": [f"{day:%Y-%m-%d}" for day in periods],
        "lines": {line: [cents[line, day] for day in periods] for line in lines},
        "rest": [cents[REST, day] for day in periods],
    }


def _first_day(month: dt.date, grain: str) -> dt.date:
    of_year = {"month": month.month, "quarter": (month.month - 1) // 3 * 3 + 1, "year": 1}[grain]
    return dt.date(month.year, of_year, 1)
