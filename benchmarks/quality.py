"""The check of every file for data quality: one pass, in this process, as the child of the worker does it (target: a minute)."""

import os
import resource
import time

import django


def main() -> None:
    """Check all files once and print the pace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    django.setup()
    from zhike.clean.actions import quality

    begun = time.perf_counter()
    told = quality.measure_today()
    seconds = time.perf_counter() - begun
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{told['customers']:,} files checked in {seconds:.1f} s, {told['customers'] / seconds:,.0f}/s; peak {peak_mb:,.0f} MB"
    )
    print(f"a million at this pace: {1e6 * seconds / max(told['customers'], 1):.0f} s (target: below 60 s)")


if __name__ == "__main__":
    main()
