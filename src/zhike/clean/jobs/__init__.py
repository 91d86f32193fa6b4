"""Background entries of this module, one file a part; importing the package declares them all."""

from zhike.clean.jobs import funnel, quality, verification

__all__ = ["funnel", "quality", "verification"]
