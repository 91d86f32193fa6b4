"""The sorts by figures carry what goes with figures, so that a filter at their far end is met on the index; places get one too."""

from django.db import migrations, models

_BESIDE = (
    "order_count",
    "net_cents",
    "last_order_at",
    "rfm_class",
    "rfm_cell",
    "stage",
    "kind",
    "owner_staff_id",
    "first_source_id",
    "has_phone",
    "has_email",
    "archived_at",
)
_ALONG = (
    ("last_order_at", "card_along_last_order"),
    ("order_count", "card_along_orders"),
    ("net_cents", "card_along_net"),
    ("rfm_class", "card_along_class"),
)
_NARROW = ("card_by_last_order", "card_by_orders", "card_by_net", "card_by_class")


def _index(name: str, *columns: str) -> migrations.AddIndex:
    return migrations.AddIndex("customercard", models.Index(*(models.F(c) for c in columns), name=name))


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_narrow_tables")]
    operations = [
        *(migrations.RemoveIndex("customercard", name) for name in _NARROW),
        *(_index(name, column, "customer_id", *(c for c in _BESIDE if c != column)) for column, name in _ALONG),
        _index("card_by_place", "province", "city", "customer_id"),
    ]
