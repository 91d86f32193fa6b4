"""Statements a program sent many of at once: stored sealed, one JSON object a line, recorded like any file."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from zhike.collect.models import ImportRun
from zhike.collect.statements import Layout
from zhike.collect.statements.made import Made
from zhike.collect.storage import opener_of
from zhike.customers.records import Statement
from zhike.kit.installation import installation
from zhike.shop.records import LineStatement, OrderStatement

TEMPLATE = "api"  # stands where other runs name their template
_MOMENTS = ("as_of", "ordered_at", "paid_at")


@dataclass(frozen=True, slots=True)
class ItemsMapping:
    """What the recorder asks a mapping: what the statements are about."""

    kind: str
    thing: str = ""


@dataclass(frozen=True, slots=True)
class PreparedItems:
    """Everything needed to walk through the statements; stands where a file's `PreparedFile` stands."""

    run: ImportRun
    mapping: ItemsMapping
    layout: Layout
    zone: str
    currency: str

    @property
    def builder(self) -> "PreparedItems":
        """Makes statements of what `groups` gives."""
        return self

    def groups(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The stored statements with their numbers, always in the same order."""
        with opener_of(self.run.file_key)() as stream:
            for number, line in enumerate(stream, start=1):
                yield number, json.loads(line)

    def build(self, stored: tuple[int, dict[str, Any]]) -> Made:
        """One stored statement as it was sent."""
        number, given = stored
        if self.mapping.kind == "orders":
            return Made((number,), order=_order(number, given))
        return Made((number,), customer=_statement(number, given))


def as_lines(statements: Iterable[Statement | OrderStatement]) -> Iterator[bytes]:
    """Statements as they are stored."""
    for one in statements:
        yield json.dumps(asdict(one), ensure_ascii=False, default=_plain).encode() + b"\n"


def prepare_items(run: ImportRun) -> PreparedItems:
    """Open what was stored."""
    shop, count = installation(), int(run.check_result["items"])
    layout = Layout(count, count, {})
    return PreparedItems(run, ItemsMapping(run.kind), layout, shop.time_zone, shop.currency)


def _statement(number: int, given: Mapping[str, Any]) -> Statement:
    told = {**_with_moments(given), "row_no": number}
    told |= {"key": tuple(given["key"]), "joins": tuple(given["joins"]), "weak": tuple(given["weak"])}
    return Statement(**told)


def _order(number: int, given: Mapping[str, Any]) -> OrderStatement:
    told = {**_with_moments(given), "row_no": number, "raw": ()}
    told["lines"] = tuple(LineStatement(**line) for line in given["lines"])
    told["buyer"] = _statement(number, given["buyer"]) if given["buyer"] else None
    return OrderStatement(**told)


def _with_moments(given: Mapping[str, Any]) -> dict[str, Any]:
    moments = {name: dt.datetime.fromisoformat(given[name]) for name in _MOMENTS if given.get(name)}
    return {**given, **moments}


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
