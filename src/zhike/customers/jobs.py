"""Background work on all files."""

from zhike.customers.actions import consents, deriving
from zhike.customers.models import CustomerCard
from zhike.kit import jobs
from zhike.kit.jobs import JobRun, every, job
from zhike.secure import consents as answers


@job("customers.derive_all")
def derive_all(run: JobRun, *, always: bool = False) -> dict[str, int]:
    """Derive every card anew when the rules have changed since (or `always`: what they weigh has); killed, it goes on."""
    if not always and not deriving.is_behind():
        return {"cards": 0}
    total = CustomerCard.objects.count()
    after, done, changed = (int(run.cursor.get(name, 0)) for name in ("after", "done", "changed"))
    while True:
        run.check()
        after, more = deriving.derive_some(after)
        done, changed = done + deriving.BATCH, changed + more
        if not after:
            break
        run.save_cursor({"after": after, "done": done, "changed": changed})
        run.progress(min(done, total), total)
    deriving.note_derived()
    return {"cards": total, "changed": changed}


@job("customers.lapse_consents")
def lapse_consents(run: JobRun) -> dict[str, int]:
    """Consents given for a time that is over, or to a notice that was replaced, no longer count as given in lists."""
    return {"lapsed": consents.lapse_consents()}


@every(15)
def look_for_lapsed() -> None:
    """A consent whose time is over is out of segments and of the lake within moments; lists ask it of the answers."""
    if answers.is_lapse_due():
        jobs.enqueue("customers.lapse_consents", unique_key="customers.lapse_consents")
