from django.db import migrations, models
from zhike.kit.steps import Step

DAYS = {
    "sqlite": "substr(ordered_at, 1, 10)",
    "postgresql": "(ordered_at AT TIME ZONE 'UTC')::date",
}


def add_up(apps, schema_editor):
    """The days of an installation that has orders already."""
    day = DAYS[schema_editor.connection.vendor]
    schema_editor.execute(
        "INSERT INTO shop_daytakings (day, currency, order_count, sale_count, net_cents) "
        f"SELECT {day}, currency, count(*), sum(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END), sum(net_cents) "
        f"FROM shop_order WHERE current_version_id IS NOT NULL GROUP BY {day}, currency"
    )


class Migration(migrations.Migration):
    dependencies = [("shop", "0006_contracts")]

    operations = [
        migrations.CreateModel(
            name="DayTakings",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey("day", "currency", blank=True, editable=False, primary_key=True, serialize=False),
                ),
                ("day", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("order_count", models.BigIntegerField()),
                ("sale_count", models.BigIntegerField()),
                ("net_cents", models.BigIntegerField()),
            ],
        ),
        Step(add_up, Step.noop),
    ]
