"""The check of one file: what is known of each value, as bits, and the score of the whole. Pure: files in, findings out."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhike.clean.quality.rules import COST, SECONDS, Rule
from zhike.customers.queries import weights
from zhike.customers.queries.whole_files import LiveVersion, WholeFile
from zhike_analytics.quality_bits import (
    ASKED,
    COMPARED,
    CONTRADICTED,
    DATED,
    FILLED,
    IDENTIFYING,
    INVALID,
    STALE,
)
from zhike_analytics.values import addresses, codes
from zhike_analytics.values.problem import ValueProblem

# A statement that could not be read is about the fields it would have filled.
_READ_AS = {"address": "address_detail"}


@dataclass(slots=True)
class Findings:
    """What was found on one file: bits by field, keys of identifying values, and the score (0 to 100)."""

    customer_id: int
    bits: dict[str, int]
    score: int
    keys: dict[str, str] = field(default_factory=dict)  # identifying field → what stands for its value
    oldest_days: int = 0  # age of the oldest value that is out of date


@dataclass(slots=True)
class Plan:
    """The rules that look at files of one kind at one stage, sorted by what they need."""

    named: frozenset[str]
    required: frozenset[str]
    fresh: dict[str, int]
    tests: dict[str, list[Callable[[str], bool]]]
    formats: frozenset[str]
    unique: frozenset[str]
    agrees: frozenset[str]
    checks_place: bool
    weights: Mapping[str, int]
    whole: int
    cost: dict[tuple[str, str], float]  # (field, dimension) → part of the weight a fault takes
    asked: dict[str, int]  # the bits of a file of which nothing is known
    filled: dict[str, int]  # the bits of each field once it is known
    closer: frozenset[str]  # fields whose value is looked at, not only whether there is one
    worth: dict[tuple[str, ...], float] = field(default_factory=dict)  # weight of these fields together


class Checker:
    """Checks files against rules as of a day; plans are made once for each kind and stage."""

    def __init__(self, rules: Sequence[Rule], day: dt.date) -> None:
        self.rules, self.day = list(rules), day
        self.names = tuple(dict.fromkeys(r.field for r in self.rules))
        self._plans: dict[tuple[str, str, bool], Plan] = {}
        self._ages: dict[dt.datetime, int] = {}
        self._places: dict[tuple[str, str], bool | None] = {}

    def check(self, file: WholeFile) -> Findings:
        """What one file is like."""
        plan = self._plans.get((file.kind, file.stage, file.is_key)) or self._plan(file.kind, file.stage, file.is_key)
        bits, filled, closer = plan.asked.copy(), plan.filled, plan.closer
        by_id = {v.id: v for v in file.versions}
        known = file.origins
        found = Findings(file.customer_id, bits, 0)
        for name in known:
            if name in filled:
                bits[name] = (
                    filled[name] | self._of_value(plan, file, name, by_id, found) if name in closer else filled[name]
                )
        if file.is_key:
            _seconds(plan, file, bits)
        if "name" in filled and "name" not in known and file.open_values.get("name"):
            bits["name"] = filled["name"]  # a company's file bears the company's name
        for name in _unread(file.versions):
            if name in plan.formats and name not in known:
                bits[name] = bits.get(name, 0) | INVALID
        if len(file.versions) > 1:
            _compare(plan, file, bits)
        if plan.checks_place and "city" in file.open_values and "province" in file.open_values:
            self._place(file, bits)
        found.score = _score(plan, file, bits)
        return found

    def _place(self, file: WholeFile, bits: dict[str, int]) -> None:
        """Whether the city lies in the province; a shop's customers live in some hundreds of them."""
        place = file.open_values["city"], file.open_values["province"]
        if place not in self._places:
            if len(self._places) > 50_000:
                self._places.clear()
            self._places[place] = addresses.city_lies_in(*place)
        fits = self._places[place]
        if fits is not None:
            bits["city"] = bits.get("city", 0) | COMPARED | (0 if fits else CONTRADICTED)

    def _of_value(
        self, plan: Plan, file: WholeFile, name: str, by_id: Mapping[int, LiveVersion], found: Findings
    ) -> int:
        bits = 0
        version = by_id.get(file.origins.get(name, 0))
        if name in plan.tests:
            value = file.value(name)
            if value is not None and not all(test(value) for test in plan.tests[name]):
                bits |= INVALID
        if name in plan.unique and (key := _key(version, name) or file.value(name)):
            found.keys[name] = key
            bits |= IDENTIFYING
        if version is not None and name in plan.fresh:
            bits |= DATED
            age = self._age(_last_held(version, name))
            if age > plan.fresh[name]:
                bits |= STALE
                found.oldest_days = max(found.oldest_days, age)
        return bits

    def _age(self, moment: dt.datetime) -> int:
        """Whole days; statements of one import share their moment."""
        if moment not in self._ages:
            if len(self._ages) > 50_000:
                self._ages.clear()
            self._ages[moment] = (self.day - moment.date()).days
        return self._ages[moment]

    def _plan(self, kind: str, stage: str, is_key: bool) -> Plan:
        mine = [r for r in self.rules if r.is_about(kind, stage, is_key=is_key)]
        worth = weights(kind, stage)

        def of(*checks: str) -> frozenset[str]:
            return frozenset(r.field for r in mine if r.check in checks)

        named, required = frozenset(r.field for r in mine), of("required")
        fresh = {r.field: r.threshold for r in mine if r.check == "fresh"}
        tests, unique = _tests(mine), of("unique")
        plan = Plan(
            named=named,
            required=required,
            fresh=fresh,
            tests=tests,
            formats=of("format"),
            unique=unique,
            agrees=of("agrees"),
            checks_place=bool(of("place")),
            weights=worth,
            whole=sum(worth.values()),
            cost={(r.field, r.dimension): COST[r.severity] for r in mine},
            asked=dict.fromkeys(required, ASKED),
            filled={name: FILLED | (ASKED if name in required else 0) for name in named},
            closer=unique | tests.keys() | fresh.keys(),
        )
        self._plans[kind, stage, is_key] = plan
        return plan


