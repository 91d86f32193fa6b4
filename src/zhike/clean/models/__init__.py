"""Tables of the clean module; private to it."""

from zhike.clean.models.quality import QualityDay, QualityRule

__all__ = ["QualityDay", "QualityRule"]
