"""Composition, bridge, classes and concentration once more, in plain Python, sharing no line with the library."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pandas as pd


def orders(lines: pd.DataFrame) -> dict:
    """(customer, order) → [day, cents]."""
    found: dict = {}
    for customer, order, day, cents in zip(lines.customer_id, lines.order_id, lines.day, lines.net_cents, strict=True):
        held = found.setdefault((customer, order), [day, 0])
        held[0] = min(held[0], day)
        held[1] += int(cents)
    return found


def bridge(lines: pd.DataFrame, before: tuple[date, date], after: tuple[date, date]) -> dict[str, tuple[int, int]]:
    """kind → (customers, change in cents), customer by customer from the words of the definition."""
    people = defaultdict(list)
    for (customer, _), (day, cents) in orders(lines).items():
        people[customer].append((day, cents))
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for bought in people.values():
        inside = [[(d, c) for d, c in bought if first <= d <= last] for first, last in (before, after)]
        sums = [sum(c for _, c in part) for part in inside]
        active = [any(c > 0 for _, c in part) for part in inside]
        change = sums[1] - sums[0]
        if active == [True, True]:
            kind = "more" if change > 0 else "less" if change < 0 else "same"
        elif active[0]:
            kind = "lost"
        elif active[1]:
            kind = "returned" if any(c > 0 and d < after[0] for d, c in bought) else "new"
        elif sums != [0, 0]:
            kind = "credited"
        else:
            continue
        found[kind][0] += 1
        found[kind][1] += change
    return {kind: (people, cents) for kind, (people, cents) in found.items()}


def composition(lines: pd.DataFrame, by: str) -> dict[str, tuple[int, int, int]]:
    """group → (customers, orders, cents) where the attribute is one of the lines."""
    whole = orders(lines)
    customers, placed, money = defaultdict(set), defaultdict(set), defaultdict(int)
    columns = (lines.customer_id, lines.order_id, lines[by], lines.net_cents)
    for customer, order, group, cents in zip(*columns, strict=True):
        money[group] += int(cents)
        if whole[customer, order][1] > 0:
            customers[group].add(customer)
            placed[group].add((customer, order))
    return {group: (len(customers[group]), len(placed[group]), cents) for group, cents in money.items()}


def abc(values: dict, cuts: tuple[str, ...], boundary: str, ties: str) -> dict:
    """item → letter, by walking down the sorted list; cuts as text, so that nothing is rounded."""
    worth = sorted(((v, k) for k, v in values.items() if v > 0), key=lambda pair: (-pair[0], pair[1]))
    total = sum(v for v, _ in worth)
    limits = [Decimal(cut) * total for cut in cuts]
    letters = {k: "abcdefgh"[len(cuts)] for k, v in values.items()}
    at, place = 0, 0
    while place < len(worth):
        equal = [pair for pair in worth[place:] if pair[0] == worth[place][0]] if ties == "together" else [worth[place]]
        amount = sum(v for v, _ in equal)
        for letter, limit in zip("abcdefgh", limits, strict=False):
            if (at < limit) if boundary == "inside" else (at + amount <= limit):
                letters |= {k: letter for _, k in equal}
                break
        at, place = at + amount, place + len(equal)
    return letters


def gini(values: list[int]) -> float:
    """Half the mean absolute difference over the mean: another formula than the library's."""
    found = [v for v in values if v > 0]
    differences = sum(abs(a - b) for a in found for b in found)
    return differences / (2 * len(found) * sum(found))
