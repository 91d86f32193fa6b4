"""Lookups, name tokens and sightings lie in the tree of their key alone: half the pages to write."""

from django.db import migrations

from zhike.kit.rowid import without_rowid
from zhike.kit.steps import Step


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_contact_cuttings")]
    operations = [
        Step(without_rowid("customers_lookup", "customers_nametoken", "customers_sighting", "customers_customertag"),
            Step.noop,
        )
    ]
