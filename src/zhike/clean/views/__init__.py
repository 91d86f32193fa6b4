"""Pages of the clean module."""
