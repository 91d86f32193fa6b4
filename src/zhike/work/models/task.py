"""Task 待办: work for a person, whatever module it comes from."""

from django.db import models
from django.db.models import Q


class Task(models.Model):
    """One thing to do about one thing. `about_id` has no foreign key: the modules it may point at lie above."""

    OPEN, DONE, NOT_NOW, WRONG, EXPIRED = "open", "done", "not_now", "wrong", "expired"
    URGENT, NORMAL, LOW = 1, 2, 3

    id = models.BigIntegerField(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=24)  # gone_quiet, contradiction, stale_value …; registered in zhike.work.kinds
    about_kind = models.CharField(max_length=24)  # customer
    about_id = models.BigIntegerField()
    about_part = models.CharField(max_length=60, blank=True, default="")  # which field, which pair; a code
    owner_staff_id = models.BigIntegerField(null=True)
    assigned_by_staff_id = models.BigIntegerField(null=True)  # given by hand: the nightly list leaves the owner alone
    queue = models.CharField(max_length=24, blank=True)
    priority = models.SmallIntegerField(default=NORMAL)
    due_on = models.DateField(null=True)
    rank = models.IntegerField(default=0)  # 1 comes first
    why_code = models.CharField(max_length=40)
    words = models.CharField(max_length=400, blank=True, db_default="")  # of one made by hand; without identifiers
    why_params = models.JSONField(default=dict)  # counts, days, amounts in cents; never personal values
    fact_at = models.DateTimeField(null=True)  # newest fact it rests on; a newer one reopens a task judged wrong
    state = models.CharField(max_length=10, default=OPEN)
    outcome = models.CharField(max_length=24, blank=True, default="")  # what came of it, in the kind's own words
    note = models.TextField(blank=True)
    snooze_until = models.DateField(null=True)  # put off: until then it is out of sight
    run_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by_staff_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about_kind", "about_id", "about_part"],
                condition=Q(state="open"),
                name="one_open_task_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "state", "rank", "id"], name="tasks_of_kind"),
            models.Index(fields=["about_kind", "about_id", "kind"], name="tasks_about"),
            models.Index(fields=["owner_staff_id", "state", "priority", "due_on", "rank", "id"], name="tasks_of_owner"),
            models.Index(fields=["state", "priority", "due_on", "rank", "id"], name="tasks_by_urgency"),
            models.Index(fields=["queue", "state", "priority", "due_on", "rank", "id"], name="tasks_of_queue"),
        ]
