"""Which card a stage has: potential 潜在客户调查卡, current 现有客户卡, former 旧客户卡."""

KINDS = ("potential", "current", "former")
_OF_STAGE = {
    "target_market": "potential",
    "potential": "potential",
    "target": "potential",
    "current": "current",
    "former": "former",
}
# Leaving one of these closes a card. Nobody in the target market has been surveyed: there is nothing to close.
CLOSES = ("potential", "target", "current", "former")


def kind_of(stage: str) -> str:
    """The kind of card a stage has."""
    return _OF_STAGE.get(stage, "potential")
