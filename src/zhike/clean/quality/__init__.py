"""Data quality: the catalogue of rules, the check of one file, the pass over all of them, and its result files."""
