"""Rules of psychology types 客户心理: lines one can read and change. Needs no engine, so that a page can check what somebody typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhike_analytics.problem import MeasureProblem

# What customers do that says something: of orders, then of goods bought.
OF_ORDERS = ("night", "weekend", "promotion", "returned")
OF_GOODS = ("discounted", "full_price", "repeated", "top_brand", "spread", "early", "popular", "looks")
SIGNALS = OF_ORDERS + OF_GOODS
TYPES = ("utility", "brand", "beauty", "novelty", "following", "bargain")
DEFAULT_RULES = """\
utility = 2 repeated >= 25
brand = 2 top_brand + 1 full_price >= 30
beauty = 1 looks >= 25
novelty = 2 early + 1 spread >= 25
following = 2 popular + 1 promotion >= 30
bargain = 2 discounted + 1 promotion >= 25"""
_LINE = re.compile(r"\s*(\w+)\s*[=:：]\s*(.+?)\s*(?:>=|≥)\s*(\d{1,3})\s*")
_TERM = re.compile(r"\s*(?:(\d{1,2})\s*[*×]?\s*)?([a-z_]+)\s*")


@dataclass(frozen=True, slots=True)
class Rule:
    """A type: its signals with their weights, and the strength (0–100) from which somebody carries it."""

    type: str
    signals: tuple[tuple[str, int], ...]
    least: int


Rules = tuple[Rule, ...]


def read_rules(text: str) -> Rules:
    """Rules from lines; a type left out is told of nobody. Raises ``psychology.bad_rule`` with the number of the line."""
    found: list[Rule] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        terms = [_TERM.fullmatch(part) for part in match[2].split("+")] if match else []
        if match is None or match[1] not in TYPES or match[1] in {r.type for r in found} or not all(terms):
            raise MeasureProblem("psychology.bad_rule", line=number)
        named = tuple((term[2], int(term[1] or 1)) for term in terms if term)
        if not 1 <= int(match[3]) <= 100 or any(name not in SIGNALS or not weight for name, weight in named):
            raise MeasureProblem("psychology.bad_rule", line=number)
        if len({name for name, _ in named}) != len(named):
            raise MeasureProblem("psychology.bad_rule", line=number)
        found.append(Rule(match[1], named, int(match[3])))
    return tuple(found)
