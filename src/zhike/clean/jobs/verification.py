"""Tasks of verification: drawn from the rules, and from what sources disagree about."""

from zhike.clean.actions import verification
from zhike.customers import queries as customers
from zhike.kit.jobs import JobRun, job

_BATCH = 200


@job("clean.draw_verifications")
def draw_verifications(run: JobRun) -> dict[str, int]:
    """Make what the rules ask for the open tasks."""
    return verification.draw(run.progress)


@job("clean.find_contradictions")
def find_contradictions(run: JobRun, *, run_id: int) -> dict[str, int]:
    """Look for disagreement on the files an import said something about; killed, it goes on where it was."""
    after, done, found = (int(run.cursor.get(name, 0)) for name in ("after", "done", "found"))
    while roots := customers.touched_by_run(run_id, after=after, limit=_BATCH):
        run.check()
        found += verification.open_contradictions(roots)
        after, done = roots[-1], done + len(roots)
        run.save_cursor({"after": after, "done": done, "found": found})
        run.progress(done, None)
    return {"files": done, "contradictions": found}


@job("clean.look_again")
def look_again(run: JobRun, *, root_ids: list[int]) -> dict[str, int]:
    """Look for disagreement on files whose records changed hands."""
    found = 0
    for start in range(0, len(root_ids), _BATCH):
        run.check()
        found += verification.open_contradictions(root_ids[start : start + _BATCH])
    return {"files": len(root_ids), "contradictions": found}
