"""One act of a visitor out of its row, with everything personal cut out of addresses and texts."""

import datetime as dt
from typing import Any

from zhike.collect.mapping.binding import Bound, Cells, Getter, UnknownWord
from zhike.collect.records import TrackedStatement
from zhike.collect.statements.grouping import Group
from zhike.collect.statements.made import Made
from zhike.collect.tracking import cutting
from zhike.collect.tracking.marks import EVENT_KINDS, mark_of
from zhike.customers.records import Problem, Statement
from zhike.kit import clock
from zhike_analytics.values import amount, is_masked, lost_digits, moment
from zhike_analytics.values.problem import ValueProblem

_LONGEST_KEY = 200
_YES = ("1", "true", "yes", "是")  # of a wish not to be tracked
_AHEAD_SECONDS = 86_400  # clocks of visitors are wrong; a day is forgiven


def _blank(cells: Cells) -> str:
    return ""


class VisitBuilder:
    """Makes tracked events of one file. A message that is told twice counts once; so do equal rows without an id."""

    def __init__(self, bound: Bound, *, zone: str) -> None:
        self.bound, self.mapping = bound, bound.mapping
        self.zone = bound.mapping.zone or zone
        self.key_of: Getter = bound.thing.get("id", _blank)

    def build(self, group: Group) -> Made:
        """The act a row tells, or why it is kept out: who asks not to be tracked is not."""
        row = group.rows[-1]
        notes = tuple(Problem(number, "", "repeated_in_file", {"row": row.number}) for number in group.earlier)
        try:
            visit = self._visit(group.key, row.number, row.code, row.cells)
        except _Wrong as wrong:
            problem = Problem(row.number, wrong.field, wrong.code, wrong.params, True)
            return Made((row.number,), problems=(*notes, problem))
        return Made((row.number,), visit=visit, problems=notes)

    def _visit(self, key: str, row_no: int, code: str, cells: Cells) -> TrackedStatement:
        width = max((at + 1 for at, cell in enumerate(cells) if cell), default=0)
        if code == "row_too_long" or (code and self.bound.last_used >= width):
            raise _Wrong("", code)
        if self._text("do_not_track", cells).casefold() in _YES:
            raise _Wrong("do_not_track", "do_not_track")
        at = self._moment(cells)
        person, visitor = self._person(cells, at, row_no), self._text("visitor", cells)[:_LONGEST_KEY]
        if person is None and not visitor:
            raise _Wrong("visitor", "visitor_missing")
        if lost_digits(visitor):
            raise _Wrong("visitor", "digits_lost")
        return TrackedStatement(row_no, key[:_LONGEST_KEY], visitor, person, at, **self._said(cells))

    def _said(self, cells: Cells) -> dict[str, Any]:
        kind = self._word("kind", cells).casefold() or ("page" if "url" in self.bound.thing else "track")
        if kind not in EVENT_KINDS or kind == "group":
            raise _Wrong("kind", "event_kind_unknown", {"word": kind[:40]})
        url, name = self._text("url", cells), cutting.text_of(self._text("name", cells))
        path = cutting.path_of(url)
        entry = cutting.entry_of(
            referrer=self._text("referrer", cells),
            source=self._text("source", cells),
            medium=self._text("medium", cells),
            campaign=self._text("campaign", cells),
            url=url,
        )
        return {
            "kind": kind,
            "name": name,
            "path": path,
            "title": cutting.text_of(self._text("title", cells)),
            "section": cutting.text_of(self._text("section", cells)) or (cutting.section_of(path) if path else ""),
            "entry": entry.kind,
            "entry_name": entry.name,
            "mark": self._word("mark", cells) or mark_of(kind, name, path),
            "sku": cutting.text_of(self._text("sku", cells)),
            "amount_cents": self._cents(cells),
        }

    def _person(self, cells: Cells, at: dt.datetime, row_no: int) -> Statement | None:
        for kind, getter in self.bound.keys:
            value = getter(cells)
            if value and not is_masked(value):
                values = {kind: value} if kind in ("phone", "email") else {}
                return Statement((kind, value), at, values, row_no)
        return None

    def _text(self, name: str, cells: Cells) -> str:
        return self.bound.thing.get(name, _blank)(cells)

    def _word(self, name: str, cells: Cells) -> str:
        try:
            return self._text(name, cells)
        except UnknownWord as unknown:
            code = "event_kind_unknown" if name == "kind" else "status_unknown"
            raise _Wrong(name, code, {"word": unknown.word[:40]}) from None

    def _cents(self, cells: Cells) -> int | None:
        text = self._text("amount", cells)
        try:
            return amount(text, self.mapping.decimal).cents if text else None
        except ValueProblem as problem:
            raise _Wrong("amount", problem.code, dict(problem.params)) from None

    def _moment(self, cells: Cells) -> dt.datetime:
        try:
            at = moment(self._text("at", cells), self.zone, self.mapping.dates).at.astimezone(dt.UTC)
        except ValueProblem as problem:
            raise _Wrong("at", problem.code, dict(problem.params)) from None
        if at > clock.after(_AHEAD_SECONDS):
            raise _Wrong("at", "moment.ahead")
        return at


class _Wrong(Exception):
    """The row cannot be recorded."""

    def __init__(self, field: str, code: str, params: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.field, self.code, self.params = field, code, params or {}
