"""Finding duplicates among a million customers, beside Splink with its own comparisons on the same records.

python -m benchmarks.matching [--records 1000000] [--beside 300000] [--skip-plain]

Target: 60 s and 2 GB. Printed are the steps in seconds and the peak memory of each way, both measured in a process of its
own; then what each found of the pairs that are true. The people are invented (tests/clean/people.py).
"""

import argparse
import gc
import json
import resource
import subprocess
import sys
import time
from itertools import islice

from benchmarks.telling import tell
from tests.clean.people import people
from zhike_analytics.linkage import blocking, engine, features, learning, measuring
from zhike_analytics.linkage.features import Known

_BATCH = 20_000
TARGET_SECONDS, TARGET_MB = 60, 2_048


def main() -> int:
    """Measure both ways and tell."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--records", type=int, default=1_000_000)
    asked.add_argument("--beside", type=int, default=300_000, help="how many of them beside plain Splink")
    asked.add_argument("--skip-plain", action="store_true")
    asked.add_argument("--way", choices=["ours", "plain"])
    options = asked.parse_args()
    if options.way:
        print(json.dumps((_ours if options.way == "ours" else _plain)(options.records)))
        return 0
    ours = _in_a_process("ours", options.records)
    _say("zhike", ours)
    each = options.records / 1e6
    spent = f"{ours['processor']:.0f} s"
    tell(f"duplicates among {options.records:,}", ours["seconds"], "s", at_most=TARGET_SECONDS * each, processor=spent)
    tell("largest memory, the invented people apart", ours["mb"], "MB", at_most=TARGET_MB)
    tell("F1 at even odds", ours["f1"], "")
    if not options.skip_plain:
        beside = min(options.beside, options.records)
        if beside != options.records:
            ours = _in_a_process("ours", beside)
            _say("zhike", ours)
        plain = _in_a_process("plain", beside)
        _say("Splink, its own comparisons", plain)
        words = f"Splink's own comparisons: {plain['seconds']:.0f} s, F1 {plain['f1']:.3f}, {plain['mb']:,} MB"
        tell(f"… of {beside:,} by plain Splink", ours["seconds"] / plain["seconds"], "×", peer=words)
        tell(f"F1 among {beside:,}", ours["f1"], "", at_least=plain["f1"], peer="plain Splink's")
    return 0


def _in_a_process(way: str, records: int) -> dict:
    words = [sys.executable, "-m", "benchmarks.matching", "--way", way, "--records", str(records)]
    return json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def _say(name: str, told: dict) -> None:
    print(f"\n{name}: {told['records']:,} records, {told['candidates']:,} pairs weighed")
    for step, (seconds, processor) in told["steps"].items():
        print(f"  {step:<12} {seconds:7.1f} s   processor {processor:7.1f} s")
    print(
        f"  {'together':<12} {told['seconds']:7.1f} s   processor {told['processor']:7.1f} s   peak {told['mb']:,} MB"
    )
    print(f"  precision {told['precision']:.3f}, recall {told['recall']:.3f}, F1 {told['f1']:.3f} (even odds)")


class _Clock:
    """Seconds by step: of the clock, and of the processors, which a shared machine does not lengthen."""

    def __init__(self) -> None:
        self.steps: dict[str, tuple[float, float]] = {}
        self._since = time.monotonic(), time.process_time()

    def step(self, name: str) -> None:
        now = time.monotonic(), time.process_time()
        self.steps[name] = now[0] - self._since[0], now[1] - self._since[1]
        self._since = now


def _told(records: int):
    """The invented people in compact rows: what the product reads from its database, batch by batch."""
    return people(int(records / 1.14), seed=5)


def _lay(con, known: list[Known]) -> None:
    con.register("batch", features.table([]))
    con.execute("CREATE TABLE people AS FROM batch")
    rows = iter(known)
    gc.disable()  # as the product does
    while batch := list(islice(rows, _BATCH)):
        con.register("batch", features.table(batch))
        con.execute("INSERT INTO people FROM batch")
    gc.enable()


def _ours(records: int) -> dict:
    told = _told(records)
    true = measuring.true_pairs(told.whose)
    before = _peak_mb()
    con = engine.memory(1_800)
    clock = _Clock()
    _lay(con, told.known)
    clock.step("features")
    fit = learning.fit(con)
    clock.step("learning")
    blocked = blocking.block(con)
    clock.step("pairing")
    found = engine.score(con, fit.parameters, at_least=-8)
    clock.step("weighing")
    settled = learning.settled(found.column("weight").to_pylist(), fit.parameters, len(told.known))
    shift = settled.prior_weight - fit.parameters.prior_weight
    clock.step("settling")
    pairs = zip(
        found.column("l").to_pylist(), found.column("r").to_pylist(), found.column("weight").to_pylist(), strict=True
    )
    measured = measuring.pairs_found([(left, right) for left, right, w in pairs if w + shift >= 0], true)
    return _result(len(told.known), blocked.count, clock, measured, before)


def _plain(records: int) -> dict:
    """Splink as its guide begins: its own comparisons of names, dates, e-mails, telephones; its own blocking."""
    import pandas as pd
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    told = _told(records)
    true = measuring.true_pairs(told.whose)
    before = _peak_mb()
    clock = _Clock()
    frame = pd.DataFrame(
        {
            "unique_id": [one.id for one in told.known],
            "name": [one.name or None for one in told.known],
            "phone": [one.phones[0] if one.phones else None for one in told.known],
            "email": [one.email or None for one in told.known],
            "day": [one.birth_date or None for one in told.known],
            "city": [one.city or None for one in told.known],
            "detail": [one.address_detail or None for one in told.known],
        }
    )
    con = engine.memory(6_000)
    table = DuckDBAPI(connection=con).register(frame, dataset_display_name="people")
    rules = [
        block_on("phone"),
        block_on("email"),
        block_on("name", "city"),
        block_on("name", "day"),
        block_on("detail", "city"),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.NameComparison("name"),
            compare.LevenshteinAtThresholds("phone", [1, 2]),
            compare.EmailComparison("email"),
            compare.DateOfBirthComparison("day", input_is_string=True),
            compare.ExactMatch("city").configure(term_frequency_adjustments=True),
            compare.JaroWinklerAtThresholds("detail", [0.9]),
        ],
        blocking_rules_to_generate_predictions=rules,
        retain_matching_columns=False,
    )
    clock.step("features")
    linker = Linker(table, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("phone", "name"), block_on("email", "name")], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_001, seed=5)
    for rule in (block_on("phone"), block_on("name", "city")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)
    clock.step("learning")
    found = linker.inference.predict(threshold_match_weight=-8)
    rows = con.execute(f"SELECT unique_id_l, unique_id_r, match_weight FROM {found.physical_name}").fetchall()
    clock.step("weighing")
    measured = measuring.pairs_found([(left, right) for left, right, w in rows if w >= 0], true)
    return _result(len(told.known), len(rows), clock, measured, before)


def _result(records: int, candidates: int, clock: _Clock, found: measuring.Found, before_mb: int) -> dict:
    return {
        "records": records,
        "candidates": candidates,
        "steps": clock.steps,
        "seconds": sum(seconds for seconds, _ in clock.steps.values()),
        "processor": sum(processor for _, processor in clock.steps.values()),
        # The people themselves, as Python objects, stand in no product process: there they come in batches.
        "mb": _peak_mb() - before_mb,
        "precision": found.precision,
        "recall": found.recall,
        "f1": found.f1,
    }


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
