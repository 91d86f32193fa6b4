"""ConsentSighting: an import says an answer to a purpose, so that undoing it can take the answer back."""

from django.db import models


class ConsentSighting(models.Model):
    """Row `row_no` of a run says this answer; another run that says the same has a sighting of its own."""

    pk = models.CompositePrimaryKey("consent_id", "run_id")
    consent_id = models.BigIntegerField()
    run_id = models.BigIntegerField(db_index=True)
    row_no = models.BigIntegerField()
