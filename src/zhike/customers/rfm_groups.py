"""The ten groups of the R × F map, by the first two digits of a customer's cell.

The library says the same in `zhike_analytics.rfm.segments`; pages that only filter must not load it, and a test holds
the two equal.
"""

CELLS_OF_GROUP: dict[str, tuple[str, ...]] = {
    "champions": ("54", "55"),
    "loyal": ("34", "35", "44", "45"),
    "potential_loyalist": ("42", "43", "52", "53"),
    "new": ("51",),
    "promising": ("41",),
    "need_attention": ("33",),
    "about_to_sleep": ("31", "32"),
    "cant_lose": ("15", "25"),
    "at_risk": ("13", "14", "23", "24"),
    "hibernating": ("11", "12", "21", "22"),
}
