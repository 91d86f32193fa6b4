"""Statements from a file: looked at first, then recorded; the same file again changes nothing."""

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from zhike.collect import queries as collect
from zhike.credit import statement_columns as columns
from zhike.credit.actions.statements import (
    StatementRefused,
    _check,
    _of_period,
    lay_statement,
    mark_newest,
    refuse_bad,
    restate,
)
from zhike.credit.records import AMOUNTS, ImportTally, Stated
from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.secure import actions as secure
from zhike.secure.records import Viewer
from zhike_analytics.values import amounts
from zhike_analytics.values.problem import ValueProblem

MOST_ROWS = 2_000
MOST_BYTES = 4 << 20
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?\Z")
_Read = tuple[int, int, Stated]  # row, root customer, statement


class StatementFileRefused(ValueError):
    """The file cannot be read as statements. `code`: too_large, too_many_rows, no_customer_column, no_day_column, no_amounts, or `unreadable`
    with `words` that say why."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(code)
        self.code, self.words = code, words


def check_statements(content: bytes, *, by: Viewer) -> ImportTally:
    """What a file would do, without doing it. Raises StatementFileRefused, Forbidden."""
    tally, read = _read(content, by)
    for _row, root, stated in read:
        records = customer_queries.record_ids_of(root)
        known = next((found for r in records if (found := _of_period(r, stated)) is not None), None)
        if known is None:
            tally.new += 1
        elif _differs(known, stated):
            tally.changed += 1
        else:
            tally.unchanged += 1
    tally.enterprises = len({root for _, root, _ in read})
    return tally


def record_statements(content: bytes, *, by: Viewer) -> ImportTally:
    """Record the statements of a file; rows that cannot stand are left out and told. Raises StatementFileRefused, Forbidden."""
    tally, read = _read(content, by)
    touched: set[int] = set()
    with transaction.atomic():
        for _row, root, stated in read:
            record_id = customers.house_record(root, by=by)
            known = _of_period(record_id, stated)
            if known is None:
                lay_statement(record_id, stated, by)
                tally.new += 1
            elif restate(known, stated):
                tally.changed += 1
            else:
                tally.unchanged += 1
                continue
            touched.add(record_id)
        mark_newest(touched)
        detail = {name: getattr(tally, name) for name in ("rows", "new", "changed", "unchanged", "left_out")}
        secure.record_audit("statements.brought", by=by, detail=detail)
    tally.enterprises = len({root for _, root, _ in read})
    return tally


def _read(content: bytes, by: Viewer) -> tuple[ImportTally, list[_Read]]:
    _check(by)
    if len(content) > MOST_BYTES:
        raise StatementFileRefused("too_large")
    try:
        headings, rows = collect.small_table(content)
    except collect.FileProblem as problem:
        raise StatementFileRefused("unreadable", collect.file_problem_text(problem)) from None
    if len(rows) > MOST_ROWS:
        raise StatementFileRefused("too_many_rows")
    places = columns.placed(headings)
    for part, code in (("customer", "no_customer_column"), ("ends_on", "no_day_column")):
        if part not in places:
            raise StatementFileRefused(code)
    if len(columns.unknown_amounts(places)) == len(AMOUNTS):
        raise StatementFileRefused("no_amounts")
    tally, read = ImportTally(rows=len(rows), text=_as_text(headings, rows)), []
    seen: set[tuple[int, dt.date, str, bool]] = set()
    found: dict[str, int | str] = {}
    for number, cells in rows:
        row = {part: cells[place].strip() for part, place in places.items()}
        root = found.setdefault(row["customer"], _customer(row["customer"], by))
        if isinstance(root, str):
            tally.refuse(number, root, "customer")
            continue
        try:
            stated = _stated(row)
            refuse_bad(stated)
        except StatementRefused as refusal:
            tally.refuse(number, refusal.code, refusal.part)
            continue
        key = (root, stated.ends_on, stated.period, stated.is_consolidated)
        if key in seen:
            tally.refuse(number, "twice", "ends_on")
            continue
        seen.add(key)
        read.append((number, root, stated))
    return tally, read


def _customer(text: str, by: Viewer) -> int | str:
    """The one organization a cell means: by file number, or by name or code in full; else why not."""
    if not text:
        return "no_customer"
    answer = customer_queries.search(by, text, most=20)
    lines = customer_queries.lines(by, answer.ids)
    firms = {i: line for i, line in lines.items() if line.kind == "organisation"}
    if answer.kind == "name":
        firms = {i: line for i, line in firms.items() if line.name == text}
    if len(firms) == 1:
        return next(iter(firms))
    return "ambiguous" if firms else "person" if lines and answer.kind == "number" else "unknown_customer"


def _stated(row: dict[str, str]) -> Stated:
    period = columns.PERIODS.get(row.get("period", "").lower())
    unit = columns.UNITS.get(row.get("unit", "").replace(" ", "").lower())
    if period is None:
        raise StatementRefused("period", "period")
    if unit is None:
        raise StatementRefused("unit", "unit")
    flags = {}
    for name in ("is_audited", "is_consolidated"):
        said = row.get(name, "").lower()
        if said not in columns.YES and said not in columns.NO:
            raise StatementRefused("flag", name)
        flags[name] = said in columns.YES
    cents = {name: _cents(row.get(name, ""), unit, name) for name in AMOUNTS}
    return Stated(
        ends_on=_day(row["ends_on"]),
        period=period,
        is_audited=flags["is_audited"],
        is_consolidated=flags["is_consolidated"],
        amounts=cents,
        origin=row.get("origin", ""),
    )


def _cents(text: str, unit: int, name: str) -> int | None:
    if text in ("", "-", "–", "—"):
        return None
    try:
        return int((Decimal(amounts.amount(text).text) * unit).to_integral_value())
    except ValueProblem:
        raise StatementRefused("amount", name) from None


def _day(text: str) -> dt.date:
    found = _DAY.match(text)
    if found is None and re.fullmatch(r"\d{4}", text):
        return dt.date(int(text), 12, 31)
    try:
        return dt.date(*(int(part) for part in found.groups())) if found else dt.date.fromisoformat(text)
    except ValueError:
        raise StatementRefused("day", "ends_on") from None


def _differs(known: object, stated: Stated) -> bool:
    flags = (stated.is_audited, " ".join(stated.origin.split())[:120])
    held = (getattr(known, "is_audited", None), getattr(known, "origin", None))
    return held != flags or any(getattr(known, f"{n}_cents") != stated.amounts.get(n) for n in AMOUNTS)


def _as_text(headings: Sequence[str], rows: Sequence[tuple[int, list[str]]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows(cells for _, cells in rows)
    return out.getvalue()
