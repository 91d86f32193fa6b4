from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collect", "0008_reports_and_projects")]

    operations = [
        migrations.CreateModel(
            name="ConsentSighting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "consent_id", "run_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("consent_id", models.BigIntegerField()),
                ("run_id", models.BigIntegerField(db_index=True)),
                ("row_no", models.BigIntegerField()),
            ],
        ),
    ]
