"""From what is known of a customer to the columns that are compared: one row a customer, `None` where nothing is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from zhike_analytics.linkage import readings
from zhike_analytics.values import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow

COLUMNS = (
    "unique_id",
    "kind",
    "name",
    "is_han",
    "reading",
    "sound",
    "turned",
    "surname",
    "given",
    "coded",
    "phone",
    "phones",
    "email",
    "local",
    "day",
    "province",
    "city",
    "district",
    "detail",
    "numbers",
    "employer",
    "handles",
    "sex",
)
_FLAT = re.compile(r"[\s,.;:，。；：、()（）【】\[\]\-—_/\\'\"“”‘’·]+")
_HAN_DIGITS = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}
_HAN_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百]+(?=[号弄巷栋幢座楼层室单区期组])")
_HOUSE = re.compile(r"\d+")
_PLAIN = re.compile("[\u4e00-\u9fff0-9A-Za-z]+\\Z")
_PLAIN_RE2 = "^[\u4e00-\u9fff0-9A-Za-z]+$"
# A Chinese numeral before what it counts.
_SPOKEN = "[零〇一二两三四五六七八九十百][号弄巷栋幢座楼层室单区期组]"
_SAME_HOUSE = str.maketrans("幢座#＃", "栋栋号号")
_EVERYDAY = re.compile("[\u4e00-\u9fff]{2,4}\\Z")
_COMPANY_END = re.compile(
    r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司|总公司|分公司|公司|集团|合伙企业|(?:co)?(?:ltd|inc|llc|gmbh|limited|corp))\Z"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one customer, normalized by `zhike_analytics.values`; empty texts for what is not.

    phones: E.164, the one shown first. handles: "wechat:…", "qq:…": anything that names one account.
    """

    id: int
    kind: str = "person"
    name: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    birth_date: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    address_detail: str = ""
    employer: str = ""
    handles: tuple[str, ...] = ()
    sex: str = ""


def table(known: Iterable[Known]) -> pyarrow.Table:
    """The columns of many customers, as one Arrow table in memory."""
    import pyarrow

    all_of = list(known)
    names = [_company_name(one.name) if one.kind == "organisation" else _name(one.name) for one in all_of]
    phones = [[p[3:] if p.startswith("+86") else p for p in one.phones if p] for one in all_of]
    emails = [one.email.casefold() for one in all_of]
    details = _addresses([one.address_detail for one in all_of])
    columns: list[Any] = [
        [one.id for one in all_of],
        [one.kind for one in all_of],
        *(zip(*names, strict=True) if names else [()] * 8),
        [own[0] if own else None for own in phones],
        [own or None for own in phones],
        [email or None for email in emails],
        [email.partition("@")[0] or None for email in emails],
        [one.birth_date or None for one in all_of],
        [one.province or None for one in all_of],
        [one.city or None for one in all_of],
        [one.district or None for one in all_of],
        *details,
        [(company(one.employer) or None) if one.employer else None for one in all_of],
        [(_handles(one, own) or None) if one.handles else None for one, own in zip(all_of, phones, strict=True)],
        [one.sex or None for one in all_of],
    ]
    return pyarrow.table(
        [
            c if isinstance(c, pyarrow.Array) else pyarrow.array(c, type=t)
            for c, t in zip(columns, _types(), strict=True)
        ],
        names=COLUMNS,
    )


