"""Cells that a spreadsheet must not take for formulas."""

import unicodedata

_STARTS = frozenset("=+-@\t\r\n|%")
_SKIPPED = frozenset(" \u00a0\u3000\"'\u2018\u2019\u201c\u201d\ufeff\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e")


def harmless(cell: str) -> str:
    """The cell with a leading apostrophe where a spreadsheet could run it.

    Looks behind blanks, quotes and invisible marks, and at full-width forms (＝ ＋ － ＠), which some programs fold to ASCII.
    A plain number keeps its minus: -12.50 is no formula.
    """
    if not cell:
        return cell
    if cell[0] in "\t\r\n":
        return f"'{cell}"
    first = next((c for c in cell if c not in _SKIPPED), "")
    folded = unicodedata.normalize("NFKC", first)[:1]
    if folded not in _STARTS or (folded in "+-" and _is_number(cell)):
        return cell
    return f"'{cell}"


def _is_number(cell: str) -> bool:
    digits = cell[1:].replace(",", "").replace(".", "", 1)
    return cell[0] in "-+" and digits.isascii() and digits.isdigit()
