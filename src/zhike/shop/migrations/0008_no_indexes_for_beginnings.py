"""Nobody seeks an order by how its address begins: on PostgreSQL the index Django lays for that is dropped."""

from django.db import migrations

from zhike.kit.rowid import without_pattern_indexes
from zhike.kit.steps import Step


class Migration(migrations.Migration):
    dependencies = [("shop", "0007_day_takings")]
    operations = [Step(without_pattern_indexes("shop_order"), Step.noop)]
