from django.db import migrations, models
from zhike.kit.steps import Step

SENSITIVE = ["owner", "keeper", "officer"]


def sixty_minutes(apps, schema_editor):
    apps.get_model("secure", "Role").objects.filter(code__in=SENSITIVE, builtin=True).update(idle_minutes=60)


class Migration(migrations.Migration):

    dependencies = [
        ('secure', '0003_tombstones'),
    ]

    operations = [
        migrations.AddField(
            model_name='role',
            name='sessions_at_most',
            field=models.PositiveSmallIntegerField(default=5),
        ),
        migrations.AddField(
            model_name='role',
            name='idle_minutes',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        Step(sixty_minutes, Step.noop, of="secure_role"),
    ]
