"""The funnel: its tables, rights of the shipped roles, and published starting points for contacts (opinions, all editable)."""

from django.db import migrations, models

import zhike.kit.rowid
from zhike.kit.steps import Step

_HOLDERS = {
    "funnel.view": ["owner", "supervisor", "agent", "operator", "account_manager", "analyst", "keeper"],
    "funnel.manage": ["owner", "supervisor", "operator"],
}
# One vendor's guide gives 25 for a demonstration, 20 for a seminar, 15 for a look at prices, -10 for silence.
_POINTS = (
    ("meeting", "reached", "", 25),
    ("visit", "reached", "", 25),
    ("event", "done", "", 20),
    ("call", "reached", "", 15),
    ("chat", "reached", "", 10),
    ("", "not_reached", "", -10),
    ("", "wrong", "", -20),
    ("", "", "understand", 10),
    ("", "", "relate", 15),
)


def grant(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    for code, holders in _HOLDERS.items():
        for role in apps.get_model("secure", "Role").objects.filter(code__in=holders, builtin=True):
            if code not in role.permissions:
                role.permissions = [*role.permissions, code]
                role.save(update_fields=["permissions"])


def give_points(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    from zhike.kit import chance, clock, ids

    part = apps.get_model("clean", "ScorePart")
    for row_id, (way, outcome, step, points) in zip(ids.take("score_part", len(_POINTS)), _POINTS, strict=True):
        part.objects.create(
            id=row_id,
            public_id=chance.public_id(),
            part="behavior",
            way=way,
            outcome=outcome,
            step=step,
            points=points,
            created_at=clock.now(),
        )



class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kit', '0001_kit_tables'),
        ('secure', '0006_export_approval'),
        ('clean', '0004_verification_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='FunnelSettings',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('values', models.JSONField(default=dict)),
                ('changed_at', models.DateTimeField()),
                ('by_staff_id', models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='MarketSegment',
            fields=[
                ('id', zhike.kit.rowid.RowId(primary_key=True, serialize=False)),
                ('public_id', models.CharField(max_length=24, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('who', models.TextField(blank=True)),
                ('needs', models.TextField(blank=True)),
                ('demand', models.BigIntegerField(null=True)),
                ('demand_unit', models.CharField(blank=True, max_length=24)),
                ('rivals', models.TextField(blank=True)),
                ('position', models.TextField(blank=True)),
                ('offer', models.TextField(blank=True)),
                ('segment', models.CharField(blank=True, max_length=24)),
                ('revision', models.IntegerField(default=1)),
                ('by_staff_id', models.BigIntegerField(null=True)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ProposedMove',
            fields=[
                ('pk', models.CompositePrimaryKey('run_id', 'customer_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('run_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField(db_index=True)),
                ('rule_id', models.BigIntegerField()),
                ('from_stage', models.CharField(max_length=16)),
                ('to_stage', models.CharField(max_length=16)),
                ('state', models.CharField(default='proposed', max_length=8)),
            ],
            options={
                'db_table': 'clean_proposed_move',
            },
        ),
        migrations.CreateModel(
            name='QualificationRule',
            fields=[
                ('id', zhike.kit.rowid.RowId(primary_key=True, serialize=False)),
                ('public_id', models.CharField(max_length=24, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('segment', models.CharField(max_length=24)),
                ('from_stage', models.CharField(max_length=16)),
                ('to_stage', models.CharField(max_length=16)),
                ('reason', models.CharField(blank=True, max_length=24)),
                ('mode', models.CharField(default='propose', max_length=8)),
                ('rank', models.IntegerField(default=0)),
                ('by_staff_id', models.BigIntegerField(null=True)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='QualificationRun',
            fields=[
                ('id', zhike.kit.rowid.RowId(primary_key=True, serialize=False)),
                ('public_id', models.CharField(max_length=24, unique=True)),
                ('state', models.CharField(default='asked', max_length=8)),
                ('rule_ids', models.JSONField(default=list)),
                ('is_nightly', models.BooleanField(default=False)),
                ('found_count', models.BigIntegerField(default=0)),
                ('moved_count', models.BigIntegerField(default=0)),
                ('kept_count', models.BigIntegerField(default=0)),
                ('by_staff_id', models.BigIntegerField(null=True)),
                ('job_id', models.BigIntegerField(null=True)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ScorePart',
            fields=[
                ('id', zhike.kit.rowid.RowId(primary_key=True, serialize=False)),
                ('public_id', models.CharField(max_length=24, unique=True)),
                ('part', models.CharField(max_length=8)),
                ('segment', models.CharField(blank=True, max_length=24)),
                ('way', models.CharField(blank=True, max_length=24)),
                ('outcome', models.CharField(blank=True, max_length=24)),
                ('step', models.CharField(blank=True, max_length=12)),
                ('points', models.IntegerField()),
                ('created_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(null=True)),
            ],
        ),
        Step(grant, Step.noop, elidable=True, of="secure_role"),
        Step(give_points, Step.noop, elidable=True),
    ]
