"""The question of a cube: what by what, of which part, in which period. It stands whole in the address of the page."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol
from urllib.parse import urlencode

from zhike.analyze.cubes.fields import DIMENSIONS, MEASURES, TOLD_BY, CubeMeasure, Dimension
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.parameters import ParametersRefused
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

MOST_ROWS, MOST_COLUMNS, MOST_MEASURES = 3, 2, 4
MOST_VALUES = 60  # of one dimension in a filter
ALL_TIME = "all"
SPANS = ("days_365", "days_90", "month", "quarter", "year", ALL_TIME, "own")
Part = tuple[str, tuple[str, ...]]  # a dimension and the values of it that are looked at


class QuestionRefused(ValueError):
    """A cube cannot be asked like this: a stable code, and the name it is about."""

    def __init__(self, code: str, name: str = "") -> None:
        self.code, self.name = code, name[:40]
        super().__init__(code)


class Asked(Protocol):
    """What an address asks: a QueryDict, or anything read like one."""

    def getlist(self, key: str, /) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Question:
    """Dimensions in rows and columns, measures in the cells, the part looked at, the period."""

    rows: tuple[str, ...] = ("province",)
    columns: tuple[str, ...] = ("month",)
    measures: tuple[str, ...] = ("net",)
    where: tuple[Part, ...] = ()
    span: str = "days_365"
    first: str = ""
    last: str = ""

    def __post_init__(self) -> None:
        used = [*self.rows, *self.columns, *(name for name, _values in self.where)]
        for known, names in ((DIMENSIONS, used), (MEASURES, self.measures)):
            for name in names:
                if name not in known:
                    raise QuestionRefused("unknown", name)
        if len(set(self.rows + self.columns)) < len(self.rows + self.columns):
            raise QuestionRefused("twice")
        if not self.measures or len(self.measures) > MOST_MEASURES or len(set(self.measures)) < len(self.measures):
            raise QuestionRefused("measures")
        if not self.rows or len(self.rows) > MOST_ROWS or len(self.columns) > MOST_COLUMNS:
            raise QuestionRefused("dimensions")
        if any(not values or len(values) > MOST_VALUES for _name, values in self.where):
            raise QuestionRefused("values")
        self._check_period()
        for measure in self.measures:
            self.facts_of(measure)

    def _check_period(self) -> None:
        if self.span not in SPANS:
            raise QuestionRefused("period")
        if self.span != ALL_TIME:
            try:
                MeasureParameters(span=self.span, first=self.first, last=self.last)
            except ParametersRefused:
                raise QuestionRefused("period") from None

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Every dimension used, in rows, columns and filters, once."""
        return tuple(dict.fromkeys((*self.rows, *self.columns, *(name for name, _values in self.where))))

    @property
    def kinds(self) -> set[str]:
        """Of whom or what the dimensions used tell."""
        return {DIMENSIONS[name].kind for name in self.dimensions}

    def facts_of(self, measure: str) -> str:
        """The facts that tell a measure by these dimensions. Raises QuestionRefused `not_by`."""
        for facts in MEASURES[measure].facts:
            if self.kinds <= TOLD_BY[facts]:
                return facts
        raise QuestionRefused("not_by", measure)

    def period(self, as_of: dt.date) -> tuple[dt.date, dt.date] | None:
        """First and last day looked at; None: from the first day on."""
        if self.span == ALL_TIME:
            return None
        return MeasureParameters(span=self.span, first=self.first, last=self.last).periods(as_of)[1]

    def as_json(self) -> dict[str, Any]:
        """For a row."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Question":
        """From a row; names of other versions are ignored. Raises QuestionRefused."""
        told: dict[str, Any] = {n: tuple(stored[n]) for n in ("rows", "columns", "measures") if n in stored}
        told["where"] = tuple((str(name), tuple(map(str, values))) for name, values in stored.get("where", ()))
        told |= {name: str(stored[name]) for name in ("span", "first", "last") if name in stored}
        return cls(**told)

    @classmethod
    def asked(cls, given: Asked) -> "Question":
        """From the names and values of an address. Raises QuestionRefused."""
        if not given.getlist("rows"):
            return cls()
        parts: dict[str, list[str]] = {}
        for one in given.getlist("where"):
            name, found, value = str(one).partition("~")
            if not found:
                raise QuestionRefused("values", name)
            held = parts.setdefault(name, [])
            if value[:200] not in held:
                held.append(value[:200])
        return cls(
            rows=_names(given.getlist("rows")),
            columns=_names(given.getlist("columns")),
            measures=_names(given.getlist("measures")) or ("net",),
            where=tuple((name, tuple(values)) for name, values in parts.items()),
            span=_last(given, "span") or "days_365",
            first=_last(given, "first"),
            last=_last(given, "last"),
        )

    def address(self) -> str:
        """The question as it stands in an address."""
        pairs = [("rows", name) for name in self.rows] + [("columns", name) for name in self.columns]
        pairs += [("measures", name) for name in self.measures]
        pairs += [("where", f"{name}~{value}") for name, values in self.where for value in values]
        pairs += [(name, value) for name in ("span", "first", "last") if (value := getattr(self, name))]
        return urlencode(pairs)

    def narrowed(self, parts: Iterable[tuple[str, str]]) -> "Question":
        """The same question of a smaller part: each dimension held at one value."""
        held = dict(self.where) | {name: (value,) for name, value in parts}
        return replace(self, where=tuple(held.items()))

    def without(self, name: str) -> "Question":
        """The same question with a filter taken off."""
        return replace(self, where=tuple(part for part in self.where if part[0] != name))

    def deeper(self, name: str, value: str) -> "Question":
        """Held at one value of a dimension, which gives its place to the next finer one not used yet."""
        narrowed, finer = self.narrowed([(name, value)]), DIMENSIONS[name].deeper
        while finer and finer in self.rows + self.columns:
            finer = DIMENSIONS[finer].deeper
        if not finer:
            return narrowed
        rows, columns = (tuple(finer if n == name else n for n in side) for side in (self.rows, self.columns))
        return replace(narrowed, rows=rows, columns=columns)

    def turned(self) -> "Question | None":
        """Rows and columns exchanged; None where there are too many rows for it or no columns."""
        if not self.columns or len(self.rows) > MOST_COLUMNS:
            return None
        return replace(self, rows=self.columns, columns=self.rows)

    def key(self, *parts: Any) -> str:
        """A digest of the question and of what else its answer depends on."""
        told = json.dumps([self.as_json(), *parts], sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(told.encode()).hexdigest()[:40]


def _last(given: Asked, name: str) -> str:
    return str((given.getlist(name) or [""])[-1])


def _names(given: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(name) for name in given if name))


def sees(viewer: Viewer, of: Dimension | CubeMeasure) -> bool:
    """Whether the viewer may be told by this dimension, or this measure."""
    return not of.field or secure.sight(viewer, of.field) == "shown"


def check_sight(viewer: Viewer, question: Question) -> None:
    """What somebody may not see tells nothing apart and counts nothing. Raises QuestionRefused `unknown`."""
    named: dict[str, Dimension | CubeMeasure] = {name: DIMENSIONS[name] for name in question.dimensions}
    named |= {name: MEASURES[name] for name in question.measures}
    for name, told in named.items():
        if not sees(viewer, told):
            raise QuestionRefused("unknown", name)
