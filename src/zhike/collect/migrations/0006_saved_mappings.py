from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collect", "0005_tag_sightings")]

    operations = [
        migrations.CreateModel(
            name="SavedMapping",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.CharField(max_length=24, unique=True)),
                ("name", models.CharField(max_length=80, unique=True)),
                ("kind", models.CharField(max_length=16)),
                ("text", models.TextField()),
                ("by_staff_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
    ]
