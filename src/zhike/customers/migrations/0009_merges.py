"""Merges, what each merged customer is of its own, and the file a tag shows on."""

from django.db import migrations, models

from zhike.kit.rowid import RowId, without_rowid
from zhike.kit.steps import Step

_HOLDERS = ("owner", "supervisor", "keeper")


def _root_of_tags(apps, schema_editor):
    """Until now nobody was merged: a tag shows on the customer it is on."""
    schema_editor.execute("UPDATE customers_customertag SET root_id = customer_id")


def _grant(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    for role in apps.get_model("secure", "Role").objects.filter(code__in=_HOLDERS, builtin=True):
        if "customers.merge" not in role.permissions:
            role.permissions = [*role.permissions, "customers.merge"]
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_segments"), ("secure", "0006_export_approval")]
    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", RowId(primary_key=True, serialize=False)),
                ("absorbed_id", models.BigIntegerField()),
                ("survivor_id", models.BigIntegerField(db_index=True)),
                ("why", models.CharField(max_length=40)),
                ("evidence", models.JSONField(default=dict)),
                ("by_staff_id", models.BigIntegerField(null=True)),
                ("is_by_machine", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by_staff_id", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["absorbed_id", "-at"], name="merges_of_absorbed")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("absorbed_id", models.F("survivor_id")), _negated=True),
                        name="nobody_absorbs_themselves",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("absorbed_id",), name="absorbed_once_at_a_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("customer_id", RowId(primary_key=True, serialize=False)),
                ("owner_staff_id", models.BigIntegerField(null=True)),
                ("team_id", models.BigIntegerField(null=True)),
                ("stage", models.CharField(max_length=16)),
                ("is_owner_decided", models.BooleanField(default=False)),
                ("had_orders", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField("customertag", "root_id", models.BigIntegerField(db_default=0, db_index=True)),
        Step(_root_of_tags, Step.noop, of="customers_customertag"),
        migrations.AlterField("customertag", "customer_id", models.BigIntegerField()),
        Step(without_rowid("customers_customertag"), Step.noop),
        Step(_grant, Step.noop, elidable=True, of="secure_role"),
    ]
