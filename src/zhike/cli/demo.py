"""`zhike demo`: a shop that never was, to look around in; and its removal."""

from pathlib import Path
from typing import Any

import click

from zhike.cli.command import Conflict, Refused, command
from zhike.cli.output import Output


@command("demo")
@click.option(
    "--customers", default=3000, show_default=True, type=click.IntRange(1, 10_000_000), help="How many customers."
)
@click.option(
    "--seed", default=7, show_default=True, type=click.IntRange(0, 2**31 - 1), help="The same seed makes the same shop."
)
@click.option("--force-beside", is_flag=True, help="Fill in although there are real customers.")
@click.option("--no-analysis", is_flag=True, help="Record only; do not score customers or draw up lists.")
@click.option(
    "--sample-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Only write the shop's Taobao orders to this CSV file, to practice an import with.",
)
@click.option("--remove", is_flag=True, help="Take the demo shop away again.")
def demo(
    out: Output,
    customers: int,
    seed: int,
    force_beside: bool,
    no_analysis: bool,
    sample_file: Path | None,
    remove: bool,
) -> None:
    """Fill in a demo shop, or remove it. Everybody in it is invented; its sources are marked as demo data.

    Makes the installation first where there is none. The accounts of its staff have random passwords, printed at the end
    and kept in demo-logins.txt of the data folder.
    """
    if sample_file is not None:
        _write_sample(out, sample_file, customers, seed)
        return
    _ground()
    if remove:
        _remove(out)
    else:
        _fill(out, customers, seed, force_beside, no_analysis)


def _write_sample(out: Output, place: Path, count: int, seed: int) -> None:
    from django.utils.translation import gettext as _

    from zhike.desk.demo.sample_file import write_sample

    orders = write_sample(place, count, seed)
    out.result(
        {"ok": True, "orders": orders, "file": str(place)},
        _("%(count)s orders in %(file)s.") % {"count": f"{orders:,}", "file": place},
    )


def _ground() -> None:
    from zhike.cli.ground import migrate
    from zhike.kit import installation
    from zhike.secure import vault

    vault.setup()
    migrate()
    if not installation.installation().name:
        installation.set_up(name="听雨茶器（演示）")


def _fill(out: Output, count: int, seed: int, force_beside: bool, no_analysis: bool) -> None:
    import time

    from django.utils.translation import gettext as _

    from zhike.desk.demo import accounts, filling, living, presence, staff_work
    from zhike.secure import actions as secure
    from zhike.secure.records import LOCAL_OPERATOR as BY

    if presence.is_here():
        raise Conflict(_("The demo shop is here already; `zhike demo --remove` takes it away."), "demo_here")
    others = presence.others_count()
    if others and not force_beside:
        text = _(
            "This installation has %(count)s real customers. Demo data belongs elsewhere; --force-beside adds it all the same."
        )
        raise Refused(text % {"count": f"{others:,}"}, "real_customers", customers=others)
    started = time.monotonic()
    filled = _told(out, lambda tell: filling.fill(count, seed, by=BY, tell=tell))
    # Accounts for practice would open the files of real customers too.
    logins = {} if others else accounts.make(by=BY)
    staff = {role: login.staff_id for role, login in logins.items()}
    contacts = living.let_staff_work(staff, seed, by=BY)
    lists: dict[str, int] = {}
    if not no_analysis:
        _analyze(out)
        # Beside real customers nobody answers for the staff: the entries may be theirs.
        lists = {} if others else staff_work.answer_some(staff, by=BY)
        _look_over(out)
    secure.record_audit(
        "demo.changed", by=BY, detail={"customers": filled.customers, "orders": filled.orders, "seed": seed}
    )
    kept_in = accounts.write_down(logins) if logins else None
    seconds = round(time.monotonic() - started, 1)
    _say_filled(out, filled, lists, contacts, seconds, logins, kept_in)


