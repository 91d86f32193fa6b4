from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0003_rights_of_shipped_roles")]
    operations = [
        migrations.AddField("task", "words", models.CharField(blank=True, db_default="", max_length=400)),
    ]
