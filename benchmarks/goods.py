"""What customers buy and what they leave, at size: products together, recommendations, what will be needed, profit contribution.

    python -m benchmarks.goods --customers 1000000 --orders 4000000

A made shop: baskets of one to four of 2,000 products, of which few are bought by many; a tenth are bought again every thirty days
or so. Pairs are counted by plain SQL too, and must be as many; every figure is seconds on this machine. Where mlxtend and
implicit are installed (`make bench`), ratios to them are told.
"""

import argparse
import resource
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.telling import Stopwatch, fail, tell

_SUPPORT = 0.0005
_ITEMS, _SERVED = 2000, 200_000
_BESIDE_BASKETS, _FACTORS, _ROUNDS = 1_000_000, 32, 10
_AS_OF = "2026-11-22"

_SHOP = f"""
CREATE TABLE goods_orders AS
SELECT i AS order_id, (hash(i) % {{customers}})::BIGINT AS customer_id, DATE '2024-12-01' + (hash(i + 7) % 720)::INTEGER AS day,
    (1000 + hash(i + 3) % 20000)::BIGINT AS net_cents
FROM range({{orders}}) t(i);
CREATE TABLE goods_lines AS
SELECT order_id, customer_id, day, floor({_ITEMS} * pow((hash(order_id * 4 + j) % 1000000) / 1000000.0, 2))::BIGINT AS product_id,
    1::BIGINT AS quantity, (500 + hash(order_id + j) % 3000)::BIGINT AS amount_cents
FROM goods_orders, range(4) r(j) WHERE j <= hash(order_id + 11) % 4;
CREATE TABLE goods_again AS
SELECT customer_id, product_id, DATE '2025-06-01' + (30 * n + hash(customer_id + n) % 7)::INTEGER AS day, 1::BIGINT AS quantity,
    'c' || (product_id % 20) AS category
FROM (SELECT c AS customer_id, (hash(c) % 200)::BIGINT AS product_id FROM range({{customers}}) p(c) WHERE hash(c + 5) % 10 < 5), range(12) t(n)
UNION ALL SELECT customer_id, product_id, day, quantity, 'c' || (product_id % 20) FROM goods_lines;
CREATE TABLE goods_contacts AS
SELECT (hash(i + 13) % {{customers}})::BIGINT AS customer_id, (hash(i) % 30)::BIGINT AS minutes, (hash(i + 1) % 500)::BIGINT AS cost_cents
FROM range({{customers}}) t(i);
CREATE TABLE goods_costs AS SELECT i::BIGINT AS product_id, (200 + hash(i) % 1500)::BIGINT AS unit_cost_cents FROM range({_ITEMS}) t(i);
"""
_RAW_PAIRS = """
WITH b AS (SELECT DISTINCT order_id, product_id FROM goods_lines),
    f AS (SELECT product_id FROM b GROUP BY 1 HAVING count(*) >= {least}),
    k AS (SELECT b.* FROM b SEMI JOIN f USING (product_id))
SELECT count(*) FROM (SELECT 1 FROM k l JOIN k r ON l.order_id = r.order_id AND l.product_id < r.product_id
    GROUP BY l.product_id, r.product_id HAVING count(*) >= {least})
"""


def measured(name: str, act: Callable[[], Any], at_most: float | None = None) -> Any:
    """What it gave; its seconds and those of the processors are told."""
    watch = Stopwatch()
    found = act()
    seconds, processor = watch.read()
    tell(name, seconds, "s", at_most=at_most, processor=f"{processor:.1f} s")
    return found


def main() -> int:
    """Measure each; 1 when pairs are not those of plain SQL."""
    from zhike_analytics.purchases import connection

    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--customers", type=int, default=1_000_000)
    asked.add_argument("--orders", type=int, default=4_000_000)
    options = asked.parse_args()
    engine: Any = connection()
    engine.con.execute(_SHOP.format(customers=options.customers, orders=options.orders))
    different = _together(engine, options.orders)
    _recommended(engine)
    _needed(engine)
    _left(engine)
    tell("largest memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")
    return fail("pairs are not those of plain SQL") if different else 0


def _together(engine: Any, baskets: int) -> bool:
    from zhike_analytics.association import frequent_sets, rules

    lines = engine.table("goods_lines")
    asked = {"basket": "order_id", "item": "product_id", "support": _SUPPORT}
    pairs = measured(f"pairs in {baskets:,} baskets", lambda: frequent_sets(lines, **asked, most_items=2))
    raw = measured(
        "… by plain SQL", lambda: engine.con.execute(_RAW_PAIRS.format(least=pairs.least)).fetchone()[0]
    )  # fmt: skip
    sets = measured("sets of three and more besides", lambda: frequent_sets(lines, **asked))
    measured("rules of them", lambda: rules(sets, confidence=0.1).to_pyarrow())
    return int(pairs.sizes()[1]) != int(raw) or _beside_mlxtend(engine, baskets)