def _say_filled(
    out: Output, filled: Any, lists: dict[str, int], contacts: int, seconds: float, logins: Any, kept_in: Any
) -> None:
    from django.utils.translation import gettext as _

    from zhike.secure.queries import staff_names

    out.say(
        _(
            "%(customers)s customers, %(orders)s orders (%(nobody)s without a customer), %(joined)s joined across sources, in %(seconds)s s."
        )
        % {
            "customers": f"{filled.customers:,}",
            "orders": f"{filled.orders:,}",
            "nobody": f"{filled.orders_without_customer:,}",
            "joined": f"{filled.customers_joined:,}",
            "seconds": seconds,
        }
    )
    if logins:
        names = staff_names([login.staff_id for login in logins.values()])
        rows = [[names[login.staff_id], login.email, login.password] for login in logins.values()]
        out.table([_("Name"), _("E-mail"), _("Password")], rows)
        out.say(_("These accounts are kept in %(file)s.") % {"file": kept_in})
    out.result(
        {
            "ok": True,
            "customers": filled.customers,
            "orders": filled.orders,
            "orders_without_customer": filled.orders_without_customer,
            "joined": filled.customers_joined,
            "lines": filled.lines,
            "contacts": contacts,
            "lists": lists,
            "seconds": seconds,
            "runs": filled.run_ids,
            "logins_file": str(kept_in or ""),
        }
    )


def _analyze(out: Output) -> None:
    from zhike.analyze import actions as analyze
    from zhike.analyze.parameters import RfmParameters
    from zhike.cli.import_ import work_on
    from zhike.secure.records import LOCAL_OPERATOR

    # First with the rates of this shop, which every later run of the kind repeats.
    rated = analyze.request_measure("profit", analyze.MeasureParameters(hour="45", handling="6.50"), by=LOCAL_OPERATOR)
    work_on(out, rated.job_id or 0, "analysis")
    requested = analyze.request_run(RfmParameters(), by=LOCAL_OPERATOR)
    if requested.job_id is not None:
        work_on(out, requested.job_id, "analysis")


def _look_over(out: Output) -> None:
    """Find duplicates and check the quality of all files, so that no page of the shop begins empty."""
    from zhike.clean.actions import duplicates, quality
    from zhike.cli.import_ import work_on
    from zhike.secure.records import LOCAL_OPERATOR

    work_on(out, duplicates.start_search(by=LOCAL_OPERATOR), "duplicates")
    work_on(out, quality.request_measuring(by=LOCAL_OPERATOR), "quality")


def _told(out: Output, fill: Any) -> Any:
    """Run a filling with one progress line per phase."""
    import contextlib

    with contextlib.ExitStack() as stack:
        lines: dict[str, Any] = {}

        def tell(phase: str, done: int, total: int | None) -> None:
            if phase not in lines:
                lines[phase] = stack.enter_context(out.progress(phase, total))
            lines[phase](done, total)

        return fill(tell)


def _remove(out: Output) -> None:
    from django.utils.translation import gettext as _

    from zhike.desk.demo import accounts, presence, removal
    from zhike.secure.records import LOCAL_OPERATOR

    if not presence.is_here():
        account_count = accounts.remove(by=LOCAL_OPERATOR)
        out.result(
            {"ok": True, "customers": 0, "orders": 0, "accounts": account_count}, _("There is no demo shop here.")
        )
        return
    is_alone = presence.others_count() == 0
    with out.progress("removing") as advance:
        try:
            removed = removal.remove(by=LOCAL_OPERATOR, is_alone=is_alone, tell=lambda phase, done: advance(done, None))
        except removal.RealFilesInside as problem:
            text = _("Real files were imported under demo sources. Undo these imports first: %(runs)s")
            raise Conflict(text % {"runs": problem}, "real_files_inside", runs=problem.run_ids) from None
    account_count = accounts.remove(by=LOCAL_OPERATOR)
    if not is_alone:
        _analyze(out)  # classes were cut among real and invented customers together
    out.result(
        {
            "ok": True,
            "customers": removed.customers,
            "orders": removed.orders,
            "kept": removed.customers_kept,
            "accounts": account_count,
        },
        _("The demo shop is gone: %(customers)s customers, %(orders)s orders.")
        % {"customers": f"{removed.customers:,}", "orders": f"{removed.orders:,}"},
    )
