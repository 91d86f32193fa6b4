"""Portraits of all customers: groups, psychology types and preferences, with what they stand on. For the analysis child."""

import datetime as dt
from collections.abc import Iterator
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.portrait_grounds import Grounds, grounds, without_sensitive

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from zhike_analytics.portrait import Rules

TYPES = ("utility", "brand", "beauty", "novelty", "following", "bargain")
EACH_KIND, MOST_TOLD = 2, 8  # preferences of one customer: of each kind, and in all
_SHOWN = 10
_SIGNALS = (
    "night", "weekend", "promotion", "returned", "discounted", "full_price", "repeated", "top_brand", "spread", "early", "popular",
    "looks",
)  # fmt: skip


def compute(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path) -> dict[str, Any]:
    """Find groups, types and preferences; write a row per customer; return every figure of the page."""
    from zhike_analytics.portrait import acts, preferences, read_rules, shop_shares, signals, strengths

    held = grounds(lake, parameters, as_of=as_of, zone=zone)
    told = _keep(lake, "portrait_signals", signals(held.orders, held.lines, held.products))
    shop = shop_shares(told)
    rules = read_rules(parameters.psychology)
    _keep(lake, "portrait_types", _of_persons(lake, strengths(told, rules, shop=shop)))
    found = preferences(without_sensitive(acts(held.orders, held.lines, held.products, held.attributes)))
    _keep(lake, "portrait_preferences", found.filter(found["rank"] <= EACH_KIND))
    grouped = _grouped(lake, parameters, told, as_of=as_of, shop=shop)
    _write(lake, path)
    return _figures(lake, held, rules, shop) | grouped


def _keep(lake: Lake, name: str, table: "ir.Table") -> "ir.Table":
    kept: ir.Table = lake.engine.create_table(name, table, overwrite=True)
    return kept


def _of_persons(lake: Lake, types: "ir.Table") -> "ir.Table":
    """An enterprise has a manner of buying and no psychology. Rules left out tell of nobody."""
    import ibis

    cards = lake.table("cards")
    persons = cards.filter(cards.kind == "person").select("customer_id")
    kept = types.semi_join(persons, "customer_id")
    missing = {name: ibis.null("int64") for name in TYPES if name not in kept.columns}
    return kept.mutate(**missing).select("customer_id", *TYPES)


def _grouped(
    lake: Lake, parameters: MeasureParameters, told: "ir.Table", *, as_of: dt.date, shop: dict[str, float]
) -> dict[str, Any]:  # fmt: skip
    """The groups and who is in which; `refused` says why there are none."""
    import pyarrow as pa

    from zhike_analytics.portrait import Clusters, features
    from zhike_analytics.problem import MeasureProblem

    _keep(lake, "portrait_features", features(told, as_of=as_of, shop=shop))
    codes = pa.schema([("customer_id", pa.int64()), ("group_code", pa.string())])
    try:
        asked = int(parameters.clusters) if parameters.clusters.isdecimal() else None
        model = Clusters(asked).fit(lake.table("portrait_features"))
    except MeasureProblem as problem:
        lake.engine.create_table("portrait_groups", codes.empty_table(), overwrite=True)
        return {"groups": [], "refused": problem.code, "least": problem.params.get("least")}
    summary = model.summary()
    named = group_codes([group.traits for group in summary.groups])
    of_each = pa.array(named).take(pa.array(model.labels_))
    lake.engine.create_table(
        "portrait_groups", pa.table([pa.array(model.customers_), of_each], schema=codes), overwrite=True
    )
    sums = _sums(lake)
    groups = [
        {"code": code, "customers": g.customers, "share": g.share, "stability": g.stability, "standing": g.standing,
         "profile": g.profile, **sums[code]}
        for code, g in zip(named, summary.groups, strict=True)
    ]  # fmt: skip
    return {
        "groups": groups,
        "refused": None,
        "silhouette": summary.silhouette,
        "silhouettes": {str(k): value for k, value in summary.tried.items()},
        "warnings": list(summary.warnings),
    }


def group_codes(traits: list[tuple[tuple[str, str], ...]]) -> list[str]:
    """A code for each group, made of its traits: the same group is called the same on another night."""
    named: list[str] = []
    for own in traits:
        code = ".".join(sorted(f"{name}_{level}" for name, level in own)) or "plain"
        named.append(code if code not in named else f"{code}.{named.count(code) + 1}")
    return named


def _sums(lake: Lake) -> dict[str, dict[str, Any]]:
    """By group: money, orders, and the mean of every feature in its own unit."""
    from zhike_analytics.portrait import FEATURES

    money = lake.table("portrait_signals").select("customer_id", "net_cents")
    held = lake.table("portrait_groups").inner_join(lake.table("portrait_features"), "customer_id")
    held = held.inner_join(money, "customer_id")
    means = {name: held[name].mean() for name in FEATURES}
    rows = held.group_by("group_code").aggregate(net_cents=held.net_cents.sum(), **means).to_pyarrow().to_pylist()
    return {
        row["group_code"]: {"net_cents": int(row["net_cents"]), "means": {name: float(row[name]) for name in FEATURES}}
        for row in rows
    }


def _told_order() -> list[Any]:
    """The order in which preferences of one customer are told: the most marked first."""
    import ibis

    return [ibis.desc("lift"), ibis.asc("kind"), ibis.asc("value")]


