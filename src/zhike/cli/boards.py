"""`zhike analyze boards | board | send-report`: dashboards with all their figures, as PDF, and their reports."""

from pathlib import Path
from typing import Any

import click

from zhike.cli.analyze import analyze, work_on
from zhike.cli.command import NotFound, Refused, command
from zhike.cli.output import Output


@command("boards", into=analyze)
def boards(out: Output) -> None:
    """List all dashboards of the house with their reports."""
    from django.utils.translation import gettext as _
    from django.utils.translation import pgettext

    from zhike.analyze.boards import api, reports, shelf
    from zhike.analyze.boards.words import rhythm_text
    from zhike.secure import queries as rights
    from zhike.secure.records import LOCAL_OPERATOR

    found = shelf.boards(LOCAL_OPERATOR)
    names = rights.staff_names([one.staff_id for one in found])
    rows, told = [], []
    for one in found:
        sent = reports.reports(LOCAL_OPERATOR, one.public_id)
        said = ", ".join(f"{report.public_id} {rhythm_text(report.rhythm)}" for report in sent)
        rows.append([one.public_id, one.name, names.get(one.staff_id, ""), str(len(one.tiles)), said])
        shown = [{**api.told_report(r), "next_at": r.next_at.isoformat() if r.next_at else None} for r in sent]
        told.append(
            {"id": one.public_id, "name": one.name, "sharing": one.sharing, "tiles": len(one.tiles), "reports": shown}
        )
    out.table(["ID", pgettext("of a thing", "Name"), _("Made by"), _("Tiles"), _("Sent regularly")], rows)
    out.result({"ok": True, "boards": told})


@command("board", into=analyze)
@click.argument("public_id")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="As of a former day; the newest figures when left out.")
@click.option("--compare", is_flag=True, help="Beside the run before.")
@click.option("--pdf", "pdf_file", type=click.Path(dir_okay=False, path_type=Path), help="Write it as PDF. Audited.")
def board(out: Output, public_id: str, day: Any, compare: bool, pdf_file: Path | None) -> None:
    """Show a dashboard (PUBLIC_ID) with all its figures, or write it as PDF."""
    from django.utils.translation import gettext as _

    from zhike.analyze.boards import api, drawing, shelf
    from zhike.analyze.boards.catalogue import Looking
    from zhike.analyze.boards.paper import board_pdf
    from zhike.secure.records import LOCAL_OPERATOR
    from zhike.ui.typeset import PrintFailed

    found = shelf.board(LOCAL_OPERATOR, public_id)
    if found is None:
        raise NotFound(_("There is no such dashboard; `zhike analyze boards` lists them."), "no_such_board")
    tiles = drawing.drawn(Looking(LOCAL_OPERATOR, day=day.date() if day else None, compared=compare), found.tiles)
    if pdf_file is not None:
        shelf.note_download(found, len(tiles), by=LOCAL_OPERATOR)
        try:
            pdf_file.write_bytes(board_pdf(found, tiles, LOCAL_OPERATOR))
        except PrintFailed as problem:
            raise Refused(_("The PDF could not be set."), problem.code) from None
        out.say(str(pdf_file))
    told = api.told_board(found, tiles)
    for tile in told["tiles"]:
        tile["as_of"] = tile["as_of"].isoformat() if tile["as_of"] else None
        out.say(f"■ {tile['label']}: {tile['shown'] or tile['empty'] or ''} {tile['note'] or ''}".rstrip())
        if tile["bars"]:
            out.table([_("Part"), ""], [[bar["label"], bar["shown"]] for bar in tile["bars"]])
    out.result({"ok": True, **told, "files": [str(pdf_file)] if pdf_file else []})


@command("send-report", into=analyze)
@click.argument("report_id")
def send_report(out: Output, report_id: str) -> None:
    """Send a report (REPORT_ID, see `boards`) to its recipients now, each by their own rights."""
    from django.utils.translation import gettext as _

    from zhike.analyze.boards import reports
    from zhike.secure.records import LOCAL_OPERATOR

    try:
        job_id = reports.send_now(report_id, by=LOCAL_OPERATOR)
    except reports.ReportRefused:
        raise NotFound(_("There is no such report; `zhike analyze boards` lists them."), "no_such_report") from None
    work_on(out, job_id)
    told = reports.outcomes(report_id)
    out.table([_("Outcome"), _("Mails")], [[state, str(count)] for state, count in told.items()])
    out.result({"ok": True, "mails": told})
