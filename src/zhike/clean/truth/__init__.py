"""Truth checks: signs of invented records, and what the pages show of collectors."""
