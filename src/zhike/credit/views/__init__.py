"""Pages of enterprise figures and credit."""
