from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collect", "0003_whom_an_undo_leaves")]

    operations = [
        migrations.AddField("importrun", "form", models.CharField(blank=True, max_length=12, default=""), preserve_default=False),
        migrations.AddField("importrun", "sheet", models.CharField(blank=True, max_length=100, default=""), preserve_default=False),
        migrations.AddField("importrun", "sheets", models.JSONField(default=list)),
        migrations.AddField("importrun", "table_key", models.CharField(blank=True, max_length=40, default=""), preserve_default=False),
    ]
