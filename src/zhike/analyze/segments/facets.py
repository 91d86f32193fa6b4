"""What rules may ask of computed figures: the classes and scores of the newest runs of RFM and of value classes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhike.analyze import measure_words, methods, portrait_words, words
from zhike.clean.queries import quality
from zhike.customers.queries.segments import Facet, listed, offer, offer_made
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

_FIGURES = _("Figures")
_QUALITY = _("Data quality")


def offer_figures() -> None:
    """Offer them, at start-up."""
    offer(
        _figure("rfm_class", _("RFM class"), "rfm_class", "class_code", kind="choice", choices=listed(words.CLASSES)),
        _figure("rfm_cell", _("RFM cell"), "rfm_class", "cell", kind="words"),
        _figure("rfm_r", _("Recency score"), "rfm_class", "r"),
        _figure("rfm_f", _("Frequency score"), "rfm_class", "f"),
        _figure("rfm_m", _("Monetary score"), "rfm_class", "m"),
        _figure("rfm_recency", _("Days since the last purchase"), "metrics", "recency_days"),
        _figure("rfm_frequency", _("Purchases (RFM)"), "metrics", "frequency"),
        _figure("rfm_monetary", _("Net of purchases (RFM)"), "net_amount", "monetary_cents", unit="cents"),
        _valued("abc_class", _("ABC class"), "abc_class", measure_words.ABC),
        _valued("pyramid_level", _("Level of the pyramid"), "level", measure_words.LEVELS),
        _figure(
            "alive_band",
            _("Still active?"),
            "metrics",
            "band",
            table="lifetime",
            kind="choice",
            choices=listed(measure_words.BANDS),
        ),
        _figure("alive_percent", _("Chance to be active, in percent"), "metrics", "alive_percent", table="lifetime"),
        _figure("value_ahead", _("Value to come"), "net_amount", "value_ahead_cents", table="lifetime", unit="cents"),
    )
    _offer_ahead()
    _offer_profit()
    _offer_visits()
    _offer_quality()


def _offer_ahead() -> None:
    """What is to be expected of customers."""
    offer(
        _figure(
            "risk_level",
            _("Risk to stay away"),
            "metrics",
            "risk_level",
            table="retention",
            kind="choice",
            choices=listed(measure_words.RISKS),
        ),
        _figure("risk_percent", _("Risk to stay away, in percent"), "metrics", "risk_percent", table="retention"),
        _figure(
            "recommended",
            _("A product is recommended"),
            "order_lines",
            "products",
            table="recommendation",
            kind="labels",
            choices=_products_recommended,
            numbers=True,
        ),
    )


def _offer_profit() -> None:
    """What customers leave after goods and service."""
    offer(
        _figure(
            "profit_class",
            _("Profit or loss"),
            "net_amount",
            "profit_class",
            table="profit",
            kind="choice",
            choices=listed(measure_words.PROFIT_CLASSES),
        ),
        _figure(
            "service_kind",
            _("Margin and cost to serve"),
            "net_amount",
            "service_kind",
            table="profit",
            kind="choice",
            choices=listed(measure_words.SERVICE_KINDS),
        ),
        _figure("contribution", _("Contribution"), "net_amount", "contribution_cents", table="profit", unit="cents"),
        _figure("cost_to_serve", _("Cost to serve"), "net_amount", "serve_cents", table="profit", unit="cents"),
    )


def offer_own() -> None:
    """What methods of one's own say: shares in percent."""
    offer_made(_own_facet, _own_facets)


def _own_facet(code: str) -> Facet | None:
    return next((facet for facet in _own_facets() if facet.code == code), None) if code.startswith("own_") else None


def _own_facets() -> list[Facet]:
    found = []
    for method in methods.methods().values():
        for column in method.columns:
            more: dict[str, Any] = {"unit": "cents"} if column.kind == "cents" else {}
            if column.kind == "choice":
                more = {
                    "kind": "choice",
                    "choices": listed({c: methods.promised(t) for c, t in column.choices.items()}),
                }
            label = f"{methods.said(method.title)}: {methods.said(column.title)}"
            code = f"{method.kind}_{column.name}"
            found.append(_figure(code, label, column.field, column.asked, table=method.kind, **more))
    return found


