"""Values of fields with a kind: numbers, days, choices, lists, long texts, as the file keeps them.

Raises ValueProblem with a code (`number.bad`, `choice.unknown`, `text.identifier`, `text.too_long` …) for what cannot stand.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from django.utils import translation

from zhike.secure import cutting, fields
from zhike_analytics.values import moments, text
from zhike_analytics.values.problem import ValueProblem

LONGEST_TEXT = 4000
_LONGEST_LIST = 400
_MOST_ITEMS = 20
_BETWEEN = re.compile(r"[、,，;；|｜\n]+")
_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "是", "有", "对", "√"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0", "否", "无", "没有", "×"), "no"),
}


def read(field: fields.Field, given: str) -> str | None:
    """The normalized value of a field with a kind of its own; None for plain words, which are read by name."""
    reader = _READERS.get(field.kind)
    return reader(field, given) if reader else None


def _long(field: fields.Field, given: str) -> str:
    lines = (" ".join(line.split()) for line in given.replace("\r\n", "\n").split("\n"))
    calm = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not calm or text.is_blank_word(calm):
        raise ValueProblem("text.blank")
    if len(calm) > LONGEST_TEXT:
        raise ValueProblem("text.too_long", limit=LONGEST_TEXT)
    # What lies open may not hold a phone or an address of mail: these have fields that seal them.
    if not field.sealed and cutting.cut(calm)[1]:
        raise ValueProblem("text.identifier")
    return calm


def _list(field: fields.Field, given: str) -> str:
    items = list(dict.fromkeys(calm for part in _BETWEEN.split(given) if (calm := text.squash(part))))
    if not items or text.is_blank_word(given):
        raise ValueProblem("text.blank")
    if len(items) > _MOST_ITEMS:
        raise ValueProblem("list.too_many", limit=_MOST_ITEMS)
    joined = "、".join(items)
    if len(joined) > _LONGEST_LIST:
        raise ValueProblem("text.too_long", limit=_LONGEST_LIST)
    if text.is_masked(joined):
        raise ValueProblem("text.masked")
    if not field.sealed and cutting.cut(joined)[1]:
        raise ValueProblem("text.identifier")
    return joined


def _number(field: fields.Field, given: str) -> str:
    if text.is_blank_word(given):
        raise ValueProblem("text.blank")
    try:
        number = Decimal(text.squash(given).replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueProblem("number.bad") from None
    if not number.is_finite() or abs(number) >= 10**15:
        raise ValueProblem("number.bad")
    plain = format(number.quantize(Decimal("0.000001")).normalize(), "f")
    return "0" if plain in ("-0", "0") else plain


def _date(field: fields.Field, given: str) -> str:
    return moments.moment(given).day.isoformat()


def _choice(field: fields.Field, given: str) -> str:
    found = _codes(field).get(text.fold(given))
    # “none” says nothing in most cells; where it is a choice (an intention, means) it says something.
    if found is None and text.is_blank_word(given):
        raise ValueProblem("text.blank")
    if found is None:
        raise ValueProblem("choice.unknown")
    return found


def _many(field: fields.Field, given: str) -> str:
    known = _codes(field)
    parts = [part for part in _BETWEEN.split(given) if part.strip() and not text.is_blank_word(part)]
    if not parts:
        raise ValueProblem("text.blank")
    chosen = {known.get(text.fold(part)) for part in parts}
    if None in chosen:
        raise ValueProblem("choice.unknown")
    return "|".join(code for code, _ in fields.choices_of(field) if code in chosen)


def _codes(field: fields.Field) -> Mapping[str, str]:
    return _YES_NO if field.kind == "yes_no" else _words_of(field)


_words: dict[str, tuple[fields.Field, dict[str, str]]] = {}


def _words_of(field: fields.Field) -> dict[str, str]:
    """What a choice may be written as: its code, and its label in either language."""
    held = _words.get(field.name)
    if held is not None and held[0] is field:  # a field defined anew is another object
        return held[1]
    found: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= {text.fold(str(label)): code for code, label in fields.choices_of(field)}
    found |= {text.fold(code): code for code, _ in fields.choices_of(field)}
    _words[field.name] = (field, found)
    return found


_READERS: Mapping[str, Callable[[fields.Field, str], str]] = {
    "long": _long,
    "list": _list,
    "number": _number,
    "date": _date,
    "choice": _choice,
    "yes_no": _choice,
    "many": _many,
}
