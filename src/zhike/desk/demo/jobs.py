"""Loading and removing the demo shop in the background, for the page."""

from collections.abc import Callable

from zhike.analyze import actions as analyze
from zhike.clean.actions import duplicates, quality
from zhike.desk.demo import accounts, filling, living, presence, removal
from zhike.kit.jobs import JobRun, fail, job
from zhike.secure import actions as secure
from zhike.secure import queries
from zhike.secure.records import SYSTEM as BY
from zhike.secure.records import Viewer


@job("desk.load_demo", lane="import", attempts=3)
def load_demo(run: JobRun, *, customers: int, seed: int) -> dict[str, int]:
    """Fill the demo shop in. Begun again after a stop, it clears what the first start left and begins anew."""
    if presence.is_here():
        _take_away(run)
    if presence.others_count():
        fail("real_customers")
    filled = filling.fill(customers, seed, by=BY, tell=_telling(run))
    logins = accounts.make(by=BY)
    staff = {role: login.staff_id for role, login in logins.items()}
    living.let_staff_work(staff, seed, by=BY)
    accounts.write_down(logins)
    detail = {"customers": filled.customers, "orders": filled.orders, "seed": seed}
    secure.record_audit("demo.changed", by=_asker(run), detail=detail)
    # First with the rates of this shop, which every later run of the kind repeats.
    analyze.request_measure("profit", analyze.MeasureParameters(hour="45", handling="6.50"), by=BY)
    analyze.request_run(analyze.RfmParameters(), by=BY)
    # So that no page of the shop begins empty.
    duplicates.start_search(by=BY)
    quality.request_measuring(by=BY)
    return {"customers": filled.customers, "orders": filled.orders}


@job("desk.remove_demo", lane="import", attempts=3)
def remove_demo(run: JobRun) -> dict[str, int]:
    """Take the demo shop away; begun again it goes on."""
    removed = _take_away(run)
    account_count = accounts.remove(by=BY)
    if presence.others_count():
        analyze.request_run(
            analyze.RfmParameters(), by=BY
        )  # classes were cut among real and invented customers together
    return {"customers": removed.customers, "orders": removed.orders, "accounts": account_count}


def _take_away(run: JobRun) -> removal.Removed:
    def tell(phase: str, done: int) -> None:
        run.check()
        run.progress(done, None, "demo.customers")

    try:
        return removal.remove(by=BY, is_alone=presence.others_count() == 0, tell=tell)
    except removal.RealFilesInside as problem:
        fail("real_files_inside", runs=str(problem))


def _telling(run: JobRun) -> Callable[[str, int, int | None], None]:
    def tell(phase: str, done: int, total: int | None) -> None:
        run.check()
        run.progress(done, total, f"demo.{phase}")

    return tell


def _asker(run: JobRun) -> Viewer:
    return queries.viewer_of_staff(run.by_staff_id) if run.by_staff_id else BY
