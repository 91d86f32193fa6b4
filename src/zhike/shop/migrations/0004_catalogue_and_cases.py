from django.db import migrations, models

import zhike.kit.rowid


class Migration(migrations.Migration):
    dependencies = [("shop", "0003_run_ranks")]

    operations = [
        migrations.CreateModel(
            name="AfterSaleCase",
            fields=[
                ("id", zhike.kit.rowid.RowId(primary_key=True, serialize=False)),
                ("public_id", models.CharField(max_length=24, unique=True)),
                ("source_id", models.BigIntegerField()),
                ("external_id", models.CharField(max_length=120)),
                ("current_version_id", models.BigIntegerField(null=True)),
                ("order_number", models.CharField(max_length=120)),
                ("sku", models.CharField(blank=True, max_length=120)),
                ("kind", models.CharField(max_length=16)),
                ("status", models.CharField(max_length=16)),
                ("reason", models.CharField(blank=True, max_length=120)),
                ("quantity", models.BigIntegerField(null=True)),
                ("amount_cents", models.BigIntegerField(null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("change_seq", models.BigIntegerField(db_index=True)),
            ],
            options={
                "indexes": [
                    models.Index(models.F("opened_at"), models.F("id"), name="cases_by_time"),
                    models.Index(models.F("source_id"), models.F("order_number"), name="cases_of_order"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("source_id"), models.F("external_id"), name="one_case_per_source_and_id"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatedSighting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "version_id", "run_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version_id", models.BigIntegerField()),
                ("run_id", models.BigIntegerField(db_index=True)),
                ("row_no", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="StatedVersion",
            fields=[
                ("id", zhike.kit.rowid.RowId(primary_key=True, serialize=False)),
                ("about", models.CharField(max_length=12)),
                ("about_id", models.BigIntegerField()),
                ("digest", models.BinaryField(max_length=16)),
                ("stated", models.JSONField()),
                ("seen_rank", models.BigIntegerField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("about"),
                        models.F("about_id"),
                        models.F("digest"),
                        name="one_version_per_statement_of_shop",
                    )
                ],
            },
        ),
        migrations.AddField("product", "current_version_id", models.BigIntegerField(null=True)),
        *(
            migrations.AddField("product", name, models.CharField(blank=True, db_default="", max_length=most))
            for name, most in (("order_title", 400), ("category", 200), ("brand", 120), ("barcode", 60))
        ),
        migrations.AddField("product", "price_cents", models.BigIntegerField(null=True)),
        migrations.AddField("product", "cost_cents", models.BigIntegerField(null=True)),
        migrations.AddField("product", "attributes", models.JSONField(null=True)),
    ]
