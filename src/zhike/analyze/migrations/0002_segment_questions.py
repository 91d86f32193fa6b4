"""Counts while a segment is being built."""

from django.db import migrations, models

from zhike.kit.rowid import RowId


class Migration(migrations.Migration):
    dependencies = [("analyze", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="SegmentQuestion",
            fields=[
                ("staff_id", RowId(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
                ("rule", models.JSONField()),
                ("own", models.CharField(blank=True, max_length=24)),
                ("owner_ids", models.JSONField(null=True)),
                ("is_fresh", models.BooleanField(default=False)),
                ("asked_at", models.DateTimeField()),
                ("answered", models.BigIntegerField(default=0)),
                ("answer", models.JSONField(default=dict)),
            ],
        ),
    ]
