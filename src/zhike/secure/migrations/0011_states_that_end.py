from django.db import migrations, models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Greatest
from zhike.kit.steps import Step

_STANDS = Case(When(Q(answer="withdrawn") & ~Q(way="import"), then=Greatest("at", "recorded_at")), default=F("at"))


def fill(apps, schema_editor):
    """When a consent ends, and of a withdrawal noted late the moment it became known: it stands above a yes in between."""
    Consent, State = apps.get_model("secure", "Consent"), apps.get_model("secure", "ConsentState")
    mine = Consent.objects.filter(id=OuterRef("consent_id"))
    State.objects.update(
        until=Subquery(mine.values("until")), notice_version=Coalesce(Subquery(mine.values("notice__version")), 0)
    )
    late = Consent.objects.filter(answer="withdrawn", recorded_at__gt=F("at")).exclude(way="import")
    for key in late.values("subject_kind", "subject_id", "purpose").distinct().iterator():
        left = Consent.objects.filter(**key, consenttakenback=None).annotate(stands=_STANDS)
        newest = left.select_related("notice").order_by("-stands", "-id").first()
        standing = State.objects.filter(**key)
        if newest is None or not standing.exists():
            continue
        # A lapse that was noted stays noted.
        answer = newest.answer if newest.answer == "withdrawn" else standing.values_list("answer", flat=True)[0]
        standing.update(
            answer=answer, way=newest.way, at=newest.stands, consent_id=newest.id, until=newest.until,
            notice_version=newest.notice.version if newest.notice else 0,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("secure", "0010_consents_taken_back")]

    operations = [
        migrations.AddField("consentstate", "until", models.DateTimeField(null=True)),
        migrations.AddField("consentstate", "notice_version", models.IntegerField(default=0)),
        Step(fill, Step.noop, of="secure_consent"),
        migrations.AddIndex(
            "consentstate",
            models.Index(fields=["until"], name="consent_states_ending", condition=models.Q(("until__isnull", False))),
        ),
    ]
