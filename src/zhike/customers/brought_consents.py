"""What an answer out of a file does, pure: a withdrawal is never undone by a yes that does not say it came later."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # reaches models, and this crosses the door of records
    from zhike.secure.consents import Newest

OUTCOMES = ("given", "withdrawn", "unchanged", "kept")


@dataclass(frozen=True, slots=True)
class BroughtConsent:
    """One cell of a file: `is_dated` when the cell names the day itself, else `at` is the day the file stands for."""

    purpose: str
    answer: str  # given, withdrawn
    at: dt.datetime
    is_dated: bool = False


def decide(
    said: BroughtConsent, customer: int, members: Sequence[int], newest: Mapping[tuple[int, str], "Newest"]
) -> tuple[str, list[int]]:
    """(outcome, customers who keep the answer). `members` is the whole merged group.

    given or withdrawn: it is kept. unchanged: that stands already. kept: an earlier withdrawal goes on holding; a yes is
    taken over it only when its own day is after it.
    """
    own = newest.get((customer, said.purpose))
    out = [m for m in members if (n := newest.get((m, said.purpose))) is not None and n.answer == "withdrawn"]
    if said.answer == "withdrawn":
        still_in = [m for m in members if m not in out]
        return ("withdrawn", still_in) if still_in else ("unchanged", [])
    if own is not None and own.answer == "withdrawn":
        return ("given", [customer]) if said.is_dated and said.at > own.at else ("kept", [])
    if out and not said.is_dated:
        return "kept", []
    return ("unchanged", []) if own is not None and own.answer == "given" else ("given", [customer])
