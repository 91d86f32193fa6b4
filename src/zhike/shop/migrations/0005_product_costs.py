from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0004_catalogue_and_cases")]

    operations = [
        migrations.CreateModel(
            name="ProductCost",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "product_id", "on_day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("product_id", models.BigIntegerField()),
                ("on_day", models.DateField()),
                ("unit_cost_cents", models.BigIntegerField(null=True)),
                ("stock_quantity", models.BigIntegerField(null=True)),
                ("told_at", models.DateTimeField()),
                ("by_staff_id", models.BigIntegerField(null=True)),
            ],
        ),
    ]
