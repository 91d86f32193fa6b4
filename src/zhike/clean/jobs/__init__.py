"""Background entries of this module, one file a part; importing the package declares them all."""

from zhike.clean.jobs import duplicates, file_rules, funnel, quality, truth, verification

__all__ = ["duplicates", "file_rules", "funnel", "quality", "truth", "verification"]
