from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_walk_along_figures")]

    operations = [
        migrations.AddField("customercard", "abc_class", models.CharField(blank=True, db_default="", max_length=8)),
        migrations.AddField("customercard", "pyramid_level", models.CharField(blank=True, db_default="", max_length=12)),
    ]
