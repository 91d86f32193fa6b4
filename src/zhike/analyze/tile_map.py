"""A map of tiles: one square a province, laid out by hand so that neighbors mostly lie beside each other.

Not a map of borders or areas: every province is as large as any other, so that a small one with many customers is seen.
The page lays the squares out by their row and column; whoever cannot see it hears each square's name and figures.
"""

from math import sqrt
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from zhike.ui.figures import money_text, number, share_text

# Row by row from north to south, west to east within a row. "·" keeps a place empty.
_LAYOUT = """
·  ·  ·  ·  ·  ·  HL
·  ·  ·  NM ·  ·  JL
XJ GS NX SX BJ TJ LN
XZ QH SN HA HE SD ·
·  SC CQ HB AH JS SH
·  YN GZ HN JX ZJ ·
·  ·  GX GD FJ ·  TW
·  ·  HI MO HK ·  ·
"""
# The official name (as files carry it), the short one, the name in Latin letters, the usual two letters.
_NAMES = """
北京市 北京 Beijing BJ|天津市 天津 Tianjin TJ|河北省 河北 Hebei HE|山西省 山西 Shanxi SX|内蒙古自治区 内蒙古 Inner_Mongolia NM
辽宁省 辽宁 Liaoning LN|吉林省 吉林 Jilin JL|黑龙江省 黑龙江 Heilongjiang HL|上海市 上海 Shanghai SH|江苏省 江苏 Jiangsu JS
浙江省 浙江 Zhejiang ZJ|安徽省 安徽 Anhui AH|福建省 福建 Fujian FJ|江西省 江西 Jiangxi JX|山东省 山东 Shandong SD
河南省 河南 Henan HA|湖北省 湖北 Hubei HB|湖南省 湖南 Hunan HN|广东省 广东 Guangdong GD|广西壮族自治区 广西 Guangxi GX
海南省 海南 Hainan HI|重庆市 重庆 Chongqing CQ|四川省 四川 Sichuan SC|贵州省 贵州 Guizhou GZ|云南省 云南 Yunnan YN
西藏自治区 西藏 Tibet XZ|陕西省 陕西 Shaanxi SN|甘肃省 甘肃 Gansu GS|青海省 青海 Qinghai QH|宁夏回族自治区 宁夏 Ningxia NX
新疆维吾尔自治区 新疆 Xinjiang XJ|台湾省 台湾 Taiwan TW|香港特别行政区 香港 Hong_Kong HK|澳门特别行政区 澳门 Macao MO
"""
SHADES = ("customers", "money")
_LISTED = 8
_UNKNOWN = "unknown"


def _tiles() -> tuple[tuple[int, int, str, str, str, str], ...]:
    named = {}
    for entry in _NAMES.replace("\n", "|").strip("|").split("|"):
        full, short, latin, code = entry.split()
        named[code] = (full, short, latin.replace("_", " "), code)
    found = []
    for row, line in enumerate(_LAYOUT.split("\n")[1:-1], start=1):
        found += [(row, column, *named[code]) for column, code in enumerate(line.split(), start=1) if code != "·"]
    return tuple(found)


TILES = _tiles()
PROVINCES = frozenset(tile[2] for tile in TILES)


def tile_map(
    groups: list[dict[str, Any]], *, shade: str, people: str, with_money: bool, currency: str, page_query: dict[str, str]
) -> dict[str, Any]:  # fmt: skip
    """Everything `analyze/province_map.html` needs, from the groups of the attribute province of a run.

    `people` is the address of the customers behind a figure, empty where none may be opened; `page_query` is what the
    page's own address says besides the shading. Without `with_money` the map shades by customers and tells no amount.
    """
    shade = shade if shade in SHADES and with_money else "customers"
    counted = "revenue_cents" if shade == "money" else "base"
    held = {group["group"]: group for group in groups}
    whole = sum(max(group[counted], 0) for group in groups)
    top = max((held[name][counted] for name in PROVINCES if name in held), default=0)
    asked = _Asked(people, shade, with_money, currency, whole, top)
    tiles = [_tile(tile, held.get(tile[2]), asked) for tile in TILES]
    inside = sorted(
        (tile for tile in tiles if tile["value"] > 0), key=lambda tile: (-tile["value"], tile["row"], tile["column"])
    )
    return {
        "tiles": tiles,
        "listed": [{**tile, "shown": tile["exact"]} for tile in inside[:_LISTED]],
        "more": max(0, len(inside) - _LISTED),
        "is_empty": not inside,
        "legend": (1, 3, 5, 7, 9),
        "most": money_text(top, currency) if shade == "money" else number(top),
        "apart": [row for row in (_without(held, asked), _elsewhere(groups, asked)) if row],
        "shades": _shades(shade, page_query) if with_money else [],
        "shade": shade,
    }


