"""Groups of a cube in words, and why a question cannot be asked."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.analyze import measure_words
from zhike.analyze.cubes.fields import DIMENSIONS, MEASURES
from zhike.analyze.cubes.question import QuestionRefused
from zhike.clean.queries import funnel
from zhike.customers import queries as customers
from zhike.secure import queries as secure
from zhike.shop import queries as shop

REST = "__other"
SPANS = {**{code: measure_words.SPANS[code] for code in ("days_365", "days_90", "month", "quarter", "year")},
         "all": gettext_lazy("All time"), "own": measure_words.SPANS["own"]}  # fmt: skip
_DAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
_SAME = ("source", "owner", "stage", "kind", "abc_class", "level", "rfm_class")


def groups(dimension: str, names: Mapping[str, str]) -> Mapping[str, str]:
    """Words for the groups of a dimension whose values are codes or ids; `names`: titles of products by id."""
    told: Mapping[str, Any] = {}
    if dimension in _SAME:
        return measure_words.group_names(dimension)
    if dimension == "shop":
        told = {str(source.id): source.name for source in customers.sources(archived=True)}
    elif dimension == "staff":
        told = {str(staff): name for staff, name in secure.staff_names().items()}
    elif dimension == "product":
        told = names
    elif dimension == "weekday":
        told = {str(place): day for place, day in enumerate(_DAYS, 1)}
    elif dimension == "hour":
        told = {f"{hour:02}": f"{hour:02}:00" for hour in range(24)}
    elif dimension in (tables := _tables()):
        told = tables[dimension]
    return {**{code: str(word) for code, word in told.items()}, "unknown": _("Unknown"), REST: _("All others")}


def group(dimension: str, value: str, named: Mapping[str, str]) -> str:
    """One group in words."""
    if dimension == "week" and value not in (REST, "unknown"):
        return _("from %(day)s") % {"day": date_format(dt.date.fromisoformat(value), "Y-m-d")}
    return named.get(value, value)


def _tables() -> dict[str, Mapping[str, Any]]:
    return {
        "purchase_class": measure_words.CLASSES,
        "band": measure_words.BANDS,
        "risk_level": measure_words.RISKS,
        "order_state": shop.words.ORDER_STATES,
        "order_kind": shop.words.ORDER_KINDS,
        "way": funnel.words.WAYS,
        "outcome": funnel.words.OUTCOMES,
    }


def refusal(problem: QuestionRefused) -> str:
    """Why a question cannot be asked, and what to do."""
    if problem.code == "not_by":
        label = MEASURES[problem.name].label
        return _(
            "“%(measure)s” cannot be told by these: an order has one amount for all its products, and a contact none. Take “%(goods)s” or “%(pieces)s”, or take the dimension away."
        ) % {"measure": label, "goods": MEASURES["goods"].label, "pieces": MEASURES["items"].label}
    if problem.code == "unknown":
        known = DIMENSIONS.get(problem.name) or MEASURES.get(problem.name)
        name = str(known.label) if known else problem.name
        return _("“%(name)s” is not there, or not for you to see.") % {"name": name}
    return {
        "twice": _("A dimension can stand in rows or in columns, once."),
        "measures": _("Choose one to four measures."),
        "dimensions": _("Choose one to three dimensions for rows and at most two for columns."),
        "values": _("A filter needs one to sixty values."),
        "period": _("A period of your own needs a first and a last day, in order."),
        "name": _("Give it a name."),
        "too_many": _("At most sixty questions can be kept; remove one first."),
    }.get(problem.code, _("This cannot be asked."))
