"""Customers: who they are, which shop they use, how often they come back and when they stop.

Buying follows BG/NBD: each customer has a rate of their own (gamma) and after each purchase leaves for ever with a
probability of their own (beta). So every figure that analysis can find has somebody to be found on.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from zhike.desk.demo import names, places
from zhike.desk.demo.goods import TASTES

TAOBAO, OWN_SITE, MARKET = "taobao", "own_site", "market"  # market: a platform that tells nothing of its buyers

# Gamma shape and purchases in the shop's whole inner time at the mean; beta of leaving after a purchase.
_RATE_SHAPE, _RATE_MEAN = 1.15, 13.0
_LEAVE_A, _LEAVE_B = 0.9, 3.4


@dataclass(slots=True)
class Shopper:
    """One invented customer. `inner` holds the inner moments of the purchases, ascending."""

    number: int
    name: str
    sex: str
    city: places.City
    address: str
    phone: str
    email: str
    handle: str
    shop: str
    also: str  # a second shop the same person buys in, or empty
    taste: str
    is_firm: bool
    firm: str
    scale: int  # how many of each thing they take
    inner: list[float]


def shoppers(count: int, seed: int) -> Iterator[Shopper]:
    """`count` customers in the order of their first purchase; nothing is kept, so any number streams."""
    for number in range(count):
        # A customer's life does not depend on the others: a bigger shop has the same first customers' kinds.
        chance = Random((seed << 32) ^ (number * 2_654_435_761))
        yield _shopper(chance, number, (number + chance.random()) / count)


def _shopper(chance: Random, number: int, first: float) -> Shopper:
    name, sex = names.person_name(chance)
    city = places.CITIES.draw(chance)
    is_firm = chance.random() < 0.02
    roll = chance.random()
    shop = OWN_SITE if is_firm or roll < 0.18 else TAOBAO
    also = (TAOBAO if shop == OWN_SITE else OWN_SITE) if not is_firm and 0.12 < roll < 0.24 else ""
    return Shopper(
        number,
        name,
        sex,
        city,
        places.address(chance, city),
        names.phone(number),
        f"kehu{number:06d}@example.{'cn' if number % 3 else 'com'}",
        names.member_handle(chance, number),
        shop,
        also,
        "any" if is_firm else TASTES.draw(chance),
        is_firm,
        names.firm_name(chance, city.name) if is_firm else "",
        chance.choice((6, 10, 12, 20, 30)) if is_firm else 1,
        _purchases(chance, first),
    )


def _purchases(chance: Random, first: float) -> list[float]:
    rate = chance.gammavariate(_RATE_SHAPE, _RATE_MEAN / _RATE_SHAPE)
    leaves = chance.betavariate(_LEAVE_A, _LEAVE_B)
    moments: list[float] = []
    at = first
    while at < 1.0 and len(moments) < 120:
        moments.append(at)
        if chance.random() < leaves:
            break
        at += -math.log(1.0 - chance.random()) / rate
    return moments
