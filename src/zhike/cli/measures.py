"""`zhike analyze composition | abc | products | funnel | costs`: the other measures, shown, written out, or run at once."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from zhike.cli.analyze import analyze, work_on
from zhike.cli.command import NotFound, Refused, command
from zhike.cli.output import Output

_FILE = click.Path(dir_okay=False, path_type=Path)
_SPANS = ["days_90", "days_365", "month", "quarter", "year"]
PERIOD = (
    click.option("--span", type=click.Choice(_SPANS), help="With --now: the period."),
    click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="With --now: first day of an own period."),
    click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="With --now: last day of an own period."),
)
FILES_AND_RUN = (
    click.option("--run", "public_id", default="", help="A run's id; the newest when left out."),
    click.option("--now", is_flag=True, help="Run it first, with these settings; without others, those of last time."),
    click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="With --now: the day to look at the shop."),
    click.option("--csv", "csv_file", type=_FILE, help="Write the rows as CSV."),
    click.option("--parquet", "parquet_file", type=_FILE, help="Write them as Parquet."),
)
_SHARED = (*FILES_AND_RUN[:3], *PERIOD, *FILES_AND_RUN[3:])
_CLASSING = (
    click.option("--basis", type=click.Choice(["revenue", "margin"]), help="With --now: what counts as value."),
    click.option("--cuts", type=click.Choice(["default", "handbook", "composition", "wide"]),
                 help="With --now: where A and B end: 80/95, 55/85, 75/95, 70/90 %."),
    click.option("--boundary", type=click.Choice(["inside", "outside"]),
                 help="With --now: whoever crosses a cut is in the better class, or in the one below."),
)  # fmt: skip


def with_options(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Give a command several options, in their order."""

    def add(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return add


@command("composition", into=analyze)
@with_options(*_SHARED)
@click.option("--against", type=click.Choice(["preceding", "year_before"]), help="With --now: held against.")
@click.option("--by", default="province", show_default=True, help="The attribute to compose by.")
def composition(out: Output, by: str, **asked: Any) -> None:
    """Who the customers are and where money comes from; the bridge from one period to the next."""
    from django.utils.translation import gettext as _
    from django.utils.translation import pgettext

    from zhike.analyze import measure_words as words
    from zhike.ui.figures import money_text, number, share_text

    found, files = run_asked_for(out, "composition", asked)
    counts, currency = found.counts, found.counts["currency"]
    if by not in counts["attributes"]:
        raise Refused(_("There is no attribute “%(name)s”.") % {"name": by[:40]}, "no_such_attribute")
    bridge = counts["bridge"]
    lines = [[_("Period before"), number(bridge["before_customers"]), money_text(bridge["before_cents"], currency)]]
    lines += [
        [str(words.CHANGES[step["kind"]]), number(step["customers"]), money_text(step["change_cents"], currency)]
        for step in bridge["steps"]
    ]
    lines.append([_("This period"), number(bridge["after_customers"]), money_text(bridge["after_cents"], currency)])
    out.say(f"{' – '.join(counts['before'])} → {' – '.join(counts['after'])}")
    out.table([pgettext("bridge", "Change"), _("Customers"), _("Net amount")], lines)
    names, whole = words.group_names(by), sum(g["revenue_cents"] for g in counts["attributes"][by]["groups"])
    rows = [
        [names.get(g["group"], g["group"]), number(g["base"]), number(g["customers"]),
         money_text(g["revenue_cents"], currency), share_text(g["revenue_cents"] / whole if whole > 0 else None)]
        for g in counts["attributes"][by]["groups"]
    ]  # fmt: skip
    heads = [_("On file"), _("Bought in the period"), _("Net amount"), _("Share of money")]
    out.table([str(words.ATTRIBUTES[by][0]), *heads], rows)
    out.result(run_as_json(found, files))


@command("abc", into=analyze)
@with_options(*_SHARED, *_CLASSING)
@click.option("--levels", type=click.Choice(["metals", "textbook"]), help="With --now: the pyramid.")
def abc(out: Output, **asked: Any) -> None:
    """ABC classes, the customer pyramid, concentration; rows hold each customer's class and level."""
    from django.utils.translation import gettext as _

    from zhike.analyze import measure_words as words
    from zhike.ui.figures import money_text, number, share_text

    found, files = run_asked_for(out, "value", asked)
    counts, currency = found.counts, found.counts["currency"]
    out.say(words.settings_of("value", _parameters(found)))
    for key, named in (("classes", words.ABC), ("levels", words.LEVELS)):
        field = "abc_class" if key == "classes" else "level"
        out.table(
            [_("Class"), _("Customers"), _("Share"), _("Net amount"), _("Share of money")],
            [[str(named[row[field]]), number(row["items"]), share_text(row["items_share"]),
              money_text(row["value"], currency), share_text(row["value_share"])] for row in counts[key]],
        )  # fmt: skip
    told = counts["concentration"]
    if told["gini"] is not None:
        out.say(f"Gini {told['gini']:.3f} · HHI {told['hhi']:.5f} · {share_text(told['pareto_ratio'])}")
    out.result(run_as_json(found, files))


@command("products", into=analyze)
@with_options(*_SHARED, *_CLASSING)
def products(out: Output, **asked: Any) -> None:
    """Products by sales, with margin, turnover, cross and contribution ratio where costs are known."""
    from django.utils.translation import gettext as _

    from zhike.analyze import actions, results
    from zhike.ui.figures import money_text, number, share_text

    found, files = run_asked_for(out, "products", asked)
    counts, currency = found.counts, found.counts["currency"]
    path = actions.result_file(found.public_id, "products")
    rows: list[Any] = results.behind(path, {}, limit=30) if path else []
    heads = [_("Product"), _("Sales of goods"), _("Share"), _("Margin rate"), _("Cross ratio"), _("Contribution ratio")]
    out.table(
        heads,
        [[row["title"] or row["sku"], money_text(row["revenue_cents"], currency), share_text(row["sales_share"]),
          share_text(row["margin_rate"]), number(row["cross_ratio"], 2), number(row["contribution_ratio"], 3)]
         for row in rows],
    )  # fmt: skip
    told = counts["coverage"]
    out.say(f"{_('Money with a known cost')}: {share_text(told['revenue_share'])}")
    out.result(run_as_json(found, files))


@command("funnel", into=analyze)
@with_options(*_SHARED)
@click.option(
    "--by",
    default="month",
    show_default=True,
    type=click.Choice(["month", "source", "owner", "purchase_class"]),
    help="What the leads are told apart by.",
)
def funnel(out: Output, by: str, **asked: Any) -> None:
    """Leads by cohort of entry: who went on, how long stages take, why others were lost, what is likely to come."""
    from django.utils.translation import gettext as _

    from zhike.analyze import measure_words as words
    from zhike.ui.figures import money_text, number, share_text

    found, files = run_asked_for(out, "funnel", asked)
    counts, currency = found.counts, found.counts["currency"]
    named = words.funnel_groups(by)
    out.say(f"{' – '.join(counts['after'])} · {_('Leads')}: {number(counts['cohort'])}")
    groups = [*([counts["all"]] if counts["all"] else []), *counts["groups"][by]]
    heads = [
        str(words.FUNNEL_BY[by]),
        _("Leads"),
        *(f"{words.STAGES[s]} →" for s in ("target_market", "potential", "target")),
    ]
    out.table(
        [*heads, _("The whole way")],
        [[_("In all") if n == 0 else named.get(g["group"], g["group"]), number(g["customers"]),
          *(share_text(step["share"]) for step in g["steps"]), share_text(g["overall"])] for n, g in enumerate(groups)],
    )  # fmt: skip
    out.table(
        [_("Stage"), _("Stays"), _("Still there"), _("Median days")],
        [[str(words.STAGES[t["stage"]]), number(t["stays"]), number(t["still"]), number(t["median_days"])]
         for t in counts["times"]],
    )  # fmt: skip
    out.table(
        [_("Stage"), _("Customers"), _("Expected"), _("Weighted")],
        [[str(words.STAGES[p["group"]]), number(p["customers"]), money_text(p["amount_cents"], currency),
          money_text(p["weighted_cents"], currency)] for p in counts["pipeline"]],
    )  # fmt: skip
    out.result(run_as_json(found, files))


@command("costs", into=analyze)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day of rows that name none; today when left out.")
def costs(out: Output, file: Path, day: Any) -> None:
    """Note cost prices and stock from a CSV file with the columns code, cost, stock, day; products use them."""
    from django.utils.translation import gettext as _

    from zhike.secure.records import LOCAL_OPERATOR
    from zhike.shop import actions as shop

    try:
        tally = shop.record_costs(file.read_bytes(), on_day=day.date() if day else None, by=LOCAL_OPERATOR)
    except shop.CostFileRefused as refused:
        raise Refused(_("This table cannot be read (%(code)s).") % {"code": refused.code}, refused.code) from None
    out.say(_("%(products)s products noted, %(left_out)s rows left out") % {
        "products": tally.products, "left_out": tally.left_out,
    })  # fmt: skip
    for row, code in tally.problems[:20]:
        out.say(f"  {row}: {code}")
    out.result({"ok": True, "rows": tally.rows, "products": tally.products, "left_out": tally.left_out,
                "problems": tally.problems})  # fmt: skip


def run_asked_for(out: Output, kind: str, asked: dict[str, Any]) -> tuple[Any, list[str]]:
    """The run to show, made first where that was asked for, and the files written."""
    from django.utils.translation import gettext as _

    from zhike.analyze import actions, queries
    from zhike.analyze.measure_parameters import MeasureParameters
    from zhike.analyze.parameters import ParametersRefused
    from zhike.secure.records import LOCAL_OPERATOR

    public_id, as_of = asked.pop("public_id"), asked.pop("as_of")
    files = {"csv": asked.pop("csv_file"), "parquet": asked.pop("parquet_file")}
    if asked.pop("now"):
        try:
            parameters = MeasureParameters.from_json(_settings(queries.latest_run(kind), asked))
        except ParametersRefused as refused:
            raise Refused(
                _("These options make no sense together (%(code)s).") % {"code": refused.code}, refused.code
            ) from None
        run = actions.request_measure(kind, parameters, as_of=as_of.date() if as_of else None, by=LOCAL_OPERATOR)
        work_on(out, run.job_id or 0)
        public_id = run.public_id
    found = queries.run(public_id) if public_id else queries.latest_run(kind)
    if found is None or found.kind != kind or found.state != "done":
        raise NotFound(_("There is no such run; --now makes one."), "no_such_run")
    return found, _written(found, kind, files)


def _settings(last: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """Those of last time, changed by what was asked."""
    given = {name: value for name, value in asked.items() if value is not None}
    for name in ("first", "last"):
        if name in given:
            given[name], given["span"] = given[name].date().isoformat(), "own"
    return {**(dict(last.parameters) if last else {}), **given}


def _written(found: Any, kind: str, files: dict[str, Path | None]) -> list[str]:
    from django.utils.translation import gettext as _

    from zhike.analyze import actions, results
    from zhike.secure.records import LOCAL_OPERATOR

    wanted = {form: file for form, file in files.items() if file}
    path = actions.result_file(found.public_id, kind)
    if wanted and path is None:
        raise NotFound(_("The result file of this run is gone; run the analysis again."), "no_result")
    for form, file in wanted.items():
        assert path is not None
        actions.note_download(found, form, by=LOCAL_OPERATOR)
        if form == "parquet":
            shutil.copyfile(path, file)
        else:
            with file.open("w", encoding="utf-8", newline="") as stream:
                stream.writelines(results.csv_lines(path, kind))
    return [str(file) for file in wanted.values()]


def _parameters(found: Any) -> Any:
    from zhike.analyze.measure_parameters import MeasureParameters

    return MeasureParameters.from_json(dict(found.parameters))


def run_as_json(found: Any, files: list[str]) -> dict[str, Any]:
    facts = {
        "ok": True,
        "run": found.public_id,
        "kind": found.kind,
        "as_of": found.as_of.isoformat(),
        "data_at": found.data_at.isoformat() if found.data_at else None,
        "parameters": dict(found.parameters),
        **found.counts,
    }
    return {**facts, "files": files} if files else facts
