"""The snapshot against Django iterators: seconds, ratio and peak memory on one database, increments included.

    python -m benchmarks.snapshot --customers 1000000 --lines 10000000
    python -m benchmarks.snapshot --database postgresql://…   (an empty database; it is filled)

Every contender runs in a process of its own and writes the same tables to Parquet. "iterator" writes batches of 50,000
rows as they come; "gathered" collects each table first, as scripts commonly do.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINES_PER_ORDER = 4


def main() -> None:
    """Fill a database, run the contenders, print a table of ratios and one JSON line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--customers", type=int, default=100_000)
    options.add_argument("--lines", type=int, default=1_000_000)
    options.add_argument("--database", default="", help="postgresql:// address; SQLite when left out")
    options.add_argument("--changed", type=float, default=0.001, help="share of orders changed before the increment")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhike-bench-") as home:
        environment = {**os.environ, "ZHIKE_HOME": home, "DJANGO_SETTINGS_MODULE": "zhike.config.settings"}
        environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        if given.database:
            environment["ZHIKE_DATABASE"] = given.database

        def step(name: str, **values: float) -> dict[str, float]:
            told = subprocess.run(
                [sys.executable, "-m", "benchmarks.snapshot_steps", name, json.dumps(values)],
                env=environment,
                cwd=ROOT,
                check=True,
                capture_output=True,
                text=True,
            )
            found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
            return found

        began = time.monotonic()
        filled = step("fill", customers=given.customers, orders=given.lines // LINES_PER_ORDER, lines=LINES_PER_ORDER)
        print(f"filled {filled['rows']:,.0f} rows in {time.monotonic() - began:.0f} s")
        results = {name: step(name) for name in ("snapshot", "iterator", "gathered")}
        step("change", share=given.changed)
        results["increment"] = step("increment")
        results["rfm"] = step("rfm")
    show(results)


def show(results: dict[str, dict[str, float]]) -> None:
    """Seconds, peak memory and both as ratios to the snapshot."""
    ours = results["snapshot"]
    print(f"{'':12}{'seconds':>9}{'ratio':>8}{'peak MB':>9}{'ratio':>8}{'rows':>14}")
    for name, found in results.items():
        print(
            f"{name:12}{found['seconds']:9.1f}{found['seconds'] / ours['seconds']:8.1f}"
            f"{found['peak_mb']:9.0f}{found['peak_mb'] / ours['peak_mb']:8.1f}{found['rows']:14,.0f}"
        )
    print(json.dumps(results))


if __name__ == "__main__":
    main()
