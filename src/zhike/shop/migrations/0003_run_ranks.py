from django.db import migrations, models
from zhike.kit.steps import Step


def rank_earlier_runs(apps, schema_editor):
    """Runs until now stood in the order of their ids: they keep it, and later ones come after them."""
    sightings = apps.get_model("shop", "OrderSighting")
    starts = apps.get_model("shop", "RunStart")
    runs = sorted(sightings.objects.values_list("run_id", flat=True).distinct())
    starts.objects.bulk_create([starts(id=run_id, run_id=run_id) for run_id in runs])
    if runs and schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('shop_runstart', 'id'), %s)", [runs[-1]])


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_narrow_tables")]

    operations = [
        migrations.CreateModel(
            name="RunStart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("run_id", models.BigIntegerField(unique=True)),
            ],
        ),
        migrations.RenameField("orderversion", "seen_run_id", "seen_rank"),
        Step(rank_earlier_runs, Step.noop, of="shop_ordersighting"),
    ]
