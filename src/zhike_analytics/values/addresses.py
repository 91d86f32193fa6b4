"""Chinese postal addresses: province, city, district, the rest, the postcode."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache

from zhike_analytics.values.places import PLACES
from zhike_analytics.values.problem import ValueProblem
from zhike_analytics.values.text import fold, is_blank_word, is_masked, squash

_DIRECT = frozenset(("北京市", "天津市", "上海市", "重庆市"))
_PEOPLES = "壮族|回族|维吾尔|土家族|苗族|侗族|藏族|羌族|彝族|布依族|傣族|景颇族|哈尼族|白族|傈僳族|朝鲜族|蒙古族|蒙古|哈萨克|柯尔克孜|黎族|满族"
_PROVINCE_END = re.compile("(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市)\\Z")
_CITY_END = re.compile(f"(?:(?:{_PEOPLES})+自治州|地区|市|盟)\\Z")
_COUNTY_END = re.compile(f"(?:(?:{_PEOPLES})+自治[县旗]|自治[县旗]|新区|[区县市旗])\\Z")
# After a short name these tell that it was part of a longer one: 朝阳区, 南京路, 海南街道.
_NOT_AFTER_SHORT = "市区县路街道镇乡村巷弄号州旗盟里湾"
_NO_PLACE = re.compile(
    r"(?:市辖区|市辖县|九龙(?=\s|观塘|深水|黄大|油尖)|新界|香港岛|港岛|县(?=\s)|其[它他]区|其[它他]|省直辖县级行政(?:区划|单位)|自治区直辖县级行政(?:区划|单位)|直辖县)"
)
_BY_SUFFIX = re.compile("([\u4e00-\u9fff]{1,12}?(?:自治县|自治旗|开发区|工业园区|高新区|经开区|新区|管委会|[区县旗]))")
_SURELY_A_DISTRICT = re.compile("(?:开发区|工业园区|高新区|经开区|管委会)\\Z")
_NOT_A_DISTRICT = re.compile(
    "(?:小|社|校|园|景|厂|片|矿|林|库|保税|街|院|营|住宅|生活|商业|安置|别墅|宿舍|服务|度假|工业|作业|风景)区\\Z|[路街镇乡村号弄巷院]|城区"
)
_POSTCODE = re.compile(r"\s*[(\[]?(?<!\d)(\d{6})(?!\d)[)\]]?\s*\Z")
_POSTCODE_FIRST = re.compile(r"\A\s*(?:邮编:?\s*)?(?<!\d)(\d{6})(?!\d)[,\s]")
_BRACKETED_POSTCODE = re.compile(r"[(\[](?:邮编:?)?(\d{6})[)\]]")
_PASSABLE = " ,-/>|;·"


@dataclass(frozen=True, slots=True)
class Address:
    """province, city, district carry their full official names or "". In a direct-controlled
    city, city equals province. detail is the rest, "" when the platform masked it (masked).
    completed names the levels not written but following from the others."""

    province: str
    city: str
    district: str
    detail: str
    postcode: str
    masked: bool = False
    completed: tuple[str, ...] = ()

    @property
    def region(self) -> str:
        """Province, city and district as one text, each name once."""
        city = "" if self.city == self.province else self.city
        return self.province + city + self.district


def known_region(found: Address) -> str:
    """The region of an address as far as it consists of official names only.

    A district recognized by its ending alone may be part of somebody's detail address.
    """
    city = "" if found.city == found.province else found.city
    known = found.district in _atlas().county_homes
    return found.province + city + (found.district if known else "")


@dataclass(frozen=True, slots=True)
class _Atlas:
    provinces: dict[str, str]  # every spelling → full name
    cities: dict[str, dict[str, str]]  # province → spelling → full name
    counties: dict[tuple[str, str], dict[str, str]]  # (province, city) → spelling → full name
    city_homes: dict[str, tuple[tuple[str, str], ...]]  # spelling → (province, city)…
    county_homes: dict[str, tuple[tuple[str, str], ...]]  # full county name → (province, city)…
    county_names: dict[str, str]  # full county name → itself
    longest: int


@lru_cache(maxsize=1)
def _atlas() -> _Atlas:
    provinces: dict[str, str] = {}
    cities: dict[str, dict[str, str]] = {}
    counties: dict[tuple[str, str], dict[str, str]] = {}
    city_homes: dict[str, list[tuple[str, str]]] = {}
    county_homes: dict[str, list[tuple[str, str]]] = {}
    province = ""
    for line in PLACES.splitlines():
        if line.startswith("# "):
            province = line[2:]
            provinces |= dict.fromkeys(_spellings(province, _PROVINCE_END), province)
            cities[province] = {}
            continue
        city, *names = line.split(" ")
        city = ("" if province not in _DIRECT else province) if city == "*" else city
        if city and city != province:
            for spelling in _spellings(city, _CITY_END):
                cities[province][spelling] = city
                city_homes.setdefault(spelling, []).append((province, city))
        here = counties.setdefault((province, city), {})
        for name in names:
            here |= dict.fromkeys(_spellings(name, _COUNTY_END), name)
            county_homes.setdefault(name, []).append((province, city))
    return _Atlas(
        provinces, cities, counties,
        {name: tuple(homes) for name, homes in city_homes.items()},
        {name: tuple(homes) for name, homes in county_homes.items()},
        {name: name for name in county_homes},
        max(map(len, [*provinces, *city_homes, *county_homes])),
    )  # fmt: skip


def city_lies_in(city: str, province: str) -> bool | None:
    """Whether a city lies in a province; None where the table of divisions does not know the city or the province.

    A direct-controlled city is its own province. For checking what was stated apart, not for reading addresses.
    """
    atlas = _atlas()
    stated = atlas.provinces.get(province)
    if stated is None:
        return None
    if city in atlas.provinces:
        return atlas.provinces[city] == stated if atlas.provinces[city] in _DIRECT else None
    homes = atlas.city_homes.get(city)
    return None if homes is None else any(home == stated for home, _ in homes)


def _spellings(name: str, end: re.Pattern[str]) -> list[str]:
    short = end.sub("", name)
    return [name, short] if 2 <= len(short) < len(name) else [name]


def address(text: str) -> Address:
    """Take an address apart. Levels that are not written are filled when they follow from the
    others (诸暨市 lies in 绍兴市) and left empty when several fit (朝阳区, 鼓楼区).

    An address that fits nothing is all ``detail``. Raises ValueProblem: ``address.blank``,
    ``address.too_long`` (over 1,000 characters).
    """
    if is_blank_word(text):
        raise ValueProblem("address.blank")
    if len(text) > 1000:
        raise ValueProblem("address.too_long", limit=1000)
    masked = is_masked(text)
    calm, postcode = _without_postcode(squash(text))
    for country in ("中华人民共和国", "中国大陆", "中国"):
        # 中国技术交易大厦 is a building: the country counts only before a place.
        rest = calm[len(country) :].lstrip(_PASSABLE)
        if calm.startswith(country) and (_longest(rest, _atlas().provinces) or country != "中国"):
            calm = rest
    province, rest = _take(calm, _atlas().provinces)
    if len(_longest_spelling(calm, _atlas().city_homes)) > len(calm) - len(rest):
        province, rest = "", calm  # 海南藏族自治州 is not in 海南
    calm = rest
    province, city, district, detail, completed = _below(province, calm)
    detail = "" if masked else detail
    return Address(province, city, district, detail, postcode, masked, completed)


def _without_postcode(calm: str) -> tuple[str, str]:
    folded = fold(calm)
    if len(folded) != len(calm):
        folded = calm
    for pattern in (_BRACKETED_POSTCODE, _POSTCODE_FIRST, _POSTCODE):
        found = pattern.search(folded)
        if found:
            rest = (calm[: found.start()] + " " + calm[found.end() :]).strip(" ,，")
            code = found[1]
            return rest, "" if code == "000000" else code
    return calm, ""


def _longest(text: str, names: dict[str, str]) -> tuple[str, int] | None:
    """The full name and written length of the longest of ``names`` at the start of ``text``."""
    for length in range(min(len(text), _atlas().longest), 1, -1):
        full = names.get(text[:length])
        if full is None:
            continue
        following = text[length : length + 1]
        if length < len(full) and text[:length] != full and following and following in _NOT_AFTER_SHORT:
            continue
        return full, length
    return None


def _take(text: str, names: dict[str, str]) -> tuple[str, str]:
    text = text.lstrip(_PASSABLE)
    found = _longest(text, names)
    return (found[0], text[found[1] :].lstrip(_PASSABLE)) if found else ("", text)


def _below(province: str, rest: str) -> tuple[str, str, str, str, tuple[str, ...]]:
    atlas = _atlas()
    if province in _DIRECT:
        short = province[:-1]
        for again in (province, short):
            if rest.startswith(again) and rest[len(again) : len(again) + 1] not in ("路", "街", "道"):
                rest = rest[len(again) :]
                break
        district, rest = _district(province, province, _past_no_place(rest))
        return province, province, district, rest, ()
    rest = _past_no_place(rest)
    completed: tuple[str, ...] = ()
    if province:
        city, rest = _take(rest, atlas.cities[province])
    else:
        province, city, rest = _lone_city(rest)
        completed = ("province",) if province else ()
    if city:
        district, rest = _district(province, city, _past_no_place(rest))
        return province, city, district, rest, completed
    return _lone_county(province, rest)


def _past_no_place(rest: str) -> str:
    rest = rest.lstrip(_PASSABLE)
    found = _NO_PLACE.match(rest)
    return rest[found.end() :].lstrip(_PASSABLE) if found else rest


def _lone_city(rest: str) -> tuple[str, str, str]:
    """A city without its province; two provinces never share a city's full name."""
    rest = rest.lstrip(_PASSABLE)
    found = _longest_spelling(rest, _atlas().city_homes)
    if not found:
        return "", "", rest
    homes = _atlas().city_homes[found]
    if len(homes) != 1:
        return "", "", rest
    return homes[0][0], homes[0][1], rest[len(found) :].lstrip(_PASSABLE)


