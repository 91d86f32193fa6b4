"""`python -m benchmarks`: every measurement in turn, on a ground of the size asked for (default: 1M customers, 10M lines).

    python -m benchmarks --customers 100000 --lines 1000000      a smaller ground
    python -m benchmarks --home FOLDER                           keep the ground, or use one made before

With ZHIKE_DATABASE and ZHIKE_KEYRING set, the same on PostgreSQL. Figures are ratios against something measured in the same
run where there is something; the rest stands beside its target. Nothing here is a test: a shared machine is noisy.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Run the measurements; the exit code is that of the first that failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--home", type=Path)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhike-bench-") as scratch:
        home = wanted.home or Path(scratch)
        made = (home / "zhike.sqlite3").exists()
        size = ["--customers", str(wanted.customers), "--lines", str(wanted.lines)]
        steps = [
            [] if made else ["benchmarks.ground", *size],
            ["benchmarks.pages"],
            ["benchmarks.imports", "--rows", str(min(wanted.customers // 5, 200_000))],
            ["benchmarks.snapshot"],
            ["benchmarks.rfm"],
            ["benchmarks.quality"],
            ["benchmarks.value", *size],
            ["benchmarks.matching", "--records", str(wanted.customers)],
            ["benchmarks.segments", "--customers", str(wanted.customers), "--orders", str(wanted.lines * 2 // 5)],
        ]
        environment = os.environ | {"ZHIKE_HOME": str(home), "ZHIKE_TESTING": "1"}
        for step in filter(None, steps):
            print(f"\n== {' '.join(step)}", flush=True)
            code = subprocess.run([sys.executable, "-m", *step], env=environment).returncode
            if code:
                return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
