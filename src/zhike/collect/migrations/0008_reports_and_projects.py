from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collect", "0007_related_and_projects")]

    operations = [
        migrations.CreateModel(
            name="SourceFigures",
            fields=[
                ("source_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("counted_at", models.DateTimeField()),
                ("figures", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="SourceWork",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("source_id", models.BigIntegerField(db_index=True)),
                ("worked_on", models.DateField()),
                ("minutes", models.IntegerField()),
                ("note", models.CharField(blank=True, max_length=120)),
                ("by_staff_id", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="MigrationProject",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("public_id", models.CharField(max_length=24, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("former_system", models.CharField(blank=True, max_length=120)),
                ("extracted", models.TextField(blank=True)),
                ("state", models.CharField(default="open", max_length=12)),
                ("expected", models.JSONField(default=dict)),
                ("found", models.JSONField(default=dict)),
                ("counted_at", models.DateTimeField(null=True)),
                ("by_staff_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(null=True)),
                ("signed_by_staff_id", models.BigIntegerField(null=True)),
                ("signed_note", models.TextField(blank=True)),
            ],
        ),
    ]
