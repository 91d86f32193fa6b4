"""What given import runs said of the shop, as it stands; for jobs, because it counts all of it."""

from django.db import connection

_ORDERS = (
    "SELECT count(*), sum(total_cents), sum(net_cents), sum(line_count), sum(item_count) FROM shop_order "
    "WHERE current_version_id IN (SELECT version_id FROM shop_ordersighting WHERE run_id IN {runs})"
)
_STATED = (
    "SELECT v.about, count(DISTINCT v.about_id) FROM shop_statedsighting s JOIN shop_statedversion v ON v.id = s.version_id "
    "WHERE s.run_id IN {runs} GROUP BY v.about"
)
_CASES = (
    "SELECT sum(amount_cents) FROM shop_aftersalecase "
    "WHERE current_version_id IN (SELECT version_id FROM shop_statedsighting WHERE run_id IN {runs})"
)


def said_by(run_ids: list[int]) -> dict[str, int]:
    """orders, total_cents, net_cents, lines, items, products, cases, cases_cents of what these runs said and still counts."""
    found = dict.fromkeys(
        ("orders", "total_cents", "net_cents", "lines", "items", "products", "cases", "cases_cents"), 0
    )
    if not run_ids:
        return found
    runs = f"({', '.join(['%s'] * len(run_ids))})"
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS.format(runs=runs), run_ids)
        found.update(zip(found, (int(value or 0) for value in cursor.fetchone()), strict=False))
        cursor.execute(_STATED.format(runs=runs), run_ids)
        found.update({"products" if about == "product" else "cases": int(n) for about, n in cursor.fetchall()})
        cursor.execute(_CASES.format(runs=runs), run_ids)
        found["cases_cents"] = int(cursor.fetchone()[0] or 0)
    return found
