"""A mapping guessed for a file no template knows: from its headings, and from what its cells look like.

The values decide where headings mislead: a column called 联系方式 full of mail addresses is an e-mail column, and one called
phone without a single phone number is not a phone column.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from zhike.collect.mapping.binding import clean, folded
from zhike.collect.mapping.targets import NEEDED, STATE_WORDS, TARGETS, Target, targets_of
from zhike_analytics.values import amount, emails, is_masked, moment, phones
from zhike_analytics.values.problem import ValueProblem

MOST_ROWS = 500
_ENOUGH = 0.7  # of the filled cells that must look as the meaning wants
_LEAST_SCORE = 0.5
_HAN_NAME = re.compile(r"[\u4e00-\u9fff·]{2,5}\Z")
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Guess:
    """What a file seems to be: its kind, column → meaning, and what else a mapping file must say."""

    kind: str
    meanings: dict[int, str]
    row_per: str = "order"
    dates: str = ""
    decimal: str = ""
    words: dict[str, dict[str, str]] = field(default_factory=dict)  # meaning → word of the file → code


@dataclass(slots=True)
class Column:
    """A column with its filled cells, and which looks they have."""

    heading: str
    cells: list[str]
    shares: dict[str, float] = field(default_factory=dict)

    def looks(self, kind: str) -> float:
        """The share of filled cells that look like this."""
        if kind not in self.shares:
            test = _LOOKS[kind]
            self.shares[kind] = sum(map(test, self.cells)) / len(self.cells) if self.cells else 0.0
        return self.shares[kind]


def guess(headers: Sequence[str], rows: Rows, kind: str = "") -> Guess:
    """The likeliest mapping of these columns; of one kind only when it is named. `rows` is a sample of raw cells."""
    columns = [
        Column(folded(name), [text for row in rows if at < len(row) and (text := clean(row[at]))])
        for at, name in enumerate(headers)
    ]
    tried = {one: _assigned(columns, targets_of(one)) for one in ([kind] if kind else TARGETS)}
    chosen = max(tried, key=lambda one: (_merit(one, tried[one]), -list(TARGETS).index(one)))
    meanings = {at: target.code for at, (target, _) in tried[chosen].items()}
    return Guess(
        kind=chosen,
        meanings=meanings,
        row_per=_row_per(columns, rows, meanings),
        dates=_dates(columns, meanings),
        decimal=_decimal(columns, meanings),
        words={code: words_of(code, columns[at].cells) for at, code in meanings.items() if code in STATE_WORDS},
    )


def words_of(code: str, cells: Sequence[str]) -> dict[str, str]:
    """The words of a column of states, each with the code it most likely stands for (blank: nothing is like it)."""
    known = {folded(word): state for state, words in STATE_WORDS[code].items() for word in words.split("|")}
    return {word[:80]: _state_of(folded(word), known) for word, _ in Counter(cells).most_common(40)}


def _state_of(word: str, known: dict[str, str]) -> str:
    if word in known:
        return known[word]
    inside = [(len(name), state) for name, state in known.items() if name in word and len(name) > 1]
    return max(inside)[1] if inside else ""


def _assigned(columns: list[Column], targets: Sequence[Target]) -> dict[int, tuple[Target, float]]:
    """The best meaning for each column, each meaning once: the surest pairs first."""
    pairs = sorted(
        ((_score(column, target), -at, -place, at, target) for at, column in enumerate(columns) for place, target in enumerate(targets)),
        key=lambda pair: pair[:3],
        reverse=True,
    )  # fmt: skip
    found: dict[int, tuple[Target, float]] = {}
    taken: set[str] = set()
    for score, _, _, at, target in pairs:
        if score < _LEAST_SCORE:
            break
        if at not in found and target.code not in taken:
            found[at] = (target, score)
            taken.add(target.code)
    return found


def _score(column: Column, target: Target) -> float:
    """0 to 1.3: how well heading and cells of a column fit a meaning."""
    by_heading = _heading_score(column.heading, target)
    if not target.looks:
        return by_heading
    share = column.looks(target.looks)
    if not column.cells:
        return by_heading * 0.9
    if target.looks in ("phone", "email") and share >= _ENOUGH:
        return max(by_heading, 0.6) + 0.3  # nothing else looks like these
    if share < _ENOUGH:
        return by_heading * 0.4
    return by_heading + 0.2 if by_heading else 0.0


def _heading_score(heading: str, target: Target) -> float:
    names = [name for name in target.headings.split("|") if name]
    bare = re.sub(r"[\W_]+", "", heading)
    if heading in names or bare in {re.sub(r"[\W_]+", "", name) for name in names}:
        return 1.0
    inside = [len(name) for name in names if len(name) >= 2 and name in heading]
    return 0.5 + 0.3 * max(inside) / max(len(heading), 1) if inside else 0.0


def _merit(kind: str, found: dict[int, tuple[Target, float]]) -> float:
    codes = {target.code for target, _ in found.values()}
    if not set(NEEDED[kind]) <= codes:
        return 0.0
    if kind in ("customers", "tags") and not codes & {
        f"customer.{key}" for key in ("phone", "email", "platform_id", "platform_handle")
    }:
        return 0.0  # fmt: skip
    if kind == "tags" and len(found) > 4:
        return 0.0
    # The heading of what makes the kind what it is counts double, so that a column 售后单号 makes cases of orders.
    return sum(score * (2 if target.code in NEEDED[kind] else 1) for target, score in found.values())


def _row_per(columns: list[Column], rows: Rows, meanings: dict[int, str]) -> str:
    at = next((at for at, code in meanings.items() if code == "order.id"), None)
    if at is None:
        return "order"
    numbers = [clean(row[at]) for row in rows if at < len(row) and row[at]]
    return "line" if len(set(numbers)) < len(numbers) else "order"


def _dates(columns: list[Column], meanings: dict[int, str]) -> str:
    """dmy or mdy where only one of the two readings holds for all cells; blank where both do, or none."""
    cells = [cell for at, code in meanings.items() if code.endswith("_at") for cell in columns[at].cells]
    holding = [order for order in ("dmy", "mdy") if all(_reads(cell, order) for cell in cells)]
    return holding[0] if len(holding) == 1 else ""


def _decimal(columns: list[Column], meanings: dict[int, str]) -> str:
    money = ("total", "paid", "postage", "refund", "unit_price", "amount", "price", "cost")
    cells = [cell for at, code in meanings.items() if code.partition(".")[2] in money for cell in columns[at].cells]
    return "," if any(re.search(r"\d,\d{1,2}\Z", cell) for cell in cells) else ""


def _reads(cell: str, order: str | None) -> bool:
    try:
        moment(cell, "UTC", order)
    except ValueProblem as problem:
        return problem.code == "moment.blank"
    return True


def _is_moment(cell: str) -> bool:
    return any(mark in cell for mark in "-/:.年") and any(_reads(cell, order) for order in (None, "dmy", "mdy"))


def _is_amount(cell: str) -> bool:
    try:
        return len(cell) <= 20 and bool(amount(cell, ",") if re.search(r"\d,\d{1,2}\Z", cell) else amount(cell))
    except ValueProblem as problem:
        return problem.code == "amount.ambiguous"


def _is_phone(cell: str) -> bool:
    if is_masked(cell):
        return bool(re.match(r"\+?\d{3}[*xX]{4,}\d{2,4}\Z", cell))
    try:
        return sum(map(str.isdigit, cell)) >= 7 and phones.phone(cell).identifies_person
    except ValueProblem:
        return False


def _is_email(cell: str) -> bool:
    try:
        return "@" in cell and bool(emails.email(cell))
    except ValueProblem:
        return False


def _is_name(cell: str) -> bool:
    return bool(_HAN_NAME.match(cell)) or (
        1 < len(cell) <= 60 and not any(map(str.isdigit, cell)) and all(c.isalpha() or c in " .,'’-·*" for c in cell)
    )


_LOOKS: dict[str, Callable[[str], bool]] = {
    "phone": _is_phone,
    "email": _is_email,
    "moment": _is_moment,
    "amount": _is_amount,
    "whole": lambda cell: bool(re.fullmatch(r"-?\d{1,6}(\.0+)?", cell)),
    "name": _is_name,
    "id": lambda cell: len(cell) <= 64 and not re.search(r"\s", cell) and "@" not in cell,
}


def looks_personal(cells: Sequence[str]) -> str:
    """The field of the catalogue whose mask a column nobody has named needs, as far as its cells tell."""
    column = Column("", [text for cell in cells if (text := clean(cell))])
    return next((kind for kind in ("phone", "email") if column.looks(kind) > 0), "")


def shape_of(cell: str) -> str:
    """What a cell looks like without what it says: digits as 9, letters as a, characters as 字."""
    marks = {"N": "9", "L": "a", "Z": " "}
    shown = "".join("字" if "\u4e00" <= c <= "\u9fff" else marks.get(unicodedata.category(c)[0], c) for c in cell[:24])
    return shown + ("…" if len(cell) > 24 else "")
