"""Words a mapping file may use: kinds of files, and what each kind can be told."""

KINDS = ("orders", "customers", "products", "cases", "tags", "visits", "lines")
KEY_KINDS = ("platform_id", "platform_handle", "payment_account", "phone", "email")
ORDER_FIELDS = (
    "id",
    "ordered_at",
    "paid_at",
    "status",
    "total",
    "paid",
    "postage",
    "refund",
    "currency",
    "subtotal",
    "tax",
)
RECEIVER_FIELDS = ("name", "phone", "address", "message")
PRODUCT_FIELDS = ("sku", "title", "category", "brand", "barcode", "price", "cost")
CASE_FIELDS = (
    "id",
    "order_id",
    "kind",
    "status",
    "opened_at",
    "closed_at",
    "amount",
    "quantity",
    "sku",
    "reason",
    "currency",
)
LINE_FIELDS = ("sku", "title", "quantity", "unit_price", "amount", "discount")
VISIT_FIELDS = (
    "id",
    "visitor",
    "at",
    "kind",
    "name",
    "url",
    "title",
    "section",
    "referrer",
    "source",
    "medium",
    "campaign",
    "mark",
    "sku",
    "amount",
    "do_not_track",
)
TOP = [
    "kind",
    "title",
    "note",
    "platform",
    "row_per",
    "zone",
    "currency",
    "dates",
    "decimal",
    "order",
    "order_kinds",
    "buyer",
    "receiver",
    "lines",
    "line_kinds",
    "customer",
    "product",
    "case",
    "visit",
    "related",
    "recognized_by",
    "zhike_mapping",
]
