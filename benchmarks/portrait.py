"""Portraits at size: signals, features, groups with their stability, preferences, psychology types, look-alikes.

    python -m benchmarks.portrait --customers 1000000

One order in five is at a discount and a fifth of the customers order at night; every figure is seconds on this machine, and the largest
memory of the whole is told. Where look-alikes of night buyers are not night buyers it ends with 1.
"""

import argparse
import resource
from collections.abc import Callable
from typing import Any

from benchmarks.telling import Stopwatch, fail, tell

_SEED = 5000
_LEAST_AREA = 0.8  # night buyers held out against others

_SHOP = """
CREATE TABLE portrait_orders AS
SELECT i AS order_id, (hash(i) % {customers})::BIGINT AS customer_id,
    TIMESTAMP '2024-12-01' + INTERVAL (hash(i + 7) % 720) DAY
        + INTERVAL (CASE WHEN (hash(i) % {customers}) % 5 = 0 THEN 79200 + hash(i + 8) % 7000 ELSE 32400 + hash(i + 8) % 36000 END) SECOND AS at,
    (1000 + hash(i + 3) % 20000)::BIGINT AS net_cents, hash(i + 5) % 20 = 0 AS is_returned, hash(i + 9) % 5 = 0 AS has_discount,
    (hash(i + 1) % 3)::VARCHAR AS channel
FROM range({orders}) t(i);
CREATE TABLE portrait_lines AS
SELECT order_id, customer_id, (hash(order_id * 3 + j) % 20000)::BIGINT AS product_id, 1::BIGINT AS quantity,
    (500 + hash(order_id + j) % 3000)::BIGINT AS amount_cents
FROM portrait_orders, range(2) r(j);
CREATE TABLE portrait_products AS
SELECT i::BIGINT AS product_id, 'No ' || i AS title, 'c' || (i % 200) AS category, 'b' || (i % 400) AS brand FROM range(20000) t(i);
"""


def measured(name: str, act: Callable[[], Any]) -> Any:
    """What it gave; its seconds and those of the processors are told."""
    watch = Stopwatch()
    found = act()
    seconds, processor = watch.read()
    tell(name, seconds, "s", processor=f"{processor:.1f} s")
    return found


def main() -> int:
    """Draw the portrait of a made shop, step by step."""
    from zhike_analytics.portrait import (
        DEFAULT_RULES,
        Clusters,
        LookAlikes,
        acts,
        features,
        preferences,
        read_rules,
        shop_shares,
        signals,
        strengths,
    )  # fmt: skip
    from zhike_analytics.purchases import connection

    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--customers", type=int, default=1_000_000)
    asked.add_argument("--orders", type=int, default=4_000_000)
    options = asked.parse_args()
    engine: Any = connection()
    engine.con.execute(_SHOP.format(customers=options.customers, orders=options.orders))
    tables = [engine.table(f"portrait_{name}") for name in ("orders", "lines", "products")]
    told = measured("signals of everybody", lambda: signals(*tables).cache())
    shop = shop_shares(told)
    held = measured("features of everybody", lambda: features(told, as_of="2026-11-22", shop=shop).cache())
    measured("groups, their number and stability", lambda: Clusters().fit(held))
    measured("preferences of everybody", lambda: preferences(acts(*tables)).cache())
    measured("psychology types of everybody", lambda: strengths(told, read_rules(DEFAULT_RULES), shop=shop).cache())
    seed = range(0, options.customers, max(5, options.customers // _SEED // 5 * 5))
    alike = LookAlikes()
    measured("look-alikes learned", lambda: alike.fit(held, seed))
    measured("look-alikes ranked", lambda: alike.ranked(held, 20_000))
    tell("largest memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")
    # Everybody whose number five divides orders at night: that is what the seed has in common.
    return 0 if alike.tried_.area > _LEAST_AREA else fail("night buyers were not told from others")


if __name__ == "__main__":
    raise SystemExit(main())