def _preferred(lake: Lake) -> "ir.Table":
    """customer_id, preferred: `,kind:value,kind:value,` in the order they are told in.

    Joined place by place: what joins texts in an order is each engine's own, and Ibis has nothing they share.
    """
    import ibis

    from zhike_analytics.portrait.preferences import KINDS

    held = lake.table("portrait_preferences")
    place = ibis.row_number().over(ibis.window(group_by=held.customer_id, order_by=_told_order()))
    held = held.select("customer_id", word=held.kind + ":" + held.value.replace(",", "，") + ",", place=place)
    places = range(EACH_KIND * len(KINDS))
    found = held.group_by("customer_id").aggregate(
        **{f"word{n}": (held.place == n).ifelse(held.word, ibis.null("string")).max() for n in places}
    )
    words = [found[f"word{n}"].fill_null("") for n in places]
    return found.select(preferring_id="customer_id", preferred=_joined(words))


def _joined(words: list[Any]) -> Any:
    """`,a,b,` of texts each empty or with a comma behind."""
    import ibis

    text: Any = ibis.literal(",")
    for word in words:
        text = text + word
    return text


def _write(lake: Lake, path: Path) -> None:
    """A row per customer, group by group, greatest money first; kept as a table of the engine too."""
    import ibis

    groups = lake.table("portrait_groups").select(grouped_id="customer_id", group_code="group_code")
    types = lake.table("portrait_types").rename(typed_id="customer_id")
    numbers = lake.table("customers").select(numbered_id="customer_id", number="number")
    held = lake.table("portrait_signals")
    for other, own in (
        (groups, "grouped_id"), (types, "typed_id"), (_preferred(lake), "preferring_id"), (numbers, "numbered_id"),
    ):  # fmt: skip
        held = held.left_join(other, held.customer_id == other[own]).drop(own)
    order = [held.group_code.asc(nulls_first=False), ibis.desc("net_cents"), ibis.asc("customer_id")]
    flags = {f"is_{name}": held[name].notnull() for name in TYPES}
    carried = [held[name].notnull().ifelse(f"{name},", "") for name in TYPES]
    written = held.select(
        "customer_id", "number", "group_code", "orders", "preferred", *TYPES,
        *(f"{name}_{part}" for name in _SIGNALS for part in ("hits", "of")),
        rank=(ibis.row_number().over(ibis.window(order_by=order)) + 1).cast("int64"),
        historic_cents=held.net_cents, types=_joined(carried).nullif(","), **flags,
    ).order_by("rank")  # fmt: skip
    draft = path.with_suffix(".new")
    lake.engine.to_parquet(written, str(draft), COMPRESSION="zstd")
    draft.replace(path)
    lake.read_result(path, "portraits")


def _figures(lake: Lake, held: Grounds, rules: "Rules", shop: dict[str, float]) -> dict[str, Any]:
    people = lake.table("portraits")
    counted = people.aggregate(
        customers=people.count(), typed=people.types.count(), preferring=people.preferred.count(),
        **{name: people[name].count() for name in TYPES},
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    chosen = lake.table("portrait_preferences").group_by(["kind", "value"])
    chosen = chosen.aggregate(customers=lambda t: t.count(), shop_share=lambda t: t.shop_share.max())
    rows = sorted(chosen.to_pyarrow().to_pylist(), key=lambda row: (-row["customers"], row["value"]))
    shown: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        own = shown.setdefault(row["kind"], [])
        if len(own) < _SHOWN:
            own.append({"value": row["value"], "customers": row["customers"], "shop_share": row["shop_share"]})
    return {
        "currency": held.left_out["currency"],
        "orders": held.left_out,
        "refusing": held.refused,
        "customers": counted["customers"],
        "typed": counted["typed"],
        "preferring": counted["preferring"],
        "types": [{"type": r.type, "customers": counted[r.type], "signals": [list(s) for s in r.signals], "least": r.least} for r in rules],
        "preferences": shown,
        "shop": shop,
    }  # fmt: skip


def metric_rows(lake: Lake) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, figures) of everybody with a portrait, by customer id; after `compute`."""
    from zhike_analytics.portrait import shop_shares

    shop = {name: round(100 * share) for name, share in shop_shares(lake.table("portrait_signals")).items()}
    people = lake.table("portraits").order_by("customer_id")
    preferences = _Told(lake)
    for batch in people.to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            held = {name: row[name] for name in TYPES if row[name] is not None}
            yield (
                row["customer_id"],
                {
                    "group": row["group_code"] or "",
                    "types": row["types"] or "",
                    "strengths": held,
                    # What was counted, as far as a type stands on it: its words are made where it is shown.
                    "signals": {n: [row[f"{n}_hits"], row[f"{n}_of"], shop[n]] for n in _SIGNALS if row[f"{n}_of"]}
                    if held
                    else {},
                    "preferred": row["preferred"] or "",
                    "preferences": preferences.of(row["customer_id"]),
                },
            )


class _Told:
    """The preferences that are told of customers, who are asked for by customer id, each greater than the one before."""

    def __init__(self, lake: Lake) -> None:
        held = lake.table("portrait_preferences")
        percent = (100 * held.shop_share).round().cast("int64")
        rows = held.order_by(["customer_id", *_told_order()])
        rows = rows.select("customer_id", "kind", "value", "hits", "of", percent=percent)
        each = (row for batch in rows.to_pyarrow_batches(chunk_size=10_000) for row in batch.to_pylist())
        self._people = groupby(each, key=itemgetter("customer_id"))
        self._at = next(self._people, None)

    def of(self, customer_id: int) -> list[list[Any]]:
        """Kind, value, orders with it, orders, the shop's percent: the most marked first."""
        while self._at is not None and self._at[0] < customer_id:
            self._at = next(self._people, None)
        if self._at is None or self._at[0] != customer_id:
            return []
        return [[r["kind"], r["value"], r["hits"], r["of"], r["percent"]] for r in islice(self._at[1], MOST_TOLD)]
