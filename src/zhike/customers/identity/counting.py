"""What hangs on roots and is counted above this module: whoever counts says so at start-up and is asked at each regrouping."""

from collections.abc import Callable, Collection, Mapping

# Given {source record: root} of some files and their roots: lays their figures down, in the open transaction.
Counter = Callable[[Mapping[int, int], Collection[int]], object]
# Given (absorbed root, survivor root): a code of why a machine may not join these two, or an empty text.
Veto = Callable[[int, int], str]

_counters: list[Counter] = []
_vetoes: list[Veto] = []


def on_regrouped(counter: Counter) -> None:
    """Call `counter` in the transaction of each merge, taking apart and move, for the files it made."""
    if counter not in _counters:
        _counters.append(counter)


def on_machine_merge(veto: Veto) -> None:
    """Ask `veto` before a machine joins two files; what it answers refuses the merge (`two_verified`, say)."""
    if veto not in _vetoes:
        _vetoes.append(veto)


def count_anew(records: Mapping[int, int], roots: Collection[int]) -> None:
    """Have every counter count these files."""
    for counter in _counters:
        counter(records, roots)


def refusal(absorbed_id: int, survivor_id: int) -> str:
    """Why a machine may not join these two, or an empty text."""
    return next((code for veto in _vetoes if (code := veto(absorbed_id, survivor_id))), "")
