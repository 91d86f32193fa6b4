"""Segments: rules, their versions, who is in them now, and what each count found."""

from django.db import migrations, models

from zhike.kit.rowid import RowId, without_rowid
from zhike.kit.steps import Step


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_erased_people")]
    operations = [
        migrations.CreateModel(
            name="SegmentMember",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "segment_id", "customer_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("segment_id", models.BigIntegerField()),
                ("customer_id", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="SegmentUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "segment_id", "used_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("segment_id", models.BigIntegerField()),
                ("used_id", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="SegmentVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "segment_id", "revision", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("segment_id", models.BigIntegerField()),
                ("revision", models.IntegerField()),
                ("rule", models.JSONField()),
                ("by_staff_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Segment",
            fields=[
                ("id", RowId(primary_key=True, serialize=False)),
                ("public_id", models.CharField(max_length=24, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("note", models.CharField(blank=True, max_length=400)),
                ("sharing", models.CharField(default="own", max_length=8)),
                ("by_staff_id", models.BigIntegerField(null=True)),
                ("rule", models.JSONField()),
                ("revision", models.IntegerField(default=1)),
                ("counted_revision", models.IntegerField(default=0)),
                ("member_count", models.BigIntegerField(default=0)),
                ("base_count", models.BigIntegerField(default=0)),
                ("data_at", models.DateTimeField(null=True)),
                ("run_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["archived_at", "name"], name="segments_by_name")]},
        ),
        migrations.CreateModel(
            name="SegmentRun",
            fields=[
                ("id", RowId(primary_key=True, serialize=False)),
                ("public_id", models.CharField(max_length=24, unique=True)),
                ("segment_id", models.BigIntegerField()),
                ("revision", models.IntegerField()),
                ("as_of", models.DateField()),
                ("data_at", models.DateTimeField()),
                ("member_count", models.BigIntegerField()),
                ("base_count", models.BigIntegerField()),
                ("came_count", models.BigIntegerField()),
                ("left_count", models.BigIntegerField()),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("made_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["segment_id", "-id"], name="runs_of_segment")]},
        ),
        Step(without_rowid("customers_segmentmember"), Step.noop),
    ]
