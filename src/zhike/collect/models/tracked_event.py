"""TrackedEvent, Visitor: what somebody did on a site, and whom the browser turned out to belong to."""

from django.db import models

from zhike.kit.rowid import RowId


class Visitor(models.Model):
    """A browser or an app as one site knows it. `source_record_id` is the pointer that moves: the one customer it was
    identified as; null while nobody, or while several customers use it."""

    id = RowId(primary_key=True)
    source_id = models.BigIntegerField()
    digest = models.BinaryField(max_length=16)  # keyed: the site's own key of a visitor is never stored
    source_record_id = models.BigIntegerField(null=True, db_index=True)
    change_seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("source_id", "digest", name="one_visitor_per_source_and_key")]


class VisitorLink(models.Model):
    """A run said that a visitor is the customer of this record."""

    pk = models.CompositePrimaryKey("visitor_id", "source_record_id", "run_id")
    visitor_id = models.BigIntegerField()
    source_record_id = models.BigIntegerField(db_index=True)
    run_id = models.BigIntegerField(db_index=True)


class TrackedEvent(models.Model):
    """One act of a visitor. A fact: it points at the record it named itself, or at nobody, for ever.

    Of an address only the path is kept, of a referrer only the host; identifiers are cut out of every text.
    """

    id = RowId(primary_key=True)
    source_id = models.BigIntegerField()
    digest = models.BinaryField(max_length=16)  # of the message's id, or of all it says: the same event once
    visitor_id = models.BigIntegerField()
    source_record_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=12)  # page, screen, track; identify and alias only name somebody
    name = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=120, blank=True)
    section = models.CharField(max_length=120, blank=True)
    entry = models.CharField(
        max_length=12, blank=True
    )  # direct, search, social, campaign, mail, message, referral, inside
    entry_name = models.CharField(max_length=120, blank=True)
    mark = models.CharField(max_length=12, blank=True)  # basket, form, queue, chat …: see `tracking/marks.py`
    sku = models.CharField(max_length=120, blank=True)
    amount_cents = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # no run says it any more
    change_seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("source_id", "digest", name="one_tracked_event_per_source")]
        indexes = [
            models.Index("source_record_id", models.F("at").desc(), name="tracked_events_of_record"),
            models.Index("visitor_id", models.F("at").desc(), name="tracked_events_of_visitor"),
        ]


class TrackedSighting(models.Model):
    """Row `row_no` of a run says this event."""

    pk = models.CompositePrimaryKey("event_id", "run_id")
    event_id = models.BigIntegerField()
    run_id = models.BigIntegerField(db_index=True)
    row_no = models.BigIntegerField()
