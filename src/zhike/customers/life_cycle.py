"""Life cycle 客户发展阶段: how far a customer has come with us, from the card's own figures. Not the stage of the funnel."""

import datetime as dt

NEW_DAYS = 90
LONG_ORDERS, LONG_DAYS = 3, 365


def life_cycle(order_count: int, first: dt.datetime | None, last: dt.datetime | None, now: dt.datetime) -> str:
    """A code of the field `life_cycle`, or an empty text when orders are not known.

    Long-standing: at least 3 orders over at least 12 months. New: the first order lies within 90 days. Kept: came again,
    and no longer ago than one and a half of their usual gaps (90 days at least). Everybody else who bought: satisfied,
    as long as no answer or complaint says otherwise. Nobody's order: potential.
    """
    if order_count <= 0 or first is None or last is None:
        return "potential" if order_count <= 0 else ""
    if order_count >= LONG_ORDERS and (last - first).days >= LONG_DAYS:
        return "long_standing"
    if (now - first).days < NEW_DAYS:
        return "new"
    if order_count >= 2:
        gap = (last - first) / (order_count - 1)
        if now - last <= max(gap * 1.5, dt.timedelta(days=NEW_DAYS)):
            return "kept"
    return "satisfied"
