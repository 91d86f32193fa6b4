"""Nobody seeks an order by how its address begins: on PostgreSQL the index Django lays for that is dropped."""

from django.db import migrations

from zhike.kit.rowid import without_pattern_indexes


class Migration(migrations.Migration):
    dependencies = [("shop", "0007_day_takings")]
    operations = [migrations.RunPython(without_pattern_indexes("shop_order"), migrations.RunPython.noop)]
