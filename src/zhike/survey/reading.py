"""Reading a file of answers: which column is which question, what a cell is worth, whom a row means."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from zhike.survey.records import QuestionFacts
from zhike_analytics.values.moments import moment
from zhike_analytics.values.problem import ValueProblem

IDENTIFIERS = {
    "number": ("file number", "customer number", "number", "档案编号", "客户编号"),
    "phone": ("phone", "mobile", "telephone", "手机", "手机号", "手机号码", "电话", "联系电话"),
    "email": ("email", "e-mail", "mail", "邮箱", "电子邮箱", "电子邮件"),
}
_MOMENT = ("answered at", "submitted at", "date", "time", "答题时间", "提交时间", "提交答卷时间", "时间", "日期")
# What survey services write before a question: “1、”, “Q3.”, “第2题：”
_COUNTED = re.compile(r"^\s*(?:q|第)?\s*\d{1,3}\s*(?:题)?\s*[、.．:：)）]\s*", re.IGNORECASE)


@dataclass(slots=True)
class Read:
    """The rows that say something, and what was left out. `unused`: headings no question claims."""

    questions: dict[str, str] = field(default_factory=dict)  # code → heading
    identifiers: dict[str, str] = field(default_factory=dict)  # kind → heading
    unused: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, float], dict[str, str], dt.datetime | None]] = field(default_factory=list)
    empty: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)


def read(
    headings: Sequence[str], rows: Sequence[tuple[int, list[str]]], asked: Sequence[QuestionFacts], zone: str
) -> Read:
    """Bind columns to questions by heading, code or text, then read every cell by the scale of its question."""
    told, places, moment_at = _bound(headings, asked)
    by_code = {one.code: one for one in asked}
    for number, cells in rows:
        values: dict[str, float] = {}
        for code, place in places.items():
            text = cells[place].strip() if place < len(cells) else ""
            if not text:
                continue
            value = value_of(by_code[code], text)
            if value is None:
                told.unreadable[code] += 1
            else:
                values[code] = value
        if not values:
            told.empty += 1
            continue
        who = {kind: cells[headings.index(head)].strip() for kind, head in told.identifiers.items()}
        at = _moment(cells[moment_at].strip(), zone) if moment_at is not None and moment_at < len(cells) else None
        told.rows.append((number, values, {kind: text for kind, text in who.items() if text}, at))
    return told


def value_of(question: QuestionFacts, text: str) -> float | None:
    """What an answer is worth on its question's scale: one of its words or of its values; None where it is neither."""
    said = text.strip()
    if said in question.scale_labels:
        return float(question.scale_values[question.scale_labels.index(said)])
    try:
        value = float(said.rstrip("%分").strip())
    except ValueError:
        return None
    if question.scale == "percent":
        return value if 0 <= value <= 100 else None
    return value if value in question.scale_values else None


def _bound(headings: Sequence[str], asked: Sequence[QuestionFacts]) -> tuple[Read, dict[str, int], int | None]:
    told, places = Read(), {}
    moment_at: int | None = None
    for place, heading in enumerate(headings):
        calm = _calm(heading)
        code = next(
            (
                q.code
                for q in asked
                if q.code not in places and calm in {_calm(q.heading), _calm(q.code), _calm(q.text)} and calm
            ),
            None,
        )
        kind = next((k for k, words in IDENTIFIERS.items() if calm in words and k not in told.identifiers), None)
        if code is not None:
            places[code] = place
            told.questions[code] = heading
        elif kind is not None:
            told.identifiers[kind] = heading
        elif calm in _MOMENT and moment_at is None:
            moment_at = place
        elif heading.strip():
            told.unused.append(heading[:80])
    return told, places, moment_at


def _calm(text: Any) -> str:
    return " ".join(_COUNTED.sub("", str(text)).split()).casefold()


def _moment(text: str, zone: str) -> dt.datetime | None:
    try:
        return moment(text, zone).at if text else None
    except ValueProblem:
        return None
