"""What runs by the clock, in the shop's time zone; a night missed runs after the restart."""

from zhike.kit.jobs.schedule import Nightly

ENTRIES = [
    Nightly("analyze.nightly", at="02:30"),
    Nightly("kit.sweep", at="03:40"),
]
