"""What rules may ask about orders: how many, for how much, how many pieces; narrowed by time, source and product."""

from django.utils.translation import gettext_lazy as _

from zhike.customers.queries.segments import Facet, offer

_ORDERS = _("Orders")


def offer_orders() -> None:
    """Offer them, at start-up."""
    offer(
        Facet(
            "bought_orders",
            _("Orders bought"),
            _ORDERS,
            "order_count",
            "orders",
            "orders",
            "orders",
            where_field="order_lines",
        ),
        Facet(
            "bought_amount",
            _("Amount bought"),
            _ORDERS,
            "net_amount",
            "orders",
            "orders",
            "cents",
            unit="cents",
            where_field="order_lines",
        ),
        Facet(
            "bought_items",
            _("Pieces bought"),
            _ORDERS,
            "order_lines",
            "orders",
            "orders",
            "items",
            where_field="order_lines",
        ),
    )
