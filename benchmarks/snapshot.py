"""The snapshot of the ground against Django iterators: seconds, ratio and peak memory on one database, increments included.

Run after `benchmarks.ground` on the same ZHIKE_HOME: `python -m benchmarks.snapshot`. Every contender runs in a process of its own
and writes the same tables to Parquet. "iterator" writes batches of 50,000 rows as they come; "gathered" collects each table
first, as scripts commonly do; the two run side by side, which can only flatter the snapshot's ratio by what they share, so that
the ratio is one of processor time.
"""

import json
import subprocess
import sys
from typing import Any

from benchmarks.telling import tell

CHANGED = 0.001


def main() -> None:
    """Run the contenders and tell the ratios."""
    ours = _ended(_begun("snapshot"))
    tell(f"snapshot of {ours['rows']:,.0f} rows", ours["seconds"], "s", processor=f"{ours['processor']:.0f} s")
    tell("largest memory of the snapshot", ours["peak_mb"], "MB")
    others = {name: _begun(name) for name in ("iterator", "gathered")}
    for name, started in others.items():
        found = _ended(started)
        assert found["rows"] > 0
        words = f"{found['seconds']:.0f} s, processor {found['processor']:.0f} s, {found['peak_mb']:,.0f} MB"
        least = 3.5 if name == "iterator" else None
        tell(
            f"Django's {name} by the snapshot, processor",
            found["processor"] / ours["processor"],
            "×",
            at_least=least,
            peer=words,
        )
        eight = 8 if name == "gathered" else None
        tell(f"memory of Django's {name} by the snapshot's", found["peak_mb"] / ours["peak_mb"], "×", at_least=eight)
    changed = _ended(_begun("change", share=CHANGED))
    found = _ended(_begun("increment"))
    words = f"{changed['rows']:,.0f} orders changed"
    tell(
        f"increment of {found['rows']:,.0f} rows",
        found["seconds"],
        "s",
        processor=f"{found['processor']:.1f} s",
        peer=words,
    )
    found = _ended(_begun("rfm"))
    tell(
        f"RFM from the lake, {found['rows']:,.0f} scored",
        found["seconds"],
        "s",
        processor=f"{found['processor']:.1f} s",
    )


def _begun(name: str, **values: float) -> Any:
    words = [sys.executable, "-m", "benchmarks.snapshot_steps", name, json.dumps(values)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def _ended(started: Any) -> dict[str, float]:
    out, _ = started.communicate()
    if started.returncode:
        raise SystemExit(f"a step ended with {started.returncode}")
    found: dict[str, float] = json.loads(out.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