def offer_portraits() -> None:
    """Offer guesses about customers, at start-up."""
    offer(
        _figure("portrait_group", _("Group of the portrait"), "metrics", "group_code", table="portrait", kind="choice", choices=_groups),
        _figure("psychology", _("Psychology type (a guess)"), "shopping_psychology", "types", table="portrait", kind="labels",
                choices=listed(portrait_words.TYPES)),
        _figure("preference", _("Preference (a guess)"), "order_lines", "preferred", table="portrait", kind="labels",
                choices=_preferences),
        _figure("lookalike_place", _("Place among the look-alikes"), "metrics", "place", table="lookalike"),
    )  # fmt: skip


def _offer_visits() -> None:
    """What customers did on the site."""
    offer(
        _figure("last_visit", _("Last visit to the site"), "visits", "last_visit", table="paths", kind="day"),
        _figure("visits_30", _("Visits in 30 days"), "visits", "visits_30", table="paths"),
        _figure("basket_left", _("Basket left behind"), "visits", "basket_left", table="paths", kind="day"),
    )


def _offer_quality() -> None:
    """How good the data of a file are."""
    offer(
        Facet("quality_score", _("Score of the file (0–100)"), _QUALITY, "metrics", "number", "quality", "score"),
        _faulty("quality_missing", _("Fields that should be known and are not"), "missing"),
        _faulty("quality_invalid", _("Fields with something unusable"), "invalid"),
        _faulty("quality_stale", _("Fields out of date"), "stale"),
        _faulty("quality_contradicted", _("Fields with a contradiction"), "contradicted"),
    )


def offer_answers() -> None:
    """Offer what customers answered, at start-up."""
    content, cells = listed(measure_words.CONTENT), listed(measure_words.CELLS)
    offer(
        _answered("satisfaction_level", _("Satisfaction"), "satisfaction", "level", choices=content),
        _answered("satisfaction_index", _("Satisfaction (0–100)"), "satisfaction", "satisfaction_index"),
        _answered("loyalty_cell", _("Loyalty on two axes"), "loyalty", "cell", choices=cells),
    )


def _figure(code: str, label: Any, field: str, column: str, *, table: str = "rfm", **more: Any) -> Facet:
    return Facet(code, label, _FIGURES, field, more.pop("kind", "number"), table, column, **more)


def _answered(code: str, label: Any, table: str, column: str, **more: Any) -> Facet:
    """What somebody said in answers: only for those who may see answers of persons."""
    kind = "choice" if "choices" in more else "number"
    return _figure(code, label, "survey_answers", column, table=table, kind=kind, **more)


def _valued(code: str, label: Any, column: str, named: words.Words) -> Facet:
    """A value class; what is unknown is asked for as such."""
    known = {value: said for value, said in named.items() if value != "unknown"}
    return _figure(code, label, "metrics", column, table="value", kind="choice", choices=listed(known))


def _faulty(code: str, label: Any, column: str) -> Facet:
    return Facet(code, label, _QUALITY, "metrics", "labels", "quality", column, choices=_fields_checked)


def _products_recommended(viewer: Viewer) -> list[tuple[Any, Any]]:
    """The products the newest run recommends to most customers."""
    from zhike.analyze.queries import latest_run

    run = latest_run("recommendation")
    return [(row["product_id"], row["title"]) for row in run.counts.get("products", ())] if run else []


def _groups(viewer: Viewer) -> list[tuple[Any, Any]]:
    """The groups of the newest run, largest first."""
    from zhike.analyze.queries import latest_run

    run = latest_run("portrait")
    return [(row["code"], portrait_words.group_name(row["code"])) for row in run.counts["groups"]] if run else []


def _preferences(viewer: Viewer) -> list[tuple[Any, Any]]:
    """The preferences most customers have, by kind."""
    from zhike.analyze.portrait_page import code_of
    from zhike.analyze.queries import latest_run

    run = latest_run("portrait")
    held = run.counts["preferences"] if run else {}
    channels = portrait_words.channel_names() if held else {}
    return [
        (code_of(kind, row["value"]), f"{label}: {portrait_words.value_name(kind, row['value'], channels)}")
        for kind, label in portrait_words.KINDS.items()
        for row in held.get(kind, ())
    ]


def _fields_checked(viewer: Viewer) -> list[tuple[str, Any]]:
    """The fields quality looks at, those hidden from the viewer left out."""
    return [(n, fields.field(n).label) for n in quality.fields_checked() if secure.sight(viewer, n) != "hidden"]