def _last_held(version: LiveVersion, name: str) -> dt.datetime:
    """When a value was last known to hold: when it was stated, or found right by asking, whichever came later."""
    verdict = version.verdicts.get(name)
    return max(version.as_of, verdict.at) if verdict is not None and verdict.is_right else version.as_of


def _seconds(plan: Plan, file: WholeFile, bits: dict[str, int]) -> None:
    """Whether others than the owner know the file too: a person named twice is no second person."""
    held = {file.owner_staff_id, None}
    for name, staff_id in zip(SECONDS, file.seconds, strict=True):
        if staff_id not in held and name in plan.filled:
            bits[name] = plan.filled[name]
        held.add(staff_id)


def _unread(versions: Iterable[LiveVersion]) -> set[str]:
    names: set[str] = set()
    for version in versions:
        if "_unread" in version.facts:
            names.update(_READ_AS.get(name, name) for name in version.facts["_unread"])
    return names


def _key(version: LiveVersion | None, name: str) -> str:
    """What stands for a sealed value: its digest."""
    stated = version.facts.get(name) if version else None
    return stated["k"] if isinstance(stated, dict) else str(stated or "")


def _compare(plan: Plan, file: WholeFile, bits: dict[str, int]) -> None:
    """Mark the fields on which the newest statements of several sources differ; what the house settled is no contradiction."""
    said: dict[str, dict[int, tuple[tuple[dt.datetime, int], Any]]] = {}
    settled: set[str] = set()
    for version in file.versions:
        weak = version.facts.get("_weak", ())
        for name in plan.agrees:
            if name not in version.facts or name in weak:
                continue
            if version.is_house:
                settled.add(name)
            elif version.facts[name] is not None:
                age, by_record = (version.as_of, version.id), said.setdefault(name, {})
                before = by_record.get(version.source_record_id)
                if before is None or before[0] < age:
                    by_record[version.source_record_id] = (age, version.facts[name])
    for name, by_record in said.items():
        if len(by_record) > 1:
            told = [v["k"] if isinstance(v, dict) else v for _, v in by_record.values()]
            differs = name not in settled and any(v != told[0] for v in told)
            bits[name] = bits.get(name, 0) | COMPARED | (CONTRADICTED if differs else 0)


def _score(plan: Plan, file: WholeFile, bits: Mapping[str, int]) -> int:
    """Weight of what is known, less what its faults cost, ÷ weight of everything that counts; 0 to 100."""
    if not plan.whole:
        return 100
    names = file.origins if "name" in file.origins or "company" not in file.origins else {**file.origins, "name": 0}
    got = _worth(plan, tuple(names))
    for name, told in bits.items():
        if told & _ANY_FAULT and name in names:
            worth = plan.weights.get(name, 0)
            got -= worth - worth * _kept(plan, name, told)
    return round(100 * got / plan.whole)


def _worth(plan: Plan, names: tuple[str, ...]) -> float:
    """What these fields weigh together; most files know one of a few dozen sets of fields."""
    if names not in plan.worth:
        if len(plan.worth) > 50_000:
            plan.worth.clear()
        plan.worth[names] = float(sum(plan.weights.get(name, 0) for name in names))
    return plan.worth[names]


def _kept(plan: Plan, name: str, told: int) -> float:
    """The part of a field's weight its faults leave."""
    return max(1.0 - sum(plan.cost.get((name, dimension), 0.5) for bad, dimension in _FAULTS if told & bad), 0.0)


_ANY_FAULT = INVALID | STALE | CONTRADICTED
_FAULTS = ((INVALID, "validity"), (STALE, "timeliness"), (CONTRADICTED, "consistency"))


def _tests(rules: Iterable[Rule]) -> dict[str, list[Callable[[str], bool]]]:
    """Tests of open values, by field; sealed ones were tested when they were read."""
    found: dict[str, list[Callable[[str], bool]]] = {}
    for rule in rules:
        if test := _test_of(rule):
            found.setdefault(rule.field, []).append(test)
    return found


def _test_of(rule: Rule) -> Callable[[str], bool] | None:
    limit = rule.threshold
    if rule.check == "format":
        return _is_credit_code if rule.field == "credit_code" else None
    tests: dict[str, Callable[[str], bool]] = {
        "shortest": lambda value: len(value) >= limit,
        "longest": lambda value: len(value) <= limit,
        "at_least": lambda value: _number(value) >= limit,
        "at_most": lambda value: _number(value) <= limit,
    }
    return tests.get(rule.check)


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0


def _is_credit_code(value: str) -> bool:
    try:
        codes.uscc(value)
    except ValueProblem:
        return False
    return True
