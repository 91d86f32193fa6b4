"""What rules may ask of computed figures: the classes and scores of the newest RFM run."""

from django.utils.translation import gettext_lazy as _

from zhike.analyze import words
from zhike.customers.queries.segments import Facet, listed, offer

_FIGURES = _("RFM")


def offer_figures() -> None:
    """Offer them, at start-up."""

    def figure(code: str, label: object, field: str, column: str, **more: object) -> Facet:
        kind = more.pop("kind", "number")
        return Facet(code, label, _FIGURES, field, kind, "rfm", column, **more)  # type: ignore[arg-type]

    offer(
        figure("rfm_class", _("RFM class"), "rfm_class", "class_code", kind="choice", choices=listed(words.CLASSES)),
        figure("rfm_cell", _("RFM cell"), "rfm_class", "cell", kind="words"),
        figure("rfm_r", _("Recency score"), "rfm_class", "r"),
        figure("rfm_f", _("Frequency score"), "rfm_class", "f"),
        figure("rfm_m", _("Monetary score"), "rfm_class", "m"),
        figure("rfm_recency", _("Days since the last purchase"), "metrics", "recency_days"),
        figure("rfm_frequency", _("Purchases (RFM)"), "metrics", "frequency"),
        figure("rfm_monetary", _("Net of purchases (RFM)"), "net_amount", "monetary_cents", unit="cents"),
    )
