"""Fields of orders, and the figures of a customer."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.secure.fields.field import PARTY, Field


def _order(
    name: str, label: Promise, *, lookup: tuple[str, ...] = (), facet: bool = False, lake: str = "value"
) -> Field:
    return Field(name, label, "order", "internal", lookup=lookup, facet=facet, lake=lake, keeping="order", erase="keep")


def _order_sealed(
    name: str, label: Promise, *, mask: str = "hidden", normalizer: str = "text", export: bool = True
) -> Field:
    return Field(
        name, label, "order", "personal", "sealed", mask, normalizer, export=export, keeping="order", erase="key"
    )


FIELDS = (
    _order("order_number", _("Order number"), lookup=("order_number",), lake=""),
    _order("order_status", _("Order status"), facet=True, lake="code"),
    _order("ordered_at", _("Ordered at")),
    _order("paid_at", _("Paid at")),
    _order("goods_amount", _("Goods amount")),
    _order("shipping_amount", _("Shipping amount")),
    _order("discount_amount", _("Discount amount")),
    _order("paid_amount", _("Paid amount")),
    _order("refund_amount", _("Refund amount")),
    _order("order_lines", _("Order lines")),
    _order_sealed("receiver_name", _("Receiver's name"), mask="name", normalizer="name"),
    _order_sealed("receiver_phone", _("Receiver's phone"), mask="phone", normalizer="phone"),
    _order_sealed("receiver_address", _("Receiver's address"), mask="address", normalizer="address"),
    # The words a buyer writes hold phones and addresses: sealed whole until identifiers are cut out of texts.
    _order_sealed("buyer_message", _("Buyer's message"), export=False),
    _order_sealed("seller_memo", _("Seller's memo"), export=False),
    _order_sealed("tracking_number", _("Tracking number"), mask="waybill"),
    Field("metrics", _("Metrics"), "metric", "internal", facet=True, lake="value"),
    Field("rfm_class", _("RFM class"), "metric", "internal", facet=True, lake="value"),
    Field("order_count", _("Orders"), "metric", "internal", facet=True, lake="value"),
    Field("net_amount", _("Net amount"), "metric", "internal", facet=True, lake="value"),
    Field("first_order_at", _("First order"), "metric", "internal", facet=True, lake="value"),
    Field("last_order_at", _("Last order"), "metric", "internal", facet=True, lake="value"),
    Field("contact_records", _("Contact records"), PARTY, "internal", lake="value"),
    Field("visits", _("Visits to the site"), PARTY, "internal", lake="value"),
)