def _longest_spelling(text: str, names: Container[str]) -> str:
    for length in range(min(len(text), _atlas().longest), 1, -1):
        spelling = text[:length]
        if spelling in names:
            short = not _CITY_END.search(spelling)
            if not (short and text[length : length + 1] in tuple(_NOT_AFTER_SHORT)):
                return spelling
    return ""


def _district(province: str, city: str, rest: str) -> tuple[str, str]:
    known = _atlas().counties.get((province, city), {})
    district, after = _take(rest, known)
    if district:
        return district, after
    named = _BY_SUFFIX.match(rest)
    if named and (_SURELY_A_DISTRICT.search(named[1]) or not _NOT_A_DISTRICT.search(named[1])):
        return named[1], rest[named.end() :].lstrip(_PASSABLE)
    none = _NO_PLACE.match(rest)
    return "", rest[none.end() :].lstrip(_PASSABLE) if none else rest


def _lone_county(province: str, rest: str) -> tuple[str, str, str, str, tuple[str, ...]]:
    """A county or district without its city, filled when exactly one place has that name."""
    found = _longest(rest, _atlas().county_names)
    if not found:
        return province, "", "", rest, ()
    name, length = found
    homes = [home for home in _atlas().county_homes[name] if province in ("", home[0])]
    after = rest[length:].lstrip(_PASSABLE)
    if len(homes) != 1:
        return (province, "", name, after, ()) if homes else (province, "", "", rest, ())
    written = ("province", province), ("city", "")
    home = homes[0]
    filled = tuple(level for (level, had), has in zip(written, home, strict=True) if has and not had)
    return home[0], home[1], name, after, filled
