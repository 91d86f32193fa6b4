"""Pages of `reach`: parse, call one action, answer."""
