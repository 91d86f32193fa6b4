"""The funnel: moves between stages, the purchase class and rank of a card, the step a contact served.

Stages set by hand before there was a history become a move each, at the moment the card was last touched.
"""

import itertools

from django.db import migrations, models

import zhike.kit.rowid
from zhike.kit.steps import Step

_CLASSES = (
    "UPDATE customers_customercard SET purchase_class = CASE \"values\" ->> 'purchasing_power' "
    "WHEN 'strong' THEN 'a' WHEN 'weak' THEN 'b' ELSE 'c' END "
    "WHERE \"values\" ->> 'intention' = 'strong' AND \"values\" ->> 'purchasing_power' IN ('strong', 'weak', 'none')"
)


def read_off(apps, schema_editor):
    if schema_editor.connection.alias != "default":
        return
    from zhike.kit import ids

    schema_editor.execute(_CLASSES)
    move = apps.get_model("customers", "StageMove")
    cards = apps.get_model("customers", "CustomerCard").objects
    told = models.Q(order_count__gt=0) & ~models.Q(stage="current")
    told |= models.Q(order_count=0) & ~models.Q(stage="potential")
    found = cards.filter(told).order_by("customer_id").values_list("customer_id", "stage", "updated_at", "order_count")
    rows = found.iterator(chunk_size=1000)
    while batch := list(itertools.islice(rows, 1000)):
        move.objects.bulk_create(
            move(
                id=move_id,
                customer_id=customer_id,
                at=at,
                from_stage="current" if orders else "potential",
                to_stage=stage,
                why="before",
                change_seq=0,
            )
            for move_id, (customer_id, stage, at, orders) in zip(
                ids.take("stage_move", len(batch)), batch, strict=True
            )
        )


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0010_verifications'),
        ('kit', '0001_kit_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='LossReason',
            fields=[
                ('code', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('name', models.CharField(blank=True, max_length=60)),
                ('archived_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='StageMove',
            fields=[
                ('id', zhike.kit.rowid.RowId(primary_key=True, serialize=False)),
                ('customer_id', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('from_stage', models.CharField(blank=True, max_length=16)),
                ('to_stage', models.CharField(max_length=16)),
                ('why', models.CharField(max_length=12)),
                ('reason', models.CharField(blank=True, max_length=24)),
                ('note', models.TextField(blank=True)),
                ('rule_id', models.BigIntegerField(null=True)),
                ('run_id', models.BigIntegerField(null=True)),
                ('by_staff_id', models.BigIntegerField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('change_seq', models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.AddField(
            model_name='contactrecord',
            name='change_seq',
            field=models.BigIntegerField(db_default=0, db_index=True),
        ),
        migrations.AddField(
            model_name='contactrecord',
            name='step',
            field=models.CharField(blank=True, db_default='', max_length=12),
        ),
        migrations.AddField(
            model_name='customercard',
            name='lead_rank',
            field=models.IntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='customercard',
            name='purchase_class',
            field=models.CharField(blank=True, db_default='', max_length=1),
        ),
        migrations.AddIndex(
            model_name='customercard',
            index=models.Index(condition=models.Q(('purchase_class', ''), _negated=True), fields=['purchase_class', 'lead_rank', 'customer_id'], name='card_by_purchase_class'),
        ),
        migrations.AddIndex(
            model_name='customercard',
            index=models.Index(models.F('stage'), models.F('lead_rank'), models.F('customer_id'), name='card_by_stage'),
        ),
        migrations.AddIndex(
            model_name='stagemove',
            index=models.Index(fields=['customer_id', '-at', '-id'], name='moves_of_customer'),
        ),
        Step(read_off, Step.noop, elidable=True, of="customers_customercard"),
    ]
