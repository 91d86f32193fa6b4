"""Key customers have a second reader beside owner and deputy."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0015_no_indexes_for_beginnings")]
    operations = [
        migrations.AddField(
            model_name="filecharge",
            name="reader_staff_id",
            field=models.BigIntegerField(db_index=True, null=True),
        ),
    ]
