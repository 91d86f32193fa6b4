"""What to recommend to whom 商品推荐: four models behind one interface, tried on a time split beside the popular baseline.

    >>> from zhike_analytics.recommend import Ease, interactions, recommended
    >>> bought = interactions("lines.parquet", customer="customer_id", item="product_id")  # doctest: +SKIP
    >>> recommended(Ease(weight=500).fit(bought), bought, k=10)  # doctest: +SKIP

Sources: Steck 2019 (EASE-R); Sarwar and others 2001 (item-based cosine); Hu, Koren & Volinsky 2008 (implicit ALS). NumPy only:
what a model holds is bounded by the products (`Ease`, `ItemKnn`: their square), customers come batch by batch.
"""

from __future__ import annotations

from zhike_analytics.recommend.choosing import MOST_EASE_ITEMS, chosen
from zhike_analytics.recommend.evaluating import evaluate
from zhike_analytics.recommend.factors import Als
from zhike_analytics.recommend.interactions import Interactions, interactions, time_split
from zhike_analytics.recommend.models import Ease, ItemKnn, Popular, Recommender
from zhike_analytics.recommend.ranking import recommended

__all__ = [
    "MOST_EASE_ITEMS",
    "Als",
    "Ease",
    "Interactions",
    "ItemKnn",
    "Popular",
    "Recommender",
    "chosen",
    "evaluate",
    "interactions",
    "recommended",
    "time_split",
]
