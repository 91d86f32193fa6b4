"""Which model fits a shop, by its size."""

from __future__ import annotations

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.recommend.factors import Als
from zhike_analytics.recommend.models import Ease, ItemKnn, Popular, Recommender

MOST_EASE_ITEMS = 6000  # squares of 64-bit numbers, two at a time: 600 MB
MODELS = ("auto", "ease", "knn", "als", "popular")
_FEWEST_CUSTOMERS, _FEWEST_ITEMS = 50, 5


def chosen(kind: str, customers: int, items: int) -> Recommender:
    """The model asked for, or by size (`auto`): EASE-R up to `MOST_EASE_ITEMS` products, ALS above, popular below fifty
    customers or five products. A model that squares the products is refused above: `recommend.too_many_items`."""
    if kind not in MODELS:
        raise MeasureProblem("recommend.bad_option", option="model")
    if kind == "auto":
        if customers < _FEWEST_CUSTOMERS or items < _FEWEST_ITEMS:
            return Popular()
        return Ease(weight=None) if items <= MOST_EASE_ITEMS else Als()
    if kind in ("ease", "knn") and items > MOST_EASE_ITEMS:
        raise MeasureProblem("recommend.too_many_items", items=items, most=MOST_EASE_ITEMS)
    made: dict[str, Recommender] = {"ease": Ease(weight=None), "knn": ItemKnn(), "als": Als(), "popular": Popular()}
    return made[kind]
