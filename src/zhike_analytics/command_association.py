"""``python -m zhike_analytics rules | recommend | needs``."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from zhike_analytics.command_words import told_plainly, write_rows
from zhike_analytics.commands import FILE, FILES, as_json_text, with_options

_SHOWN = 20


@click.command("rules", short_help="Which products go together: rules with every measure, bundles.")
@with_options(
    FILE, click.option("--basket", required=True, metavar="C", help="Column with the order."),
    click.option("--item", required=True, metavar="C", help="Column with the product."),
    click.option("--support", type=float, default=0.01, show_default=True, help="Least share of baskets."),
    click.option("--confidence", type=float, default=0.3, show_default=True, help="Least confidence of a rule."),
    click.option("--most-items", type=click.IntRange(2, 10), default=10, show_default=True, help="Of a rule."),
    *FILES,
)  # fmt: skip
def rules_command(
    file: Path, basket: str, item: str, support: float, confidence: float, most_items: int, as_json: bool,
    csv_file: Path | None, parquet: Path | None,
) -> None:  # fmt: skip
    """Find the rules “who buys these also buys that” in FILE: a row for each product of an order. Best lift first."""
    from zhike_analytics import association

    with told_plainly():
        sets = association.frequent_sets(file, basket=basket, item=item, support=support, most_items=most_items)
        found = association.rules(sets, confidence=confidence).cache()
        rows, proposed = found.limit(_SHOWN).to_pyarrow().to_pylist(), association.bundles(sets)
        count = int(found.count().to_pyarrow().as_py())
    written = found.mutate(antecedent=found.antecedent.map(lambda i: i.cast("string")).join(" + "))
    write_rows(written, csv_file, parquet)
    if as_json:
        for row in rows:
            row["conviction"] = row["conviction"] if math.isfinite(row["conviction"]) else None
        as_json_text({"baskets": sets.baskets, "least": sets.least, "sets": sets.sizes(), "rules": count, "best": rows,
                      "bundles": [asdict(bundle) for bundle in proposed]})  # fmt: skip
        return
    click.echo(f"{sets.baskets:,} baskets, sets in at least {sets.least}: {sum(sets.sizes()):,}; rules: {count:,}")
    click.echo(f"{'rule':<60}{'baskets':>8}{'support':>10}{'confidence':>11}{'lift':>8}")
    for row in rows:
        said = f"{' + '.join(str(part) for part in row['antecedent'])} → {row['consequent']}"
        told = f"{row['together']:>8}{row['support']:>10.4f}{row['confidence']:>11.3f}{row['lift']:>8.2f}"
        click.echo(f"{said[:59]:<60}{told}")


_LINES = (
    click.option("--customer", required=True, metavar="C", help="Column with the customer."),
    click.option("--product", required=True, metavar="C", help="Column with the product."),
)


@click.command("recommend", short_help="Products for each customer, tried on a time split.")
@with_options(
    FILE, *_LINES, click.option("--day", metavar="C", help="Column with the day; with --split, the models are tried."),
    click.option("--split", metavar="DATE", help="First day held out."),
    click.option("--model", type=click.Choice(["auto", "ease", "knn", "als", "popular"]), default="auto", show_default=True),
    click.option("--items", "k", type=click.IntRange(1, 100), default=10, show_default=True, help="A customer."),
    *FILES,
)  # fmt: skip
def recommend_command(
    file: Path, customer: str, product: str, day: str | None, split: str | None, model: str, k: int, as_json: bool,
    csv_file: Path | None, parquet: Path | None,
) -> None:  # fmt: skip
    """Recommend products to the customers of FILE: a row for each product somebody bought."""
    import ibis
    import pyarrow as pa

    from zhike_analytics import recommend

    if bool(day) != bool(split):
        raise click.UsageError("--day and --split go together")
    tried = {}
    with told_plainly():
        if split:
            before, after = recommend.time_split(file, split=split, day=day or "")
            known, later = (recommend.interactions(part, customer=customer, item=product) for part in (before, after))
            for name in dict.fromkeys(("popular", recommend.chosen(model, *known.shape).name)):
                tried[name] = recommend.evaluate(recommend.chosen(name, *known.shape).fit(known), known, later, k=k)
        bought = recommend.interactions(file, customer=customer, item=product)
        found = recommend.recommended(recommend.chosen(model, *bought.shape).fit(bought), bought, k=k)
    columns = {name: pa.array(found[name]) for name in ("customer_id", "place", "item", "score")}
    write_rows(ibis.memtable(pa.table(columns)), csv_file, parquet)
    if as_json:
        as_json_text({"customers": bought.shape[0], "items": bought.shape[1], "tried": tried})
        return
    click.echo(f"{bought.shape[0]:,} customers, {bought.shape[1]:,} products, {len(found['item']):,} recommendations")
    for name, figures in tried.items():
        click.echo(f"{name:<10}" + "".join(f"  {n} {figures[n]:.4f}" for n in ("hit_rate", "ndcg", "map", "coverage")))


@click.command("needs", short_help="Who will need what again, and when.")
@with_options(
    FILE, *_LINES, click.option("--day", required=True, metavar="C", help="Column with the day."),
    click.option("--quantity", metavar="C", help="Column with the pieces."),
    click.option("--category", metavar="C", help="Column with the category."),
    click.option("--as-of", required=True, metavar="DATE", help="Day of the list, YYYY-MM-DD."),
    click.option("--within", type=click.IntRange(0, 365), default=14, show_default=True, help="Days ahead."),
    *FILES,
)  # fmt: skip
def needs_command(
    file: Path, as_of: str, within: int, as_json: bool, csv_file: Path | None, parquet: Path | None,
    **columns: Any,
) -> None:  # fmt: skip
    """Draw up who will need a product of FILE again within some days: a row for each purchase of a product."""
    from zhike_analytics import replenishment

    with told_plainly():
        told = replenishment.expected(file, as_of=as_of, **columns).cache()
        found = replenishment.due_soon(told, within_days=within).cache()
        counts = {"in_rhythm": int(told.count().to_pyarrow().as_py()), "due": int(found.count().to_pyarrow().as_py())}
    write_rows(found, csv_file, parquet)
    if as_json:
        as_json_text(counts)
        return
    click.echo(f"{counts['in_rhythm']:,} customers and products in rhythm, {counts['due']:,} due within {within} days")
