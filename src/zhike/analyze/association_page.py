"""What the page of products together shows: bundles, the net, and one line a rule."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.analyze import measure_words as words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.ui.figures import number, share_text

REFUSALS = {
    "association.too_many_sets": gettext_lazy("So many products go together at this share that nothing can be told apart: choose a greater one."),
}  # fmt: skip
_LIKELY = 0.01
_NAME_LENGTH = 14


def page(
    run: RunFacts, found: list[dict[str, Any]], *, asked: str, may_open: bool, with_money: bool, may_segment: bool
) -> dict[str, Any]:  # fmt: skip
    """Everything the template needs; `found` are the rules of one page, `asked` the words they were sought by."""
    counts = run.counts
    parameters = MeasureParameters.from_json(dict(run.parameters))
    shown: dict[str, Any] = {
        "run": run,
        "counts": counts,
        "currency": counts["currency"],
        "settings": words.settings_of(run.kind, parameters),
        "by_customer": parameters.basket == "customer",
        "stats": _stats(counts),
        "asked": asked,
    }
    if refused := counts.get("refused"):
        return {**shown, "refused": REFUSALS.get(refused, refused)}
    return {
        **shown,
        "rules": [_rule(run, row, may_open=may_open, may_segment=may_segment) for row in found],
        "bundles": [_bundle(row, with_money=with_money, may_segment=may_segment) for row in counts["bundles"]],
        "net": net_chart(counts["net"]) if counts["net"]["links"] else None,
        "net_table": _net_table(counts["net"]),
        "least": counts["least"],
        "least_share": share_text(counts["least"] / counts["baskets"], 2) if counts["baskets"] else "",
        "wide": counts["wide"],
        "more_found": counts["found"] - counts["rows"],
    }


def _stats(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    several = counts["several"] / counts["baskets"] if counts["baskets"] else None
    sizes = counts.get("sets", ())
    shown = [
        {"label": _("Baskets"), "value": number(counts["baskets"]), "note": f"{counts['after'][0]} – {counts['after'][1]}"},
        {"label": _("With several products"), "value": share_text(several), "note": number(counts["several"])},
        {
            "label": _("Products bought often enough"),
            "value": number(sizes[0] if sizes else 0),
            "note": _("in at least %(least)s baskets") % {"least": number(counts.get("least"))},
        },
        {"label": _("Rules"), "value": number(counts["found"]), "note": _("that speak for each other (lift above 1)")},
    ]  # fmt: skip
    return [{"href": "", "trend": None, **stat} for stat in shown]


def _rule(run: RunFacts, row: Mapping[str, Any], *, may_open: bool, may_segment: bool) -> dict[str, Any]:
    people = reverse("analyze:association_people", args=[run.public_id, row["rank"]]) if may_open else ""
    skus = list(row["skus"])
    lacking = [*skus[:-1], f"-{skus[-1]}"] if all(skus) else []
    return {
        **row,
        "conviction_text": "∞" if row["conviction"] is None else number(row["conviction"], 2),
        "is_likely_chance": row["chance"] > _LIKELY,
        "chance_text": "< 0.0001" if row["chance"] < 0.0001 else f"{row['chance']:.4f}",
        "url": people,
        "lacking_url": f"{people}?who=lacking" if people else "",
        "segment_url": segment_url(lacking) if may_segment and lacking else "",
    }


def segment_url(codes: list[str]) -> str:
    """The builder with a first draft: who bought these merchant codes, and none of those with a dash before them."""
    return f"{reverse('analyze:segment_new')}?{urlencode({'bought_orders': codes}, doseq=True)}"


def _bundle(row: Mapping[str, Any], *, with_money: bool, may_segment: bool) -> dict[str, Any]:
    return {
        **row,
        "price_cents": row["price_cents"] if with_money else None,
        "segment_url": segment_url(list(row["skus"])) if may_segment and all(row["skus"]) else "",
    }


def net_chart(net: Mapping[str, Any]) -> dict[str, Any]:
    """Products as points, the larger the more baskets; a line where two go together, the thicker the stronger."""
    most = max((point["baskets"] for point in net["points"]), default=1) or 1
    top = max((link["lift"] for link in net["links"]), default=1) or 1
    points = [
        {
            "name": _short(point["title"]),
            "text": f"{point['title']}\n{_('Baskets')}: {number(point['baskets'])}",
            "at": point["at"],
            "size": round(10 + 26 * (point["baskets"] / most) ** 0.5),
        }
        for point in net["points"]
    ]
    links = [
        {
            "from": link["from"],
            "to": link["to"],
            "width": round(1 + 5 * (link["lift"] / top) ** 0.5, 1),
            "text": _link_text(net, link),
        }
        for link in net["links"]
    ]
    return {"kind": "net", "title": _("The strongest ties between products"), "points": points, "links": links}


def _link_text(net: Mapping[str, Any], link: Mapping[str, Any]) -> str:
    names = " + ".join(net["points"][link[end]]["title"] for end in ("from", "to"))
    return f"{names}\n{_('Together')}: {number(link['together'])} · {_('Lift')} {number(link['lift'], 2)}"


def _short(title: str) -> str:
    return title if len(title) <= _NAME_LENGTH else title[: _NAME_LENGTH - 1] + "…"


def _net_table(net: Mapping[str, Any]) -> dict[str, Any]:
    rows = [
        [" + ".join(net["points"][link[end]]["title"] for end in ("from", "to")), number(link["together"]), number(link["lift"], 2)]
        for link in net["links"]
    ]  # fmt: skip
    return {"head": [_("Products"), _("Baskets with both"), _("Lift")], "rows": rows}


def sought(path: Path, text: str, *, beyond_rank: int, limit: int) -> list[dict[str, Any]]:
    """Rules of a result that name a product by part of its title or code, best first; at most some thousands are looked at."""
    import pyarrow.parquet as pq

    wanted = text.casefold()
    rows = []
    for row in pq.read_table(path).to_pylist():
        said = (row["antecedent"], row["consequent"], *row["skus"])
        if row["rank"] > beyond_rank and any(wanted in part.casefold() for part in said):
            rows.append(row)
        if len(rows) == limit:
            break
    return rows


def rule_at(path: Path, rank: int) -> dict[str, Any] | None:
    """One rule of a result by its rank."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    found: list[dict[str, Any]] = pq.read_table(path).filter(pc.field("rank") == rank).to_pylist()
    return found[0] if found else None


def behind(
    path: Path, rule: Mapping[str, Any], *, lacking: bool, beyond_rank: int, limit: int
) -> list[dict[str, Any]]:  # fmt: skip
    """Customers behind a rule: who bought everything on its left side, and also (or, `lacking`, not) what is on its right.

    Within the period, in one order or in several; most money first. Reads only the parts of the file that hold the products.
    """
    import pyarrow.parquet as pq

    left, right = [int(product) for product in rule["antecedent_ids"]], int(rule["consequent_id"])
    held = pq.read_table(path, filters=[("product_id", "in", [*left, right])])
    bought: dict[int, dict[int, int]] = {product: {} for product in (*left, right)}
    products, ranks, people = (held.column(name).to_numpy() for name in ("product_id", "rank", "customer_id"))
    for product in bought:
        own = products == product
        bought[product] = dict(zip(ranks[own].tolist(), people[own].tolist(), strict=True))
    common = set(bought[left[0]]).intersection(*(bought[product] for product in left[1:]))
    common = common - set(bought[right]) if lacking else common & set(bought[right])
    chosen = sorted(rank for rank in common if rank > beyond_rank)[:limit]
    return [{"rank": rank, "customer_id": bought[left[0]][rank]} for rank in chosen]
