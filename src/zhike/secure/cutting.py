"""Form *cut*: identifiers are cut out of free text before it is stored, and sealed beside it.

`打13800000001找王小明` becomes `打⟦phone:1⟧找王小明` and {"phone:1": "13800000001"}: the text stays searchable and readable, what
reaches a person lies under the record's key.
"""

import re

from zhike_analytics.values.codes import luhn_ok

_FULL_DIGITS = {ord("０") + n: str(n) for n in range(10)} | {ord("＠"): "@", ord("＋"): "+", ord("－"): "-"}
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

_PATTERNS = (
    ("email", re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    ("id_number", re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")),
    ("bank_card", re.compile(r"(?<!\d)\d(?:[ -]?\d){15,18}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)(?:(?:\+|00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")),
    ("wechat", re.compile(r"(?<=[:： ])(?<![A-Za-z])[A-Za-z][A-Za-z0-9_-]{5,19}(?![A-Za-z0-9_-])")),
)
_WECHAT_BEFORE = re.compile(r"(?:微信|wechat|[wv]x)\s*(?:号|id)?\s*[:： ]\s*\Z", re.IGNORECASE)
# Order numbers are as long as identity and card numbers: a birth date and an issuer must stand where they belong.
_BIRTH = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_ISSUER = re.compile(r"4|5[1-5]|2[2-7]|62|81")
CUT = re.compile(r"⟦([a-z_]+):(\d+)⟧")


def cut(text: str) -> tuple[str, dict[str, str]]:
    """The text with identifiers replaced by ⟦kind:number⟧, and what was cut, by `kind:number`.

    Kinds: phone, email, id_number (check digit right), bank_card (Luhn right), wechat (only where the text says so).
    Brackets typed by hand are softened first, so that nobody can write a mark of their own.
    """
    body = text.translate(_FULL_DIGITS).replace("⟦", "[").replace("⟧", "]")
    cuttings: dict[str, str] = {}

    for kind, pattern in _PATTERNS:

        def out(found: re.Match[str], kind: str = kind) -> str:
            if not _is(kind, found):
                return found[0]
            name = f"{kind}:{sum(key.startswith(kind) for key in cuttings) + 1}"
            cuttings[name] = found[0]
            return f"⟦{name}⟧"

        body = pattern.sub(out, body)
    return body, cuttings


def _is(kind: str, found: re.Match[str]) -> bool:
    digits = re.sub(r"[ -]", "", found[0])
    if kind == "id_number":
        total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _ID_WEIGHTS, strict=True))
        return "10X98765432"[total % 11] == digits[17].upper() and bool(_BIRTH.match(digits, 6))
    if kind == "bank_card":
        return luhn_ok(digits) and bool(_ISSUER.match(digits))
    if kind == "wechat":
        return bool(_WECHAT_BEFORE.search(found.string[: found.start()]))
    return True


def words(body: str, labels: dict[str, str]) -> str:
    """The body for a reader: each cutting named by its kind, never by its value."""
    return CUT.sub(lambda found: f"［{labels.get(found[1], found[1])}］", body)
