"""What this module does when something is announced, one file a part; importing the package hears all."""

from zhike.clean.handlers import duplicates, verification

__all__ = ["duplicates", "verification"]
