"""ImportRun: one file somebody gave us, from its arrival to its undoing."""

from django.db import models


class ImportRun(models.Model):
    """A file, what it means, how far it is recorded and what came of it. Its id is also the id of its sightings."""

    STORED, CHECKING, CHECKED, QUEUED = "stored", "checking", "checked", "queued"
    RUNNING, PAUSED, DONE, FAILED = "running", "paused", "done", "failed"
    UNDOING, UNDONE = "undoing", "undone"
    # Phases of a recording; an undoing has `orders`. Rows are recorded first and indexed when all are; what a stopped import
    # recorded is indexed before another begins, and goes back to `rows` with its next batch.
    ROWS, ROWS_INDEXED, FINISH = "rows", "rows_indexed", "finish"

    id = models.BigIntegerField(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=16, blank=True)  # orders, customers
    state = models.CharField(max_length=12, default=STORED)
    source_id = models.BigIntegerField(null=True, db_index=True)
    file_name = models.CharField(max_length=200)
    byte_count = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the file as given
    file_key = models.CharField(max_length=40)  # names the key that seals the file
    lines_key = models.CharField(max_length=40, blank=True)  # of the file of order lines beside it, if there is one
    form = models.CharField(max_length=12, blank=True)  # workbook, json_lines; empty: a delimited file
    sheet = models.CharField(max_length=100, blank=True)  # of a workbook: the sheet that is read
    sheets = models.JSONField(default=list)  # of a workbook: the names of all
    table_key = models.CharField(max_length=40, blank=True)  # of the sealed table made of a workbook or JSON Lines
    related = models.JSONField(default=dict)  # name of a related table → key of its sealed file
    joined_key = models.CharField(max_length=40, blank=True)  # of the sealed table made of all of them
    project_id = models.BigIntegerField(null=True, db_index=True)  # the migration this file belongs to
    files_destroyed_at = models.DateTimeField(null=True)
    template = models.CharField(max_length=60, blank=True)
    mapping_text = models.TextField(blank=True)  # the YAML that was used, also when it came from a template
    encoding = models.CharField(max_length=24, blank=True)  # asked for; empty: detected
    zone = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    check_result = models.JSONField(default=dict)  # what the dry run found, counts and codes only
    counts = models.JSONField(default=dict)  # what was recorded; changes in the transaction of each batch
    undo_result = models.JSONField(default=dict)  # whom its undoing left and archived: counts and the first ids
    group_cursor = models.BigIntegerField(default=0)  # groups recorded; changes in the transaction of each batch
    phase = models.CharField(max_length=16, blank=True)  # how far a run or its undoing has come
    error_code = models.CharField(max_length=60, blank=True)
    error_params = models.JSONField(default=dict)
    job_id = models.BigIntegerField(null=True)
    by_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_index=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
