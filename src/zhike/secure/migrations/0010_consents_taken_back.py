import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("secure", "0009_access_notes")]

    operations = [
        migrations.CreateModel(
            name="ConsentTakenBack",
            fields=[
                (
                    "consent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="secure.consent",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_staff_id", models.BigIntegerField(null=True)),
            ],
        ),
    ]
