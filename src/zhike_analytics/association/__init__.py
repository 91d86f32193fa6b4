"""Which products go together 商品关联: frequent sets, rules with every measure, bundles. Tables in, tables out.

    >>> from zhike_analytics.association import frequent_sets, rules
    >>> sets = frequent_sets("lines.parquet", basket="order_id", item="product", support=0.001)  # doctest: +SKIP
    >>> rules(sets, confidence=0.5)  # doctest: +SKIP

Sources: Agrawal & Srikant 1994 (support, confidence); Brin and others 1997 (lift, conviction); Piatetsky-Shapiro 1991
(leverage); Hahsler, Grün & Hornik 2005 (the package arules, whose counts of rules ours are held to).
"""

from __future__ import annotations

from zhike_analytics.association.bundles import Bundle, bundles
from zhike_analytics.association.chance import chance_of
from zhike_analytics.association.layout import laid_out
from zhike_analytics.association.rules import MEASURES, rules
from zhike_analytics.association.sets import FrequentSets, frequent_sets, least_count

__all__ = [
    "MEASURES",
    "Bundle",
    "FrequentSets",
    "bundles",
    "chance_of",
    "frequent_sets",
    "laid_out",
    "least_count",
    "rules",
]
