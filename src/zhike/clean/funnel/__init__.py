"""The funnel: what is pure in it."""
