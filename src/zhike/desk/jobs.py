"""Background work of the desk: acts on many customers, exports, and their end after a day."""

from zhike.customers import queries as customers
from zhike.desk.actions import bulk as bulk_actions
from zhike.desk.actions import exports
from zhike.desk.demo import jobs as demo_jobs  # noqa: F401  (declares its own)
from zhike.desk.models import BulkAct, Export
from zhike.kit import clock
from zhike.kit.jobs import JobRun, enqueue, every, fail, job
from zhike.secure import queries as secure


@job("desk.bulk")
def run_bulk(run: JobRun, *, act_id: int) -> dict[str, int]:
    """Carry out an act in the name of who asked; begun again it repeats, which changes nothing twice."""
    act = BulkAct.objects.get(pk=act_id)
    viewer = secure.viewer_of_staff(act.staff_id)
    total = customers.selection_size(viewer, bulk_actions.selection(act, viewer))
    done = 0
    for chunk in list(bulk_actions.chunks(act, viewer)):
        run.check()
        bulk_actions.do_chunk(act, chunk, viewer)
        done += len(chunk)
        run.progress(done, total)
    bulk_actions.finish(act, "done")
    return {"changed": act.changed_count}


@job("desk.undo_bulk")
def run_undo(run: JobRun, *, act_id: int) -> dict[str, int]:
    """Take an act back, chunk by chunk."""
    act = BulkAct.objects.get(pk=act_id)
    viewer = secure.viewer_of_staff(act.staff_id)
    after, done = int(run.cursor.get("after", 0)), 0
    while after or not done:
        run.check()
        done += 1
        after = bulk_actions.undo_chunk(act, after, viewer)
        run.save_cursor({"after": after})
        if not after:
            break
    bulk_actions.finish(act, "undone")
    return {"changed": act.changed_count}


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