class _Asked:
    """What every tile of one map needs to be written."""

    def __init__(self, people: str, shade: str, with_money: bool, currency: str, whole: int, top: int) -> None:
        self.people, self.shade, self.with_money, self.currency = people, shade, with_money, currency
        self.whole, self.top = whole, top
        self.is_latin = not (get_language() or "zh").startswith("zh")

    def figures(self, group: dict[str, Any]) -> str:
        """The figures of a group in one sentence."""
        parts = [
            ngettext("%(n)s customer", "%(n)s customers", group["base"]) % {"n": number(group["base"])},
            _("%(n)s bought in the period") % {"n": number(group["customers"])},
        ]
        if self.with_money:
            parts.append(money_text(group["revenue_cents"], self.currency))
        return _(", ").join(parts)

    def url(self, group: dict[str, Any]) -> str:
        """Where the customers of a group stand: all of them, or the buyers where money shades."""
        by_money = self.shade == "money"
        if not self.people or not group["customers" if by_money else "base"]:
            return ""
        query = {"by": "province", "group": group["group"], **({"who": "active"} if by_money else {})}
        return f"{self.people}?{urlencode(query)}"

    def texts(self, value: int) -> tuple[str, str]:
        """What the square shows, and the exact figure: customers, or the share of the money and the money."""
        if self.shade == "customers":
            return number(value), number(value)
        return share_text(max(value, 0) / self.whole if self.whole else None), money_text(value, self.currency)


def _tile(tile: tuple[int, int, str, str, str, str], group: dict[str, Any] | None, asked: _Asked) -> dict[str, Any]:
    row, column, full, short, latin, code = tile
    found = group or {"group": full, "base": 0, "customers": 0, "revenue_cents": 0}
    value = found["revenue_cents"] if asked.shade == "money" else found["base"]
    shown, exact = asked.texts(value)
    label = f"{latin} {full}" if asked.is_latin else full
    return {
        "row": row,
        "column": column,
        "short": code if asked.is_latin else short,
        "label": label,
        "name": latin if asked.is_latin else full,
        "said": _("%(place)s: %(figures)s") % {"place": label, "figures": asked.figures(found)},
        "value": value,
        "shown": shown if found["base"] else "",
        "exact": exact,
        # By the root, as the heat map: one large province must not leave all others equally pale.
        "level": max(1, round(9 * sqrt(value / asked.top))) if value > 0 and asked.top > 0 else 0,
        "url": asked.url(found),
    }


def _without(held: dict[str, dict[str, Any]], asked: _Asked) -> dict[str, str] | None:
    group = held.get(_UNKNOWN)
    if group is None:
        return None
    return {"label": _("Without a province"), "figures": asked.figures(group), "url": asked.url(group)}


def _elsewhere(groups: list[dict[str, Any]], asked: _Asked) -> dict[str, str] | None:
    """Places that are no province of the map, added up; each stands by its name in the composition."""
    others = [group for group in groups if group["group"] not in PROVINCES and group["group"] != _UNKNOWN]
    if not others:
        return None
    summed = {name: sum(group[name] for group in others) for name in ("base", "customers", "revenue_cents")}
    return {"label": _("Places not on the map"), "figures": asked.figures(summed), "url": ""}


def _shades(shade: str, page_query: dict[str, str]) -> list[dict[str, Any]]:
    labels = {"customers": _("Customers"), "money": _("Net amount")}
    return [
        {"label": label, "url": f"?{urlencode({**page_query, 'shade': code})}#provinces", "current": code == shade}
        for code, label in labels.items()
    ]
