"""Pages of the collect module."""
