"""RFM of a hundred million order lines by a process of its own: its seconds, and the largest memory it took (target 1 GiB).

    python -m benchmarks.hundred_million --lines 100000000 --customers 10000000

The lines are made as `benchmarks.rfm` makes them, written as Parquet by another process, so that what is told is what RFM took. Results
are written to a file, as the product keeps them.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.rfm import AS_OF, LINES
from benchmarks.telling import Stopwatch, tell

_GIB_IN_MB, _ENGINE_MB = 1024, 384


def main() -> int:
    """Make the lines, score the customers, tell."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--lines", type=int, default=100_000_000)
    asked.add_argument("--customers", type=int, default=10_000_000)
    asked.add_argument("--make", type=Path, help="only write the lines to this file")
    options = asked.parse_args()
    if options.make:
        _make(options.make, options.lines, options.customers)
        return 0
    from zhike_analytics.purchases import connection
    from zhike_analytics.rfm import rfm_run

    with tempfile.TemporaryDirectory() as folder:
        lines, scored = Path(folder) / "lines.parquet", Path(folder) / "scored.parquet"
        size = ["--lines", str(options.lines), "--customers", str(options.customers)]
        subprocess.run([sys.executable, "-m", "benchmarks.hundred_million", "--make", str(lines), *size], check=True)
        engine = connection()
        # The engine spills what it has no room for; a part of the process's memory is not the engine's to count.
        engine.con.execute(
            f"SET temp_directory = '{folder}/passing'; SET memory_limit = '{_ENGINE_MB}MB'; SET preserve_insertion_order = false"
        )
        watch = Stopwatch()
        rfm_run(lines, as_of=AS_OF).table.to_parquet(scored)
        seconds, processor = watch.read()
        people = engine.read_parquet(scored).count().to_pyarrow().as_py()
    tell(f"RFM of {options.lines:,} lines, {people:,} scored", seconds, "s", processor=f"{processor:.0f} s")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    tell("largest memory", most, "MB", at_most=_GIB_IN_MB)
    return 0


def _make(path: Path, lines: int, customers: int) -> None:
    import duckdb

    con = duckdb.connect()
    con.execute("SET preserve_insertion_order = false")
    con.execute(LINES.format(path=path, lines=lines, customers=customers))


if __name__ == "__main__":
    raise SystemExit(main())
