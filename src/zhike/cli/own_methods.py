"""`zhike analyze method | check-method`: analysis methods of one's own, shown, run, tried before they are used."""

from pathlib import Path
from typing import Any

import click

from zhike.cli.analyze import analyze
from zhike.cli.command import NotFound, Refused, command
from zhike.cli.measures import FILES_AND_RUN, PERIOD, run_as_json, run_asked_for, with_options
from zhike.cli.output import Output


@command("method", into=analyze)
@click.argument("code")
@with_options(*FILES_AND_RUN[:3], *PERIOD, *FILES_AND_RUN[3:])
def method(out: Output, code: str, **asked: Any) -> None:
    """What a method of your own says (CODE), column by column."""
    from django.utils.translation import gettext as _

    from zhike.analyze import methods
    from zhike.ui.figures import number

    own = methods.methods().get(code)
    if own is None:
        raise NotFound(_("There is no method “%(code)s” here.") % {"code": code[:20]}, "no_such_method")
    found, files = run_asked_for(out, own.kind, asked)
    out.say(f"{methods.said(own.title)} · {_('Customers')}: {number(found.counts['customers'])}")
    for column in own.columns:
        told = found.counts["columns"][column.name]
        if column.kind == "choice":
            rows = [[methods.said(words), number(told["choices"].get(c, 0))] for c, words in column.choices.items()]
            out.table([methods.said(column.title), _("Customers")], rows)
        else:
            facts = ("least", "median", "mean", "most")
            out.table([methods.said(column.title), *facts], [["", *(number(told[name], 4) for name in facts)]])
    out.result(run_as_json(found, files))


@command("check-method", into=analyze)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check_method(out: Output, folder: Path) -> None:
    """Try the method in FOLDER on small awkward shops: no orders, one customer, all alike, more refunds than purchases."""
    from django.utils.translation import gettext as _

    from zhike.analyze import method_battery, methods

    try:
        own = methods.load(folder)
    except Exception as problem:  # noqa: BLE001  a stranger's code may raise anything; all of it is told
        raise Refused(f"{type(problem).__name__}: {problem}", "method_refused") from None
    wrong = method_battery.tried(own)
    out.table([_("Shop"), _("What went wrong")], [list(row) for row in wrong] or [["", _("nothing")]])
    out.result(
        {"ok": not wrong, "method": own.code, "wrong": [dict(zip(("shop", "what"), row, strict=True)) for row in wrong]}
    )
    if wrong:
        raise SystemExit(1)