def _beside_mlxtend(engine: Any, baskets: int) -> bool:
    """Pairs in the first of the baskets by ours and by FP-growth of mlxtend; whether they differ."""
    try:
        import pandas as pd
        from mlxtend.frequent_patterns import fpgrowth
        from scipy.sparse import csr_matrix
    except ImportError:
        print("  the package mlxtend is not installed: no ratio against it", flush=True)
        return False
    from zhike_analytics.association import frequent_sets

    some = min(baskets, _BESIDE_BASKETS)
    lines = engine.table("goods_lines")
    lines = lines.filter(lines.order_id < some).select("order_id", "product_id").distinct().cache()
    rows = lines.to_pyarrow()
    order, product = (rows.column(name).to_numpy() for name in ("order_id", "product_id"))
    ones = np.ones(len(order), dtype=bool)
    wide = pd.DataFrame.sparse.from_spmatrix(csr_matrix((ones, (order, product)), shape=(some, _ITEMS)))
    wide.columns = [str(n) for n in range(_ITEMS)]
    watch = Stopwatch()
    sets = frequent_sets(lines, basket="order_id", item="product_id", support=_SUPPORT, most_items=2)
    ours, ours_s = sets.sizes(), watch.read()[1]
    watch = Stopwatch()
    theirs = fpgrowth(wide, min_support=sets.least / some, max_len=2)["itemsets"].map(len).value_counts()
    theirs_s = watch.read()[1]
    words = f"mlxtend {theirs_s:.1f} s, ours {ours_s:.1f} s"
    tell(f"FP-growth of mlxtend by ours, {some:,} baskets, processor", theirs_s / ours_s, "×", at_least=10, peer=words)
    return [int(theirs.get(size, 0)) for size in (1, 2)] != [int(count) for count in ours[:2]]


def _recommended(engine: Any) -> None:
    from zhike_analytics.recommend import chosen, interactions, recommended

    lines = engine.table("goods_lines")
    bought = measured("who bought what, without doubles", lambda: interactions(lines))
    for kind in ("popular", "ease"):
        model = measured(f"{kind} learned", lambda kind=kind: chosen(kind, *bought.shape).fit(bought))
    _beside_implicit(bought.rows(np.arange(min(_SERVED, bought.shape[0]))))
    some = bought.rows(np.arange(min(_SERVED, bought.shape[0])))
    measured(f"five for each of {some.shape[0]:,}", lambda: recommended(model, some, k=5))


def _beside_implicit(bought: Any) -> None:
    """Hidden factors by ours and by the package implicit, both exact."""
    try:
        from implicit.cpu.als import AlternatingLeastSquares
        from scipy.sparse import csr_matrix
    except ImportError:
        print("  the package implicit is not installed: no ratio against it", flush=True)
        return
    from zhike_analytics.recommend import Als

    matrix = csr_matrix((np.ones(len(bought.places)), bought.places, bought.starts), shape=bought.shape)
    options = {"factors": _FACTORS, "regularization": 5.0, "alpha": 21.0, "iterations": _ROUNDS, "use_cg": False}
    watch = Stopwatch()
    AlternatingLeastSquares(**options, dtype=np.float64, random_state=1).fit(matrix, show_progress=False)
    theirs_s = watch.read()[1]
    watch = Stopwatch()
    Als(factors=_FACTORS, rounds=_ROUNDS).fit(bought)
    ours_s = watch.read()[1]
    words = f"implicit {theirs_s:.1f} s, ours {ours_s:.1f} s"
    tell(f"ALS of implicit by ours, {bought.shape[0]:,} customers, processor", theirs_s / ours_s, "×", peer=words)


def _needed(engine: Any) -> None:
    from zhike_analytics.replenishment import backtest, due_soon, expected

    lines = engine.table("goods_again")
    told = measured("needs expected", lambda: expected(lines, as_of=_AS_OF, category="category").cache())
    measured("due within two weeks", lambda: due_soon(told, within_days=14).count().to_pyarrow())
    measured("tried on the past", lambda: backtest(lines, split="2026-09-30", category="category"))


def _left(engine: Any) -> None:
    from zhike_analytics import profit

    parts = {name: engine.table(f"goods_{name}") for name in ("lines", "costs", "contacts")}
    rates = profit.Rates(hour_cents=6_000, order_cents=150)
    people = measured(
        "contribution of everybody",
        lambda: profit.contributions(engine.table("goods_orders"), **parts, rates=rates).cache(),
    )
    measured("… its parts together", lambda: profit.totals(people, rates))
    measured("… the whale curve", lambda: profit.whale(people))
    measured("… by kind", lambda: profit.by_group(people, "kind").to_pyarrow())


if __name__ == "__main__":
    raise SystemExit(main())
