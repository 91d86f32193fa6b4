from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_file_in_full")]

    operations = [
        migrations.AddField("sourcerecord", "erased_at", models.DateTimeField(null=True)),
    ]
