from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collect", "0006_saved_mappings")]

    operations = [
        migrations.AddField("importrun", "related", models.JSONField(default=dict)),
        migrations.AddField(
            "importrun", "joined_key", models.CharField(blank=True, max_length=40, default=""), preserve_default=False
        ),
        migrations.AddField("importrun", "project_id", models.BigIntegerField(db_index=True, null=True)),
    ]
