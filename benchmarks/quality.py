"""The check of every file for data quality: one pass, in this process, as the child of the worker does it (target: a minute)."""

import os
import resource

import django

from benchmarks.telling import Stopwatch, tell


def main() -> None:
    """Check all files once and print the pace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    django.setup()
    from zhike.clean.actions import quality

    watch = Stopwatch()
    told = quality.measure_today()
    seconds, processor = watch.read()
    files = max(told["customers"], 1)
    tell(
        f"a million files checked, at the pace of {files:,}",
        1e6 * seconds / files,
        "s",
        at_most=60,
        processor=f"{1e6 * processor / files:.0f} s",
    )
    tell("largest memory of the check", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")


if __name__ == "__main__":
    main()
