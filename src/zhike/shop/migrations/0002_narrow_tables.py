"""Sightings of orders lie in the tree of their key alone."""

from django.db import migrations

from zhike.kit.rowid import without_rowid


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunPython(without_rowid("shop_ordersighting"), migrations.RunPython.noop)]
