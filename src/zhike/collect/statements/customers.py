"""A customer out of the row of a customer list."""

import datetime as dt
import re

from zhike.collect.mapping.binding import Bound, Cells, Getter
from zhike.collect.statements.buyers import Buyers
from zhike.collect.statements.consents import consent_in
from zhike.collect.statements.grouping import Group
from zhike.collect.statements.made import Made
from zhike.customers.records import BroughtConsent, Problem
from zhike.kit import clock
from zhike_analytics.values import moment
from zhike_analytics.values.problem import ValueProblem

LONGEST_TAG, MOST_TAGS = 40, 50
_BETWEEN_TAGS = re.compile(r"[,，;；|、\n]+")


def tags_in(text: str) -> tuple[tuple[str, ...], int]:
    """The tags a cell names, each once, and how many were left out because no tag can be so long."""
    named = dict.fromkeys(calm for part in _BETWEEN_TAGS.split(text) if (calm := " ".join(part.split())))
    fitting = tuple(name for name in named if len(name) <= LONGEST_TAG)[:MOST_TAGS]
    return fitting, len(named) - len(fitting)


def _width(cells: Cells) -> int:
    """How many cells there are up to the last that holds something."""
    return max((at + 1 for at, cell in enumerate(cells) if cell), default=0)


class CustomerBuilder:
    """Makes customer statements of one file; `exported_at` is the moment they hold for when the row names none."""

    def __init__(self, bound: Bound, *, zone: str, exported_at: dt.datetime) -> None:
        self.bound, self.mapping = bound, bound.mapping
        self.zone = bound.mapping.zone or zone
        self._exported_at = exported_at
        self._buyers = Buyers(bound)

    def key_of(self, cells: Cells) -> str:
        """The text that tells rows of one customer together."""
        key, _ = self._buyers.key(cells)
        return "\t".join(key) if key else ""

    def build(self, group: Group) -> Made:
        """The customer a row states; of several rows with one key the last counts and the others are reported."""
        row = group.rows[-1]
        notes = tuple(Problem(number, "", "repeated_in_file", {"row": row.number}) for number in group.earlier)
        key, why = self._buyers.key(row.cells)
        if row.code and (row.code == "row_too_long" or self.bound.last_used >= _width(row.cells)):
            return self._refused(row.number, "", row.code, notes)
        if key is None:
            return self._refused(row.number, "key", "key_masked" if why == "masked" else "key_missing", notes)
        as_of = self._exported_at
        if self.bound.as_of and (text := self.bound.as_of(row.cells)):
            try:
                as_of = moment(text, self.zone, self.mapping.dates).at
            except ValueProblem as problem:
                notes += (Problem(row.number, "as_of", problem.code, problem.params),)
        statement = self._buyers.statement(key, row.cells, as_of, row.number)
        tags, odd = tags_in(self.bound.tags(row.cells)) if self.bound.tags else ((), 0)
        if odd:
            notes += (Problem(row.number, "tags", "tag_too_long", {"most": LONGEST_TAG}),)
        said = [self._consent(*pair, row.cells, as_of) for pair in self.bound.consents]
        notes += tuple(Problem(row.number, "consents", one) for one in said if isinstance(one, str) and one)
        consents = tuple(one for one in said if isinstance(one, BroughtConsent))
        if self.mapping.kind == "tags" and not tags:
            return self._refused(row.number, "tags", "tag_missing", notes)
        return Made((row.number,), customer=statement, problems=notes, tags=tags, consents=consents)

    def _consent(self, purpose: str, getter: Getter, cells: Cells, as_of: dt.datetime) -> BroughtConsent | str:
        text = getter(cells)
        at = min(as_of, clock.now())
        return consent_in(purpose, text, as_of=at, zone=self.zone, dates=self.mapping.dates) if text else ""

    @staticmethod
    def _refused(row_no: int, field: str, code: str, notes: tuple[Problem, ...]) -> Made:
        return Made((row_no,), problems=(*notes, Problem(row_no, field, code, fatal=True)))
