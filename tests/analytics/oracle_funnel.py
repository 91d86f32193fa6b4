"""The funnel by hand, in plain Python: stays, cohorts and censored medians, written from the definitions alone."""

import datetime as dt
from collections import defaultdict
from fractions import Fraction


def stays(came: list[tuple], as_of: dt.date) -> list[tuple]:
    """(customer, stage, entered, left or None) from (customer, stage, day, place)."""
    by_customer = defaultdict(list)
    for customer, stage, day, place in came:
        if day <= as_of:
            by_customer[customer].append((day, place, stage))
    found = []
    for customer, entries in by_customer.items():
        way = []
        for day, _, stage in sorted(entries):
            if not way or way[-1][0] != stage:
                way.append((stage, day))
        for n, (stage, day) in enumerate(way):
            left = way[n + 1][1] if n + 1 < len(way) else None
            found.append((customer, stage, day, left))
    return found


def conversion(held: list[tuple], stages: list[str], within: int | None = None) -> list[tuple[int, int]]:
    """(came, went on) of each step but the last stage."""
    ways = defaultdict(list)
    for customer, stage, entered, _ in held:
        if stage in stages:
            ways[customer].append((entered, stages.index(stage)))
    counts = []
    for k in range(len(stages) - 1):
        came = on = 0
        for way in ways.values():
            begin = way[0][0]
            seen = [i for day, i in way if within is None or (day - begin).days <= within]
            if way[0][1] <= k and max(seen) >= k:
                came += 1
                on += max(seen) >= k + 1
        counts.append((came, on))
    return counts


def median(durations: list[tuple[int, bool]]) -> int | None:
    """The first day on which the Kaplan–Meier curve is at or below one half; (days, ended)."""
    still = Fraction(1)
    for day in sorted({d for d, ended in durations if ended}):
        at_risk = sum(d >= day for d, _ in durations)
        gone = sum(d == day and ended for d, ended in durations)
        still *= 1 - Fraction(gone, at_risk)
        if still <= Fraction(1, 2):
            return day
    return None
