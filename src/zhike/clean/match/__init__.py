"""The search for duplicates: values opened in memory, compared, and what was found kept as pairs of ids and weights."""
