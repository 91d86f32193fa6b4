"""Pages of the reach module."""
