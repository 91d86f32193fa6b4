"""What is known of one value of one file, as bits of a whole number; `quality.tallied` adds them up."""

ASKED, FILLED, INVALID = (
    1,
    2,
    4,
)  # somebody should know it · a usable value stands there · what was stated is not usable
DATED, STALE = 8, 16  # its age was looked at · older than agreed
COMPARED, CONTRADICTED = 32, 64  # compared with another source or field · they disagree
IDENTIFYING, SHARED, EXTRA = (
    128,
    256,
    512,
)  # should be one customer's alone · another has it too · all but the first of them


DIMENSIONS = ("completeness", "validity", "uniqueness", "timeliness", "consistency")
