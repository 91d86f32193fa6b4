"""Background work of the desk: acts on many customers, exports, and their end after a day."""

from django.db import transaction

from zhike.customers import queries as customers
from zhike.desk.actions import bulk as bulk_actions
from zhike.desk.actions import counting, exports
from zhike.desk.demo import jobs as demo_jobs  # noqa: F401  (declares its own)
from zhike.desk.models import BulkAct, ExactCount, Export
from zhike.kit import clock, failpoints
from zhike.kit.jobs import JobRun, enqueue, every, fail, job
from zhike.secure import queries as secure

failpoints.declare("desk.after_chunk")


@job("desk.bulk")
def run_bulk(run: JobRun, *, act_id: int) -> dict[str, int]:
    """Carry out an act in the name of who asked; killed anywhere, it goes on behind the last chunk it committed."""
    act = BulkAct.objects.get(pk=act_id)
    viewer = secure.viewer_of_staff(act.staff_id)
    done, after = int(run.cursor.get("done", 0)), int(run.cursor.get("after", 0))
    total = int(run.cursor.get("total", 0)) or customers.selection_size(viewer, bulk_actions.selection(act, viewer))
    for chunk in bulk_actions.chunks(act, viewer, after=after):
        run.check()
        done += len(chunk)
        with transaction.atomic():
            bulk_actions.do_chunk(act, chunk, viewer)
            run.save_cursor({"after": chunk[-1], "done": done, "total": total})
        failpoints.hit("desk.after_chunk")
        run.progress(done, max(done, total))
    bulk_actions.finish(act, "done")
    return {"changed": act.changed_count}


@job("desk.undo_bulk")
def run_undo(run: JobRun, *, act_id: int) -> dict[str, int]:
    """Take an act back, chunk by chunk; killed anywhere, it goes on behind the last chunk it committed."""
    act = BulkAct.objects.get(pk=act_id)
    viewer = secure.viewer_of_staff(act.staff_id)
    after, done, kept = (int(run.cursor.get(name, 0)) for name in ("after", "done", "kept"))
    while not run.cursor.get("is_over"):
        run.check()
        with transaction.atomic():
            after, left = bulk_actions.undo_chunk(act, after, viewer)
            kept, done = kept + left, done + bulk_actions.CHUNK
            run.save_cursor({"after": after, "done": done, "kept": kept, "is_over": not after})
        failpoints.hit("desk.after_chunk")
        run.progress(min(done, act.changed_count), act.changed_count)
    act.kept_count = kept
    bulk_actions.finish(act, "undone")
    return {"changed": act.changed_count}


@job("desk.count")
def run_count(run: JobRun, *, count_id: int) -> dict[str, int]:
    """Count to the end how many a list's query matches, as who asked sees it."""
    counted = ExactCount.objects.get(pk=count_id)
    counted.number = counting.number(counted, secure.viewer_of_staff(counted.staff_id))
    counted.save(update_fields=["number"])
    return {"customers": counted.number}


@job("desk.export", attempts=2)
def run_export(run: JobRun, *, export_id: int) -> dict[str, int]:
    """Write an export's sealed file."""
    export = Export.objects.get(pk=export_id)
    viewer = secure.viewer_of_staff(export.staff_id)
    try:
        count = exports.write(export, viewer, progress=run.progress, check=run.check)
    except exports.ExportRefused as refusal:
        Export.objects.filter(pk=export_id).update(state="failed")
        fail("export_failed", why=refusal.code)
    return {"rows": count}


@job("desk.expire_exports")
def expire_exports(run: JobRun) -> None:
    """Destroy the files and keys of exports a day old."""
    for export in Export.objects.filter(state="ready", expires_at__lte=clock.now())[:500]:
        run.check()
        exports.destroy(export)


@every(1800)
def ask_to_expire() -> None:
    """Look for old exports every half hour."""
    enqueue("desk.expire_exports", unique_key="desk.expire_exports")
