"""Questionnaire 问卷: what is asked, and the six steps a survey goes through before anybody is asked."""

from django.db import models

from zhike.kit.rowid import RowId


class Questionnaire(models.Model):
    """One version of a questionnaire: once answers count, its questions and scales stand."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=120)
    method = models.CharField(max_length=16)  # simple, structural, regression, double, double_improved
    model = models.CharField(max_length=12, blank=True)  # acsi, ecsi, ccsi, e_commerce: which paths
    weighting = models.CharField(max_length=8, default="equal")  # equal, given, judged, entropy, derived
    judgements = models.JSONField(default=list)  # the matrix of judged weights, row by row
    content = models.TextField(blank=True)  # the steps in words: what is measured, who is asked, by which means
    audience = models.TextField(blank=True)
    population_count = models.IntegerField(null=True)
    means = models.TextField(blank=True)
    pilot_state = models.CharField(max_length=8, default="open")  # open, closed, waived
    pilot_note = models.TextField(blank=True)  # what the pilot taught, or why there was none
    is_demo = models.BooleanField(default=False)  # goes with the demo shop
    by_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
