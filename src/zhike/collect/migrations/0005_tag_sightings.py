from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collect", "0004_workbooks")]

    operations = [
        migrations.CreateModel(
            name="TagSighting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "customer_id", "tag_id", "run_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("customer_id", models.BigIntegerField()),
                ("tag_id", models.BigIntegerField()),
                ("run_id", models.BigIntegerField(db_index=True)),
                ("row_no", models.BigIntegerField()),
            ],
        ),
    ]
