"""`zhike analyze`: run the analyses, show and write out RFM; the other measures stand in `measures`."""

import shutil
import time
from pathlib import Path
from typing import Any

import click

from zhike.cli.command import NotFound, Refused, command, group
from zhike.cli.output import Output

analyze = group("analyze", "Run the analyses; show RFM.")


@command("run", into=analyze)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day to look at the shop; today when left out.")
@click.option("--only", default="rfm,lists,measures", show_default=True, help="Parts, divided by commas.")
@click.option("--sorting", type=click.Choice(["independent", "nested"]), help="How groups are cut; else as last time.")
@click.option("--ties", type=click.Choice(["together", "by_rank"]), help="What equal values do; else as last time.")
@click.option(
    "--cut", type=click.Choice(["mean", "median", "score"]), help="What divides high from low; else as last time."
)
@click.option("--window-days", type=click.IntRange(0, 36500), help="Only orders of so many days; 0 for all.")
def run(out: Output, as_of: Any, only: str, **given: Any) -> None:
    """Read what changed, score the customers, write their classes, draw up the lists."""
    from django.utils.translation import gettext as _

    from zhike.analyze import actions, queries
    from zhike.analyze.parameters import ParametersRefused, RfmParameters
    from zhike.secure.records import LOCAL_OPERATOR

    last = queries.latest_run()
    before = dict(last.parameters) if last else {}
    changed = {name: value for name, value in given.items() if value is not None}
    try:
        parts = tuple(part.strip() for part in only.split(",") if part.strip())
        parameters = RfmParameters.from_json({**before, **changed, "only": parts})
    except ParametersRefused as refused:
        raise Refused(
            _("These options make no sense together (%(code)s).") % {"code": refused.code}, refused.code
        ) from None
    asked = actions.request_run(parameters, as_of=as_of.date() if as_of else None, by=LOCAL_OPERATOR)
    assert asked.job_id is not None
    work_on(out, asked.job_id)
    _show(out, queries.run_by_id(asked.id))


@command("rfm", into=analyze)
@click.option("--run", "public_id", default="", help="A run's id; the newest when left out.")
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the scores of all customers as CSV.",
)
@click.option(
    "--parquet", "parquet_file", type=click.Path(dir_okay=False, path_type=Path), help="Write them as Parquet."
)
def rfm(out: Output, public_id: str, csv_file: Path | None, parquet_file: Path | None) -> None:
    """Show the eight classes of a run, or write the scores of every customer to a file."""
    from django.utils.translation import gettext as _

    from zhike.analyze import actions, queries

    found = queries.run(public_id) if public_id else queries.latest_run()
    if found is None or found.state != "done" or found.kind != "rfm":
        raise NotFound(_("There is no such run; `zhike analyze run` makes one."), "no_such_run")
    path = actions.result_file(found.public_id)
    written = [file for file in (csv_file, parquet_file) if file]
    if written and path is None:
        raise NotFound(_("The result file of this run is gone; run the analysis again."), "no_result")
    if path is not None:
        _write(found, path, csv_file, parquet_file)
    for file in written:
        out.say(str(file))
    _show(out, found, files=[str(file) for file in written])


def _write(found: Any, path: Path, csv_file: Path | None, parquet_file: Path | None) -> None:
    from zhike.analyze import actions
    from zhike.secure.records import LOCAL_OPERATOR

    for form, file in (("csv", csv_file), ("parquet", parquet_file)):
        if file is None:
            continue
        actions.note_download(found, form, by=LOCAL_OPERATOR)
        if form == "parquet":
            shutil.copyfile(path, file)
        else:
            from zhike.analyze.results import csv_lines

            with file.open("w", encoding="utf-8", newline="") as stream:
                stream.writelines(csv_lines(path))


def work_on(out: Output, job_id: int) -> None:
    """Run the job here under its lease, or watch while a worker that took it first runs it."""
    from django.utils.translation import gettext as _

    from zhike.kit.jobs.lease import claim, owner_name
    from zhike.kit.jobs.reading import one
    from zhike.kit.jobs.runner import run_claimed
    from zhike.kit.models import Job

    while (job := Job.objects.get(id=job_id)).state in (Job.QUEUED, Job.RUNNING):
        mine = claim(job.lane, owner_name())
        if mine is None:
            time.sleep(0.2)
        else:
            run_claimed(mine)
    view = one(job_id)
    if job.state != Job.DONE:
        words = view.error if view else ""
        raise Refused(words or _("The analysis did not end well."), job.error_code or job.state, job=job_id)


def _show(out: Output, found: Any, files: list[str] | None = None) -> None:
    from django.utils.translation import gettext as _

    from zhike.analyze import rfm_page, words
    from zhike.analyze.records import CLASSES
    from zhike.ui.figures import money_text, number, share_text

    counts = dict(found.counts)
    if found.state == "done" and found.kind == "rfm":
        rows = {row["class_code"]: row for row in counts["classes"]}
        currency, everybody = counts["currency"], counts["scored"]
        out.say(_("RFM as of %(day)s: %(count)s customers") % {"day": found.as_of, "count": number(everybody)})
        out.say(rfm_page.settings_of(found))
        lines = [
            [
                words.CLASSES[code],
                number(row["customers"]),
                share_text(row["customers"] / everybody),
                money_text(row["monetary_cents"], currency),
            ]
            for code, _flags in CLASSES
            if (row := rows.get(code))
        ]
        out.table([_("Class"), _("Customers"), _("Share"), _("Net amount")], lines)
        for line in rfm_page.left_out(found):
            out.say(f"{line['label']}: {number(line['count'])}")
    else:
        out.say(str(words.STATES[found.state]))
    for kind, tally in counts.get("lists", {}).items():
        out.say(f"{words.LISTS[kind]}: {tally['new'] + tally['kept']}")
    facts = _as_json(found)
    out.result({**facts, "files": files} if files else facts)


def _as_json(found: Any) -> dict[str, Any]:
    return {
        "ok": True,
        "run": found.public_id,
        "state": found.state,
        "as_of": found.as_of.isoformat(),
        "data_at": found.data_at.isoformat() if found.data_at else None,
        "parameters": dict(found.parameters),
        "cuts": dict(found.cuts),
        **found.counts,
    }


# The commands of the other measures add themselves to the group.
import zhike.cli.association  # noqa: E402
import zhike.cli.boards  # noqa: E402
import zhike.cli.cube  # noqa: E402
import zhike.cli.lifetime  # noqa: E402
import zhike.cli.measures  # noqa: E402
import zhike.cli.own_methods  # noqa: E402
import zhike.cli.paths  # noqa: E402
import zhike.cli.portrait  # noqa: E402
import zhike.cli.profit  # noqa: E402
import zhike.cli.satisfaction  # noqa: E402, F401
