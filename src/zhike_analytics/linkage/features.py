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

    rows = [row(one) for one in known]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
    return pyarrow.table([pyarrow.array(c, type=t) for c, t in zip(columns, _types(), strict=True)], names=COLUMNS)


def row(one: Known) -> tuple[Any, ...]:
    """The columns of one customer, in the order of COLUMNS."""
    phones = [digits(p) for p in one.phones if p]
    detail, numbers = _address(one.address_detail) if one.address_detail else (None, None)
    email = one.email.casefold()
    return (
        one.id,
        one.kind,
        *(_company_name(one.name) if one.kind == "organisation" else _name(one.name)),
        phones[0] if phones else None,
        phones or None,
        email or None,
        email.partition("@")[0] or None,
        one.birth_date or None,
        one.province or None,
        one.city or None,
        one.district or None,
        detail,
        numbers,
        (company(one.employer) or None) if one.employer else None,
        (_handles(one, phones) or None) if one.handles else None,
        one.sex or None,
    )


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


@lru_cache(maxsize=65_536)
def _address(detail: str) -> tuple[str | None, str | None]:
    calm = _calm(detail)
    return _flat(calm) or None, " ".join(_HOUSE.findall(calm)) or None


def _calm(detail: str) -> str:
    """An address folded, its Chinese numerals as digits; most are plain already."""
    calm = detail.lower() if _PLAIN.match(detail) else text.fold(detail)
    return _HAN_NUMBER.sub(lambda found: _number(found[0]), calm)


def _flat(calm: str) -> str:
    return (calm if _PLAIN.match(calm) else _FLAT.sub("", calm)).translate(_SAME_HOUSE)


def digits(phone: str) -> str:
    """The national number of a Chinese telephone; any other with its country."""
    return phone[3:] if phone.startswith("+86") else phone


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
