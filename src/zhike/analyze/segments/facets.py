"""What rules may ask of computed figures: the classes and scores of the newest runs of RFM and of value classes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhike.analyze import measure_words, words
from zhike.customers.queries.segments import Facet, listed, offer

_FIGURES = _("Figures")


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
    )


def _figure(code: str, label: Any, field: str, column: str, *, table: str = "rfm", **more: Any) -> Facet:
    return Facet(code, label, _FIGURES, field, more.pop("kind", "number"), table, column, **more)


def _valued(code: str, label: Any, column: str, named: words.Words) -> Facet:
    """A value class; what is unknown is asked for as such."""
    known = {value: said for value, said in named.items() if value != "unknown"}
    return _figure(code, label, "metrics", column, table="value", kind="choice", choices=listed(known))
