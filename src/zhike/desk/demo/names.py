"""Names of people who do not exist, drawn as often as such names are met."""

from random import Random

from zhike.desk.demo.drawing import Table

# Share of the population in per mille (Ministry of Public Security, report on names), the long tail shortened.
_SURNAMES = Table(
    """
    王 72 李 71 张 66 刘 50 陈 45 杨 31 黄 22 赵 21 吴 20 周 19 徐 15 孙 14 马 13 朱 12 胡 12 郭 11 何 11 林 11 高 10 罗 10
    郑 9 梁 9 谢 7 宋 7 唐 7 许 6 韩 6 邓 6 冯 6 曹 6 彭 6 曾 6 肖 6 田 5 董 5 潘 5 袁 5 蔡 5 蒋 5 余 5 于 5 杜 5 叶 4
    程 4 魏 4 苏 4 吕 4 丁 4 任 4 卢 4 姚 4 沈 4 钟 4 姜 4 崔 4 谭 4 陆 4 范 3 汪 3 廖 3 石 3 金 3 韦 3 贾 3 夏 3 付 3
    方 3 邹 3 熊 3 白 3 孟 3 秦 3 邱 3 侯 3 江 3 尹 3 薛 3 闫 2 段 2 雷 2 龙 2 黎 2 史 2 陶 2 贺 2 顾 2 毛 2 郝 2 龚 2
    邵 2 万 2 覃 2 武 2 钱 2 戴 2 严 2 莫 2 孔 2 向 2 常 2 汤 2 单 1 解 1 仇 1 查 1 欧阳 1 上官 1 诸葛 1 司徒 1 东方 1 慕容 1
    """
)
_OLDER_MEN = Table(
    "建国 9 建华 8 志强 9 国强 6 建军 8 伟 14 勇 10 军 10 强 10 明 7 涛 6 斌 6 刚 6 平 6 海波 3 文斌 3 永红 2"
)
_OLDER_WOMEN = Table(
    "丽 12 秀英 6 敏 10 芳 12 娟 8 艳 10 霞 8 桂英 4 红梅 4 丽华 4 玲 8 燕 7 玉兰 3 秀兰 4 春梅 3 静 10 洁 3"
)
_BOYS = [
    "浩",
    "宇",
    "轩",
    "子",
    "俊",
    "杰",
    "博",
    "文",
    "天",
    "佑",
    "睿",
    "泽",
    "昊",
    "然",
    "明",
    "哲",
    "嘉",
    "一",
    "鸣",
    "家",
    "豪",
    "思",
    "远",
    "鑫",
    "磊",
    "晨",
    "阳",
    "伟",
    "志",
    "航",
    "凯",
    "旭",
]
_GIRLS = [
    "子",
    "涵",
    "欣",
    "怡",
    "诗",
    "雨",
    "梦",
    "瑶",
    "思",
    "佳",
    "琪",
    "雅",
    "婷",
    "晓",
    "静",
    "雪",
    "琳",
    "紫",
    "萱",
    "可",
    "馨",
    "语",
    "嫣",
    "依",
    "诺",
    "慧",
    "敏",
    "嘉",
    "宜",
    "若",
    "曦",
    "悦",
    "宁",
    "清",
]
# Names of peoples who write without a surname; the dot is part of the name.
_MINORITY = (
    "阿依古丽·买买提",
    "艾力·吐尔逊",
    "古丽娜尔·阿不都拉",
    "买买提明·依明",
    "扎西·多吉",
    "卓玛·次仁",
    "努尔兰·哈布力",
    "迪丽努尔·艾合买提",
    "巴特尔·苏和",
    "吉克·阿依",
)
_TRADES = Table("酒店 5 餐饮管理 9 茶文化传播 5 商贸 12 贸易 8 食品 6 文化传媒 4 科技 8 物业服务 3 会议服务 3 礼品 6")
_FIRM_WORDS = [
    "瑞",
    "丰",
    "恒",
    "泰",
    "和",
    "顺",
    "盛",
    "安",
    "鼎",
    "源",
    "嘉",
    "禾",
    "远",
    "达",
    "华",
    "茂",
    "博",
    "雅",
    "云",
    "峰",
    "聚",
    "福",
    "清",
    "和",
    "景",
    "明",
]
_SOUND_OF_LETTERS = "bcdfghjklmnpqrstwxyz"


def person_name(chance: Random) -> tuple[str, str]:
    """A name and a sex (男, 女)."""
    is_woman = chance.random() < 0.58
    if chance.random() < 0.012:
        return chance.choice(_MINORITY), "女" if is_woman else "男"
    surname = _SURNAMES.draw(chance)
    if chance.random() < 0.4:
        given = (_OLDER_WOMEN if is_woman else _OLDER_MEN).draw(chance)
    else:
        characters = _GIRLS if is_woman else _BOYS
        given = chance.choice(characters)
        if chance.random() < 0.82:
            given += chance.choice(characters)
    return surname + given, "女" if is_woman else "男"


def firm_name(chance: Random, city: str) -> str:
    """A company that is not registered anywhere."""
    words = "".join(chance.sample(_FIRM_WORDS, 2))
    return f"{city.removesuffix('市')}{words}{_TRADES.draw(chance)}有限公司"


def member_handle(chance: Random, number: int) -> str:
    """A shop member's own name for themselves; `number` keeps it unique."""
    letters = "".join(chance.choices(_SOUND_OF_LETTERS, k=2))
    style = chance.random()
    if style < 0.4:
        return f"tb{number:07d}_{letters}"
    if style < 0.7:
        return f"{chance.choice(_GIRLS)}{chance.choice(_BOYS)}的茶{number:05d}"
    return f"{letters}_{chance.choice(('tea', 'home', 'cook', 'mama', 'life'))}{number:05d}"


def phone(number: int) -> str:
    """A mobile number with a valid form whose middle digits (the home-area code) stand at 0000 to 0004."""
    prefixes = (
        "134",
        "135",
        "136",
        "137",
        "138",
        "139",
        "150",
        "151",
        "152",
        "158",
        "159",
        "130",
        "131",
        "156",
        "186",
        "133",
        "153",
        "180",
        "189",
        "199",
    )
    spread = number * 7919 % 1_000_000  # 7919 is prime: neighbors do not get neighboring numbers
    return f"{prefixes[spread % 20]}000{spread // 200_000}{spread // 20 % 10_000:04d}"


def credit_code(number: int) -> str:
    """A unified social credit code with a right check character and a region that does not exist (00)."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"91000000MA0D{number % 100_000:05d}"
    total = sum(letters.index(c) * pow(3, place, 31) for place, c in enumerate(body))
    return body + letters[-total % 31]
