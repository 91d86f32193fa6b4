"""Everything out in an open format, and in again: JSON Lines, one folder, no Zhike needed to read it.

The pages docs/how-to/move.md and docs/reference/open-format.md tell the format; `FORMAT_VERSION` changes with it.
"""

FORMAT = "zhike-everything"
FORMAT_VERSION = 1
PART_ROWS = 20_000
PART_BYTES = 8 << 20  # whichever is reached first: memory holds one part
PAGE_ROWS = 2_000
SHORTEST_PASSPHRASE = 12
