"""What the funnel reads off a file: the stages in their order, and the purchase class 购买力类别 A, B, C."""

from collections.abc import Mapping
from typing import Any

STAGES = ("target_market", "potential", "target", "current", "former")
BEFORE_SALE = STAGES[:3]
PRESALE_STEPS = ("find", "talk", "follow", "understand", "relate")  # 寻找 沟通 跟进 了解 建立关系
CLASS_OF_POWER = {"strong": "a", "weak": "b", "none": "c"}
POWER_OF_CLASS = {purchase_class: power for power, purchase_class in CLASS_OF_POWER.items()}


def purchase_class(values: Mapping[str, Any]) -> str:
    """A: clear intention and strong means; B: clear intention, weak means; C: clear intention, no means for now.

    Empty while the intention is not stated as strong, or the means are not known: nobody is put into a class by guess.
    """
    if values.get("intention") != "strong":
        return ""
    return CLASS_OF_POWER.get(str(values.get("purchasing_power", "")), "")
