"""What the shop sells, at what price, and when people want it."""

from dataclasses import dataclass
from random import Random

from zhike.desk.demo.drawing import Picker

# When each group sells: twelve months from January; 10 is an ordinary month.
_SEASONS = {
    "green": (6, 6, 14, 24, 20, 14, 10, 9, 9, 9, 8, 7),
    "black": (13, 10, 9, 8, 7, 6, 6, 7, 9, 12, 14, 15),
    "cold": (2, 2, 4, 8, 14, 24, 28, 24, 10, 5, 2, 2),
    "gift": (34, 12, 6, 6, 8, 7, 7, 14, 30, 8, 9, 14),
    "ware": (10, 8, 10, 10, 10, 12, 9, 9, 10, 10, 14, 10),
    "pot": (16, 13, 8, 6, 5, 6, 4, 5, 8, 12, 20, 20),
}

# sku, season group, price in yuan, weight, title
_GOODS = """
LJ-100 green 68 9 明前龙井 特级 100g|LJ-250 green 158 5 明前龙井 特级 250g 罐装|BLC-100 green 78 6 碧螺春 洞庭山 100g
MF-250 green 88 6 黄山毛峰 250g|AJ-100 green 98 5 安吉白茶 100g|MLH-500 green 46 7 茉莉花茶 浓香 500g
ZSXZ-250 black 72 8 正山小种 桐木关 250g|QM-250 black 69 5 祁门红茶 250g|DH-250 black 89 6 滇红 金针 250g|TGY-500 black 128 8 铁观音 清香 500g
DHP-250 black 168 4 武夷岩茶 大红袍 250g|PE-357 black 139 6 普洱熟茶饼 357g|SP-357 black 188 3 老班章生普饼 357g|BC-300 black 158 4 福鼎老白茶 寿眉饼 300g
LBJM-90 cold 39 8 冷泡茶包 蜜桃乌龙 18包|NM-120 cold 45 7 柠檬红茶 冷泡 24包|DHY-200 cold 29 6 大麦茶 袋装 40包|JH-100 cold 36 5 胎菊 杭白菊 100g
LH-3 gift 298 5 节日茶礼盒 三味|LH-5 gift 468 3 鎏金茶礼 五罐|LH-VIP gift 1280 0.6 大师岩茶礼盒 收藏版|YB-8 gift 168 5 中秋茶点礼盒 8枚
ZSH-01 ware 89 6 紫砂壶 西施 180ml|ZSH-PRO ware 860 0.7 全手工紫砂壶 大师款|GW-150 ware 45 7 白瓷盖碗 150ml|GDB-250 ware 35 6 玻璃公道杯 250ml
CP-6 ware 58 5 品茗杯 青瓷 6只|CZ-40 ware 268 3 竹制茶盘 40cm|SB-500 ware 79 6 保温杯 钛内胆 500ml|CJ-SET ware 328 3 旅行茶具套装
PH-1L ware 139 4 玻璃养生壶 1L|LWD ware 12 6 茶漏 茶夹 套装|CG-500 ware 29 6 密封茶叶罐 500g 容量
TG-28 pot 259 4 铸铁珐琅锅 24cm|TG-32 pot 369 2.4 铸铁炒锅 32cm 无涂层|SG-30 pot 119 5 砂锅 耐高温 3L|HG-SS pot 169 4 鸳鸯火锅 不锈钢
ZL-26 pot 149 4 三层蒸锅 26cm|DG-3 pot 189 4 刀具三件套|AB-38 pot 79 5 整竹菜板 38cm|WK-4 pot 66 5 釉下彩碗 4只|PZ-8 pot 52 5 陶瓷盘 8寸 4只
KZ-10 pot 25 6 鸡翅木筷子 10双|WQ-2 pot 18 5 隔热手套 一对|CD-3 pot 33 5 调味罐 三件套
"""


@dataclass(frozen=True, slots=True)
class Good:
    """A product; `price` is decimal text as it stands on an order."""

    sku: str
    season: str
    price: str
    cents: int
    weight: float
    title: str


def _goods() -> list[Good]:
    goods = []
    for entry in _GOODS.replace("\n", "|").split("|"):
        if entry.strip():
            sku, season, price, weight, title = entry.split(maxsplit=4)
            goods.append(Good(sku, season, f"{price}.00", int(price) * 100, float(weight), title))
    return goods


GOODS = _goods()
SAMPLE = Good("SAMPLE", "green", "0.00", 0, 0.0, "茶样 随机口味 1包")
_TASTES = {
    "tea": ("green", "black", "cold"),
    "kitchen": ("ware", "pot"),
    "gift": ("gift", "ware"),
    "any": tuple(_SEASONS),
}
TASTES = Picker([("tea", 52.0), ("kitchen", 28.0), ("gift", 8.0), ("any", 12.0)])


def _shelf(taste: str, month: int) -> Picker[Good]:
    wanted = [good for good in GOODS if good.season in _TASTES[taste]]
    return Picker([(good, good.weight * _SEASONS[good.season][month]) for good in wanted])


# What a customer of a taste reaches for in a month (0 = January).
SHELVES = {taste: tuple(_shelf(taste, month) for month in range(12)) for taste in _TASTES}


def basket(chance: Random, taste: str, month: int, size: int) -> list[Good]:
    """So many different goods: mostly of the customer's taste, sometimes of any."""
    own, other = SHELVES[taste][month], SHELVES["any"][month]
    chosen: dict[str, Good] = {}
    for _ in range(size):
        good = (own if chance.random() < 0.8 else other).draw(chance)
        chosen[good.sku] = good
    return list(chosen.values())
