"""Views are shared with a team or all and can come back; exports may wait for a second person; acts keep more of before."""

from django.db import migrations, models
from zhike.kit.steps import Step


def _shared(apps, schema_editor):
    apps.get_model("desk", "SavedView").objects.filter(is_shared=True).update(shared_with="all")


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_desk_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExactCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=24, unique=True)),
                ("staff_id", models.BigIntegerField()),
                ("query", models.CharField(blank=True, max_length=1000)),
                ("number", models.BigIntegerField(null=True)),
                ("job_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "desk_exact_count",
            },
        ),
        migrations.CreateModel(
            name="ExportRule",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("free_rows", models.IntegerField()),
            ],
            options={
                "db_table": "desk_export_rule",
            },
        ),
        migrations.RemoveConstraint(
            model_name="savedview",
            name="desk_one_view_per_name",
        ),
        migrations.AddField(
            model_name="bulkact",
            name="field",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="bulkact",
            name="kept_count",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="bulkact",
            name="value",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name="bulkchange",
            name="before",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="export",
            name="asked_count",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="export",
            name="decided_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="export",
            name="decided_by_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="export",
            name="decision_note",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="export",
            name="form",
            field=models.CharField(default="csv", max_length=8),
        ),
        migrations.AddField(
            model_name="registerlayout",
            name="first_view",
            field=models.CharField(blank=True, max_length=24),
        ),
        migrations.AddField(
            model_name="savedview",
            name="columns",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="savedview",
            name="place",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="savedview",
            name="removed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="savedview",
            name="shared_with",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AlterField(
            model_name="export",
            name="state",
            field=models.CharField(db_index=True, default="asked", max_length=10),
        ),
        Step(_shared, Step.noop, of="desk_saved_view"),
        migrations.RemoveField(
            model_name="savedview",
            name="is_shared",
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)), fields=("staff_id", "name"), name="desk_one_view_per_name"
            ),
        ),
    ]
