"""Nobody seeks a file by how its number or address begins: on PostgreSQL the two indexes Django lays for that are dropped.

Each cost every new customer an entry, one of them at a random place.
"""

from django.db import migrations

from zhike.kit.rowid import without_pattern_indexes
from zhike.kit.steps import Step


class Migration(migrations.Migration):
    dependencies = [("customers", "0014_market_flows")]
    operations = [Step(without_pattern_indexes("customers_customer"), Step.noop)]
