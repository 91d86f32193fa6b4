"""Text as it comes out of exports: odd blanks, invisible characters, spreadsheet guards, masks."""

from __future__ import annotations

import re
import unicodedata

# Full-width ASCII becomes ASCII, except the marks that are ordinary Chinese punctuation:
# turning ， into , in a product title would be vandalism, not normalization.
_CHINESE_MARKS = "！（），：；？"
_FULL_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in _CHINESE_MARKS}
_ALL_FULL_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLDED_MARKS = _ALL_FULL_TO_HALF | {
    ord("。"): ".", ord("、"): ",", ord("【"): "[", ord("】"): "]", ord("￥"): "¥",
    ord("—"): "-", ord("–"): "-", ord("−"): "-", ord("‐"): "-", ord("‑"): "-",
}  # fmt: skip

# A joiner is kept only inside an emoji sequence; elsewhere it only hides things.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
    "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
    "|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])"
)
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_BLANKS = re.compile(r"\s+")
# Nothing to calm: visible ASCII, everyday Chinese with its punctuation, single blanks between. Most cells are of this kind.
_VISIBLE = r"[!-~\u4e00-\u9fff，。、；：？！（）《》“”]+"
_PLAIN = re.compile(f"(?:{_VISIBLE}(?: {_VISIBLE})*)?\\Z")
# Compatibility ideographs have canonical decompositions: NFC would silently replace the rare
# character somebody is registered with, so they are left alone.
_COMPATIBILITY = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")

BLANK_WORDS = frozenset(
    [
        "n/a",
        "#n/a",
        "#null!",
        "#ref!",
        "#value!",
        "nil",
        "none",
        "undefined",
        "(null)",
        "(none)",
        "<null>",
        "[null]",
        "test",
        "testing",
        "无",
        "没有",
        "暂无",
        "空",
        "空白",
        "未知",
        "不详",
        "未填",
        "未填写",
        "未提供",
        "匿名",
        "保密",
        "测试",
        "无名",
        "无姓名",
        "无电话",
        "无地址",
        "-",
        "--",
        "---",
        "/",
        "//",
        "\\",
        ".",
        "..",
        "...",
        "…",
        "_",
        "__",
        "?",
        "??",
        "???",
        "0000-00-00",
        "xxx",
    ]
)
_LONGEST_BLANK = max(map(len, BLANK_WORDS))
# Null, Nan and Na are also real names; only the spellings that machines write count as blank.
BLANK_EXACT = frozenset(["NULL", "null", "NAN", "nan", "NaN", "NA", "na"])
_ONE_DIGIT = re.compile(r"(\d)\1{6,}\Z")

_FORMULA_WRAP = re.compile(r'=\s*"(.*)"\Z', re.DOTALL)
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d{2}\Z")

_MASKING = re.compile(r"[*＊✱∗●xX#$~]")  # every pattern below holds one of these
_STARS = re.compile(r"[*＊✱∗]|●●|^●|●\Z|[\d][xX]{3,}[\dxX]*\Z|[\d][xX]{3,}\d")
_DOT_IN_NAME = re.compile(r"\w{2,}●\w{2,}\Z")
_CIPHER = re.compile(r"(?:##|\$\$|\$[^$]+\$[^$]+\$|#[^#]+#[^#]*##|~.+~)")


def squash(text: str) -> str:
    """Return ``text`` in its calm form: NFC, half-width letters and digits, no invisible or
    direction-changing characters (U+202E and its kin), every run of blanks one space, trimmed.

    Not NFKC: that would turn ㎡ into m2 and rare name characters into common ones. Chinese
    punctuation stays; use :func:`fold` for comparing.
    """
    if _PLAIN.match(text):
        return text
    text = text.translate(_FULL_TO_HALF)
    text = _INVISIBLE.sub("", text)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        parts = _COMPATIBILITY.split(text)
        parts[::2] = [unicodedata.normalize("NFC", part) for part in parts[::2]]
        text = "".join(parts)
    return _BLANKS.sub(" ", text).strip()


def fold(text: str) -> str:
    """:func:`squash`, then all full-width and Chinese marks to ASCII and case folded away.

    Digits of other scripts become 0–9. For comparing and parsing, never for keeping.
    """
    calm = squash(text)
    if calm.isascii():
        return calm.casefold()
    return ascii_digits(calm).translate(_FOLDED_MARKS).casefold()


def ascii_digits(text: str) -> str:
    """``text`` with the decimal digits of every script (٣, ३) as 0–9."""
    if text.isascii() or not _OTHER_DIGIT.search(text):
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def is_blank_word(text: str | None) -> bool:
    """Whether a cell says "nothing": empty, N/A, 无, test, 11111111111, null, - and the like.

    Meant for fields about a person or an organization. An order number of seven equal digits
    would count as blank too, so do not use it on identifiers of orders.
    """
    if text is None:
        return True
    calm = squash(text)
    if not calm or calm in BLANK_EXACT:
        return True
    if len(calm) > _LONGEST_BLANK and not calm[0].isdigit():
        return False
    if calm.isascii():
        # Most values are plain ASCII, where case is all that folding changes.
        folded = calm.casefold()
        if folded in BLANK_WORDS:
            return True
        repeats = folded[0].isdigit() and folded[-1] in (folded[0], "-")
        return repeats and bool(_ONE_DIGIT.match(folded.replace("-", "")))
    folded = fold(calm)
    return folded in BLANK_WORDS or bool(_ONE_DIGIT.match(folded.replace("-", "")))


def strip_export_quirks(cell: str) -> str:
    """Undo what exporters do to keep spreadsheets from harming a value.

    ``="3515…"`` → ``3515…`` · ``=""`` → `` `` · ``'138…`` → ``138…`` · TAB before or after ·
    ``'=cmd`` (our own guard against formulas) → ``=cmd``. A real quotation ``'abc'`` stays.
    """
    value = cell.strip(" \t\r\n\u00a0\ufeff\u200b")
    wrapped = _FORMULA_WRAP.match(value)
    if wrapped:
        value = wrapped[1].replace('""', '"').strip(" \t\r\n\u00a0")
    if value[:1] in "'‘’＇" and value[:1] and not (len(value) > 1 and value[-1] == value[0]):
        value = value[1:].strip(" \t\r\n\u00a0")
    return "" if value == "'" else value


def lost_digits(cell: str) -> bool:
    """Whether a spreadsheet has already destroyed this number (``3.51512E+17``).

    Such an identifier cannot be repaired: two different orders may look equal.
    """
    return bool(_SCIENTIFIC.match(cell.strip()))


def is_masked(text: str | None) -> bool:
    """Whether a platform has hidden or encrypted part of the value: ``张**``, ``138****5678``,
    ``t**1``, ``小*测试``, ``138xxxx5678``, ``##…##``, ``$$…``, ``~…~``.

    A masked value is not an identity: many persons share it. A single ● between two parts of a
    name is a separator (see ``persons``), every other ● hides something.
    """
    if not text:
        return False
    if not _MASKING.search(text):
        return False
    value = text.strip()
    if _CIPHER.match(value):
        return True
    return bool(_STARS.search(value)) or ("●" in value and not _DOT_IN_NAME.match(value))
