"""Sightings of orders lie in the tree of their key alone."""

from django.db import migrations

from zhike.kit.rowid import without_rowid
from zhike.kit.steps import Step


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [Step(without_rowid("shop_ordersighting"), Step.noop)]