def _addresses(details: list[str]) -> tuple[pyarrow.Array, pyarrow.Array]:
    """The flat address and its numbers. Plain ones, which are most, by Arrow; those with other signs or Chinese numerals one by one."""
    import pyarrow
    import pyarrow.compute as compute

    written = pyarrow.array([one or None for one in details], pyarrow.string())
    is_plain = compute.and_(
        compute.match_substring_regex(written, _PLAIN_RE2),
        compute.invert(compute.match_substring_regex(written, _SPOKEN)),
    )
    flat = compute.replace_substring(compute.utf8_lower(written), "幢", "栋")
    flat = compute.replace_substring(flat, "座", "栋")
    numbers = compute.utf8_trim(compute.replace_substring_regex(flat, "[^0-9]+", " "), " ")
    numbers = compute.if_else(compute.equal(numbers, ""), None, numbers)
    odd = compute.indices_nonzero(compute.invert(is_plain)).to_pylist()
    if odd:
        told = [_address(details[at]) for at in odd]
        others = compute.invert(compute.fill_null(is_plain, True))
        flat = compute.replace_with_mask(flat, others, pyarrow.array([one for one, _ in told], pyarrow.string()))
        numbers = compute.replace_with_mask(numbers, others, pyarrow.array([n for _, n in told], pyarrow.string()))
    return flat, numbers


def _name(written: str) -> tuple[Any, ...]:
    """name, is_han, reading, sound, turned, surname, given, coded of a person."""
    name = written if _EVERYDAY.match(written) else text.fold(written)
    if not name:
        return (None, False, None, None, None, None, None, None)
    told = readings.forms(name)
    return (
        name,
        told.is_han,
        told.reading or None,
        told.sound or None,
        told.turned or None,
        told.surname or None,
        told.given or None,
        told.coded or None,
    )


def _company_name(written: str) -> tuple[Any, ...]:
    """The same of an organization, which has no surname."""
    name = company(written)
    if not name:
        return (None, False, None, None, None, None, None, None)
    said = readings.reading(name)
    return (
        name,
        readings.is_han(name),
        said or None,
        readings.sound(said) or None,
        said.replace(" ", "") or None,
        None,
        None,
        None,
    )


def _address(detail: str) -> tuple[str | None, str | None]:
    calm = _calm(detail)
    return _flat(calm) or None, " ".join(_HOUSE.findall(calm)) or None


def _calm(detail: str) -> str:
    """An address folded, its Chinese numerals as digits; most are plain already."""
    calm = detail.lower() if _PLAIN.match(detail) else text.fold(detail)
    return _HAN_NUMBER.sub(lambda found: _number(found[0]), calm)


def _flat(calm: str) -> str:
    return (calm if _PLAIN.match(calm) else _FLAT.sub("", calm)).translate(_SAME_HOUSE)


def street(detail: str) -> str:
    """An address below the district, so that spellings of one house are equal: full width, 幢 = 栋 = 座, 三号 = 3号.

    >>> street("文 三路 ４７８号华星时代广场 Ａ座") == street("文三路478号，华星时代广场a栋")
    True
    """
    return _flat(_calm(detail))


def house_numbers(detail: str) -> str:
    """The numbers of an address in their order: 12幢3单元301室 and 12-3-301 have the same."""
    return " ".join(_HOUSE.findall(_calm(detail)))


def _number(written: str) -> str:
    if not any(c in written for c in "十百"):
        return "".join(_HAN_DIGITS.get(c, c) for c in written)
    total, digit = 0, 0
    for c in written:
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = int(_HAN_DIGITS.get(c, "0"))
    return str(total + digit)


@lru_cache(maxsize=65_536)
def company(name: str) -> str:
    """A company's name without its legal form.

    >>> company("杭州 知客 网络科技有限公司") == company("杭州知客网络科技")
    True
    """
    calm = _FLAT.sub("", text.fold(name))
    return _COMPANY_END.sub("", calm) or calm


def _handles(one: Known, phones: list[str]) -> list[str]:
    """Accounts that say something the telephone and the e-mail do not say already: the same value twice is no second witness."""
    said = {*phones, one.email.casefold(), one.email.partition("@")[0].casefold()}
    return sorted({h for h in one.handles if h and h.partition(":")[2].casefold() not in said})


def _types() -> list[Any]:
    import pyarrow

    texts = pyarrow.list_(pyarrow.string())
    special = {"unique_id": pyarrow.int64(), "is_han": pyarrow.bool_()}
    special |= dict.fromkeys(("phones", "handles"), texts)
    return [special.get(name, pyarrow.string()) for name in COLUMNS]
