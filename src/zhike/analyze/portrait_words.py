"""Codes of portraits in words: traits of groups, psychology types, signals, preferences."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhike.analyze.words import Words
from zhike.customers import queries as customers
from zhike.ui.figures import number

# In the order in which a name tells them.
TRAITS: Words = {
    "orders_high": pgettext_lazy("trait", "buy often"),
    "orders_low": pgettext_lazy("trait", "buy seldom"),
    "recency_days_low": pgettext_lazy("trait", "bought lately"),
    "recency_days_high": pgettext_lazy("trait", "silent for long"),
    "tenure_days_high": pgettext_lazy("trait", "customers for long"),
    "tenure_days_low": pgettext_lazy("trait", "customers for a short time"),
    "mean_order_cents_high": pgettext_lazy("trait", "large orders"),
    "mean_order_cents_low": pgettext_lazy("trait", "small orders"),
    "discounted_high": pgettext_lazy("trait", "seek discounts"),
    "discounted_low": pgettext_lazy("trait", "pay full prices"),
    "promotion_high": pgettext_lazy("trait", "order on promotion days"),
    "promotion_low": pgettext_lazy("trait", "order on ordinary days"),
    "repeated_high": pgettext_lazy("trait", "buy the same again"),
    "repeated_low": pgettext_lazy("trait", "seldom buy the same again"),
    "popular_high": pgettext_lazy("trait", "buy best-sellers"),
    "popular_low": pgettext_lazy("trait", "buy few best-sellers"),
    "categories_high": pgettext_lazy("trait", "many categories"),
    "categories_low": pgettext_lazy("trait", "few categories"),
    "night_high": pgettext_lazy("trait", "order at night"),
    "night_low": pgettext_lazy("trait", "order by day"),
    "weekend_high": pgettext_lazy("trait", "order at weekends"),
    "weekend_low": pgettext_lazy("trait", "order on workdays"),
    "returned_high": pgettext_lazy("trait", "return often"),
    "returned_low": pgettext_lazy("trait", "hardly return anything"),
}
FEATURES: Words = {
    "orders": _("Orders"),
    "recency_days": _("Days since the last order"),
    "tenure_days": _("Days from first to last order"),
    "mean_order_cents": _("Mean order"),
    "categories": _("Categories bought"),
    "discounted": _("Bought at a discount"),
    "promotion": _("On promotion days"),
    "repeated": _("Bought again"),
    "popular": _("Best-sellers"),
    "night": _("At night"),
    "weekend": _("At weekends"),
    "returned": _("Orders returned"),
}
STANDINGS: Words = {
    "stable": pgettext_lazy("group", "Stable"),
    "doubtful": pgettext_lazy("group", "Doubtful"),
    "dissolved": pgettext_lazy("group", "Not to be relied on"),
}
STANDING_TONES = {"stable": "good", "doubtful": "warn", "dissolved": "bad"}
TYPES: Words = {
    "utility": _("Utility"),
    "brand": pgettext_lazy("psychology", "Brand"),
    "beauty": _("Beauty"),
    "novelty": _("Novelty"),
    "following": _("Following others"),
    "bargain": _("Bargain"),
}
SIGNALS: Words = {
    "night": _("ordered between 21:00 and 5:00"),
    "weekend": _("ordered at a weekend"),
    "promotion": _("ordered on a promotion day"),
    "returned": _("orders with something given back"),
    "discounted": _("goods bought at a discount"),
    "full_price": _("goods bought at full price"),
    "repeated": _("goods bought again"),
    "top_brand": _("goods of the brand bought most"),
    "spread": _("categories among goods bought"),
    "early": _("new products bought within a month"),
    "popular": _("goods that are best-sellers"),
    "looks": _("goods whose title speaks of looks"),
}
KINDS: Words = {
    "category": _("Category"),
    "brand": _("Brand"),
    "attribute": _("Attribute"),
    "channel": _("Channel"),
    "hours": _("Time of day"),
    "weekday": _("Day of the week"),
    "month_part": _("Part of the month"),
}
HOURS: Words = {
    "early": _("before 6:00"),
    "morning": _("6:00 to 12:00"),
    "afternoon": _("12:00 to 18:00"),
    "evening": _("18:00 to 21:00"),
    "late": _("after 21:00"),
}
WEEKDAYS: Words = {
    "1": _("on Mondays"),
    "2": _("on Tuesdays"),
    "3": _("on Wednesdays"),
    "4": _("on Thursdays"),
    "5": _("on Fridays"),
    "6": _("on Saturdays"),
    "7": _("on Sundays"),
}
MONTH_PARTS: Words = {
    "first": _("early in the month (1st to 10th)"),
    "middle": _("in the middle of the month (11th to 20th)"),
    "last": _("late in the month (from the 21st)"),
}
REFUSALS: Words = {
    "portrait.too_few_customers": _("Groups need at least fifty customers with orders in two years."),
    "portrait.all_alike": _("All customers buy alike: there is nothing to group them by."),
    "portrait.seed_too_small": _("Too few members have orders in two years: at least thirty are needed to learn from."),
    "portrait.too_few_others": _("Nearly everybody is in the segment: nobody is left to rank."),
}
WARNINGS: Words = {
    "weak_structure": _("The groups run into each other: take them for a rough map, not for kinds of people."),
    "dissolved_groups": _("Some groups do not come back when part of the customers is left out: do not build on them."),
}
OF_GOODS = ("category", "brand", "attribute")  # what was bought, in words


def group_name(code: str) -> str:
    """A group by its strongest traits: “buy often, seek discounts, order at night”."""
    *parts, last = code.split(".")
    if not last.isdecimal():
        parts, last = [*parts, last], ""
    told = [str(TRAITS[part]) for part in TRAITS if part in parts] or [_now("like most customers")]
    comma = "、" if (get_language() or "").startswith("zh") else ", "
    name = comma.join(told)
    return f"{name[:1].upper()}{name[1:]}" + (f" ({last})" if last else "")


def channel_names() -> dict[str, str]:
    """Sources by their id as text."""
    return {str(source.id): source.name for source in customers.sources(archived=True)}


def value_name(kind: str, value: str, channels: dict[str, str]) -> str:
    """A preference's value in words; names of goods are their own."""
    named: Any = {"hours": HOURS, "weekday": WEEKDAYS, "month_part": MONTH_PARTS, "channel": channels}.get(kind, {})
    return str(named.get(value, value))


def evidence(hits: int, of: int, shop_percent: int) -> str:
    """What stands behind a preference: “12 of 15 orders, shop 22 %”."""
    told = {"hits": number(hits), "of": number(of), "shop": shop_percent}
    return _now("%(hits)s of %(of)s orders, shop %(shop)s %%") % told


def behind(signals: Iterable[Sequence[Any]], counted: Mapping[str, Sequence[int]]) -> list[str]:
    """The signals of a rule somebody shows more than the shop does, in words with their evidence."""
    told = []
    for name, _weight in signals:
        hits, of, shop = counted.get(name, (0, 0, 0))
        if of and 100 * hits > shop * of:
            words = {"hits": number(hits), "of": number(of), "shop": shop, "signal": SIGNALS[name]}
            told.append(_now("%(signal)s: %(hits)s of %(of)s, shop %(shop)s %%") % words)
    return told


def rule_text(signals: Iterable[Sequence[Any]], least: int) -> str:
    """A rule in words: each signal with its weight, and the strength it takes."""
    told = " + ".join(f"{weight} × {SIGNALS[name]}" for name, weight in signals)
    return f"{told} ≥ {least}"
