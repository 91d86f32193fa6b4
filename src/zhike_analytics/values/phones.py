"""Telephone numbers: Chinese mobiles by a fast rule of our own, everything else by phonenumbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhike_analytics.values.problem import ValueProblem
from zhike_analytics.values.text import ascii_digits, is_blank_word, is_masked, squash

_SEGMENTS = {
    "telecom": "133 149 153 162 1700 1701 1702 173 1740 1741 1742 1743 1744 1745 177 180 181 189 190 191 193 199",
    "mobile": "1340 1341 1342 1343 1344 1345 1346 1347 1348 135 136 137 138 139 147 148 150 151"
    " 152 157 158 159 165 1703 1705 1706 172 178 182 183 184 187 188 195 197 198",
    "unicom": "130 131 132 145 146 155 156 166 167 1704 1707 1708 1709 171 175 176 185 186 196",
    "broadnet": "192",
    "satellite": "1349 1619 1746 1747 1748 1749",
}


def _by_four_digits() -> dict[str, str]:
    table: dict[str, str] = {}
    for operator, segments in _SEGMENTS.items():
        for segment in segments.split():
            tens = range(10) if len(segment) == 3 else [""]
            for last in tens:
                # A four-digit entry is more exact than a three-digit one and must win.
                key = f"{segment}{last}"
                if len(segment) == 4 or key not in table:
                    table[key] = operator
    return table


_OPERATOR = _by_four_digits()
_RESOLD = frozenset(("162", "165", "167", "170", "171"))

_MOBILE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9]\d{9})\Z")
_MOBILE_WITH_EXTENSION = re.compile(r"(?:(?:\+|00)?86)?(1[3-9]\d{9})(?:-|转|,|#|ext|x)(\d{1,6})\Z")
_IOT = re.compile(r"(?:(?:\+|00)?86)?(14[0-4]\d{10}|10(?:64|65|69)\d{9})\Z")
_SERVICE = re.compile(r"(?:(?:\+|00)?86)?([48]00\d{7})\Z")
_LOCAL = re.compile(r"[2-8]\d{6,7}\Z")
_TIGHT = re.compile(r"[\s()\[\].·_]|(?<=\d)[-‐‑–—](?=\d)")
_SPACES = re.compile(r"[\s()\[\].·_]")
_DASHES = str.maketrans("‐‑–—−", "-----")
_EXTENSION_WORDS = re.compile(r"(?:转|分机|ext\.?|＃|#)", re.IGNORECASE)
# 0571-88888888-801: the last group is an extension only after a whole subscriber number.
_LANDLINE_EXTENSION = re.compile(r"(0\d{2,3}[) -]*\d{7,8})-(\d{1,6})\Z")
_NUMBER_LIKE = re.compile(r"[\d+\-() .x/;,、转分机ext#]+\Z", re.IGNORECASE)
_SEVERAL = re.compile(r"1[3-9]\d{9}\D+(?:\+?86)?1[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class Phone:
    """A normalized telephone number.

    kind: ``mobile`` · ``landline`` · ``foreign`` · ``virtual`` (a shop's privacy number with an
    extension: it is not the person's own) · ``iot`` · ``service`` (400/800).
    operator: by segment, ``""`` when unknown; number portability means it is a hint, no proof.
    segment_known: False warns of a mobile segment missing in our plan (plans change).
    """

    e164: str
    kind: str
    operator: str
    tail4: str
    extension: str = ""
    segment_known: bool = True
    resold: bool = False

    @property
    def identifies_person(self) -> bool:
        """Whether two people with this number are probably the same person."""
        return self.kind in ("mobile", "landline", "foreign")


def phone(text: str, region: str = "CN") -> Phone:
    """Normalize a telephone number written in ``region``.

    >>> phone("０１３８-0013-8000"[1:]).e164
    '+8613800138000'

    Raises ValueProblem: ``phone.blank``, ``phone.masked``, ``phone.several``,
    ``phone.local_only`` (a landline without its area code), ``phone.too_short``,
    ``phone.too_long``, ``phone.invalid``.
    """
    if region == "CN":
        plain = _MOBILE.match(text)
        if plain and plain[1].isascii():
            return _mobile(plain[1])
    if is_masked(text):
        raise ValueProblem("phone.masked")
    if is_blank_word(text):
        raise ValueProblem("phone.blank")
    calm = ascii_digits(squash(text)).translate(_DASHES).replace("（", "(").replace("）", ")")
    if region == "CN":
        found = _chinese(calm)
        if found:
            return found
    return _any(calm, region)


def e164(text: str, region: str = "CN") -> str:
    """The number alone, as ``phone`` reads it: a plain mobile, as nearly all are, costs a tenth."""
    plain = _MOBILE.match(text) if region == "CN" else None
    return "+86" + plain[1] if plain and plain[1].isascii() else phone(text, region).e164


def _mobile(digits: str) -> Phone:
    operator = _OPERATOR.get(digits[:4], "")
    return Phone("+86" + digits, "mobile", operator, digits[7:], "", operator != "", digits[:3] in _RESOLD)


def _chinese(calm: str) -> Phone | None:
    spaceless = _SPACES.sub("", calm)
    virtual = _MOBILE_WITH_EXTENSION.match(spaceless.replace("分机", "转"))
    if virtual:
        number = virtual[1]
        return Phone("+86" + number, "virtual", _OPERATOR.get(number[:4], ""), number[7:], virtual[2])
    tight = _TIGHT.sub("", calm)
    plain = _MOBILE.match(tight)
    if plain:
        return _mobile(plain[1])
    iot = _IOT.match(tight)
    if iot:
        return Phone("+86" + iot[1], "iot", "", iot[1][-4:])
    service = _SERVICE.match(tight)
    if service:
        return Phone("+86" + service[1], "service", "", service[1][-4:])
    if _LOCAL.match(tight):
        raise ValueProblem("phone.local_only", region="CN")
    if _SEVERAL.search(calm):
        raise ValueProblem("phone.several")
    return None


def _any(calm: str, region: str) -> Phone:
    # phonenumbers costs 60 ms to import and 19 µs a number: only when the fast rules fail.
    import phonenumbers
    from phonenumbers import NumberParseException, ValidationResult

    if not _NUMBER_LIKE.match(calm):
        raise ValueProblem("phone.invalid")
    calm = _LANDLINE_EXTENSION.sub(r"\1 x\2", _EXTENSION_WORDS.sub(" x", calm))
    try:
        number = phonenumbers.parse(calm, region)
    except NumberParseException as error:
        raise ValueProblem(_PARSE_CODES.get(error.error_type, "phone.invalid")) from None
    if not phonenumbers.is_valid_number(number):
        reason = phonenumbers.is_possible_number_with_reason(number)
        raise ValueProblem(
            {
                ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "phone.local_only",
                ValidationResult.TOO_SHORT: "phone.too_short",
                ValidationResult.TOO_LONG: "phone.too_long",
            }.get(reason, "phone.invalid"),
            region=region,
        )
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.country_code != 86:
        kind = "foreign"
    else:
        national = str(number.national_number)
        if number.extension is None and _MOBILE.match(national):
            return _mobile(national)
        kind = "landline"
    return Phone(e164, kind, "", e164[-4:], number.extension or "")


# NumberParseException: 0 invalid country code, 1 not a number, 2 and 3 too short, 4 too long.
_PARSE_CODES = {2: "phone.too_short", 3: "phone.too_short", 4: "phone.too_long"}
