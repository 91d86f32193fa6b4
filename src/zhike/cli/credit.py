"""`zhike credit`: figures of enterprises, statements from a file, where a customer stands."""

from pathlib import Path
from typing import Any

import click

from zhike.cli.command import command, group
from zhike.cli.output import Output

credit = group("credit", "List enterprises and credit; bring in statements; ask whether an order would wait.")


@command("list", into=credit)
@click.option("--view", type=click.Choice(["all", "bad", "watch", "fine"]), default="all", show_default=True)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
def list_enterprises(out: Output, view: str, limit: int) -> None:
    """List enterprises with statements, the worst first, with their ratios by both readings."""
    from django.utils.translation import gettext as _

    from zhike.credit import queries, words
    from zhike.customers import queries as customers
    from zhike.secure.records import LOCAL_OPERATOR
    from zhike.ui.figures import share_text

    page = queries.enterprises(LOCAL_OPERATOR, view, limit=limit)
    lines = customers.lines(LOCAL_OPERATOR, {row.customer_id for row in page.rows})
    shown = ("current_ratio", "quick_ratio", "debt_to_asset")
    heads = [_("File number"), _("Name"), _("End of the period"), *(str(words.RATIOS[key][0]) for key in shown)]
    out.table(
        [*heads, _("Warnings")],
        [
            [
                lines[row.customer_id].number,
                lines[row.customer_id].name,
                row.statement.ends_on.isoformat(),
                *(share_text(row.ratios[key].value) for key in shown),
                "；".join(str(words.WARNINGS[code]) for code in row.warning_codes),
            ]
            for row in page.rows
        ],
    )
    out.result({"ok": True, "enterprises": [_as_json(row, lines[row.customer_id].number) for row in page.rows]})


def _as_json(row: Any, number: str) -> dict[str, Any]:
    return {
        "customer": number,
        "ends_on": row.statement.ends_on.isoformat(),
        "tone": row.tone,
        "warnings": list(row.warning_codes),
        "ratios": {key: ratio.value for key, ratio in row.ratios.items()},
    }


@command("import", into=credit)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only look what the file would do.")
def bring(out: Output, file: Path, check: bool) -> None:
    """Bring in statements from a CSV or XLSX file; the same file again changes nothing."""
    from django.utils.translation import gettext as _

    from zhike.credit import actions, refusals
    from zhike.secure.records import LOCAL_OPERATOR

    doing = actions.check_statements if check else actions.record_statements
    try:
        tally = doing(file.read_bytes(), by=LOCAL_OPERATOR)
    except actions.StatementFileRefused as refusal:
        raise click.ClickException(refusal.words or refusals.file(refusal.code)) from None
    names = ("rows", "new", "changed", "unchanged", "left_out")
    out.table(
        [_("Rows"), _("New"), _("Corrected"), _("Unchanged"), _("Left out")],
        [[str(getattr(tally, name)) for name in names]],
    )
    for row, code, part in tally.problems:
        out.say(f"{row}: {refusals.statement(code, part)}")
    problems = [{"row": row, "code": code, "column": part} for row, code, part in tally.problems]
    out.result({"ok": True, **{name: getattr(tally, name) for name in names}, "problems": problems})


@command("show", into=credit)
@click.argument("customer")
@click.option("--order", type=click.IntRange(0, 10**15), help="Ask whether an order of so many cents would wait.")
def show(out: Output, customer: str, order: int | None) -> None:
    """Where a customer (by file number) stands: grade, limit, what it owes, why orders on credit wait."""
    from django.utils.translation import gettext as _

    from zhike.credit import queries, words
    from zhike.customers import queries as customers
    from zhike.secure.records import LOCAL_OPERATOR
    from zhike.ui.figures import money_text

    found = customers.search(LOCAL_OPERATOR, customer).ids
    standing = queries.standing(LOCAL_OPERATOR, found[0]) if len(found) == 1 else None
    if standing is None:
        raise click.ClickException(_("There is no such customer."))
    held = queries.hold_for(LOCAL_OPERATOR, found[0], order) if order is not None else None
    report, reasons = standing.report, held.reasons if held else standing.holds
    limit = report.limit_cents if report else None
    out.table(
        [_("Grade"), _("Limit"), _("Owed and on order"), _("Orders on credit wait")],
        [
            [
                report.grade if report else "–",
                money_text(limit, standing.currency),
                money_text(standing.owed_cents, standing.currency),
                "；".join(str(words.HOLDS[code]) for code in reasons) or "–",
            ]
        ],
    )
    out.result(
        {
            "ok": True,
            "grade": report.grade if report else None,
            "limit_cents": limit,
            "owed_cents": standing.owed_cents,
            "holds": list(standing.holds),
            "is_held": held.is_held if held else None,
            "reasons": list(held.reasons) if held else None,
        }
    )
