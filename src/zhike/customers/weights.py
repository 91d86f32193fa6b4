"""What each field is worth on a file: the catalogue's weight, changed by what the customer is to us now.

A potential customer is judged by what helps to win them, a former one by why they left; who trades with us by what
serves them.
"""

from collections.abc import Mapping
from functools import lru_cache

from zhike.secure import fields

_SURVEY: Mapping[str, int] = {
    "need": 4,
    "intention": 4,
    "purchasing_power": 4,
    "demand_size": 3,
    "preferred_channel": 3,
}
_SERVE: Mapping[str, int] = {
    "preferred_channel": 3,
    "preferred_hours": 2,
    "liked_categories": 2,
    "delivery_preference": 2,
}
_LEFT: Mapping[str, int] = {"leaving_reason": 5, "win_back": 2, "feedback": 2, "need": 0, "demand_size": 0}
BY_STAGE: Mapping[str, Mapping[str, int]] = {
    "target_market": {"need": 3, "intention": 3},
    "potential": _SURVEY,
    "target": _SURVEY,
    "current": _SERVE,
    "former": _LEFT,
}


def weight(field: fields.Field, stage: str) -> int:
    """What a field is worth on a file at a stage; 0: it does not count."""
    return BY_STAGE.get(stage, {}).get(field.name, field.weight)


@lru_cache(maxsize=64)
def _of_product(kind: str, stage: str) -> Mapping[str, int]:
    found = {f.name: weight(f, stage) for f in fields.product_fields() if f.is_stated and f.is_about(kind)}
    return {name: w for name, w in found.items() if w}


def weights(kind: str, stage: str) -> Mapping[str, int]:
    """{field: weight} of every field that counts on files of a kind at a stage, sensitive ones left out.

    For figures that everybody sees: what a score says of a file must not tell whether a sensitive value is known.
    """
    own = {f.name: f.weight for f in fields.catalogue(kind) if fields.is_custom(f.name) and f.weight}
    found = {**_of_product(kind, stage), **own}
    return {n: w for n, w in found.items() if fields.field(n).cls not in ("sensitive", "secret")}
