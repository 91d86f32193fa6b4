"""Invented Chinese people as shops know them: said twice with the errors of real life, in households, with namesakes.

Everything is drawn from one seed. Names follow the frequencies of surnames; telephones are of segments nobody was given.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from zhike_analytics.linkage.features import Known

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉建玉梅红华国志欣怡子涵梓轩宇浩然思佳琪雨晨博俊峰晓婷慧颖莹琳雪倩蕾婧瑶晶萌璐瑞祥海波鹏飞龙凯旋林森春燕凤云莲翠珍贞莉香月琴淑惠美琼荣爱"
# Characters people take for each other: they sound alike, or look alike.
ALIKE = {
    "伟": "炜玮纬", "静": "婧靖", "丽": "莉俐", "芳": "方", "娜": "那", "敏": "闽", "磊": "蕾", "杰": "洁捷", "娟": "涓", "涛": "滔",
    "明": "铭鸣", "超": "朝", "兰": "岚", "霞": "侠", "平": "萍", "刚": "钢岗", "辉": "晖", "建": "健", "玉": "钰", "梅": "媚",
    "红": "虹宏", "华": "桦", "志": "智", "欣": "心新", "怡": "宜", "子": "梓紫", "涵": "晗", "轩": "暄", "宇": "语雨", "浩": "皓",
    "思": "斯", "佳": "嘉家", "琪": "琦", "晨": "辰", "博": "搏", "俊": "骏", "峰": "锋", "晓": "小", "婷": "庭", "慧": "惠",
    "颖": "影", "莹": "盈", "琳": "林", "雪": "学", "倩": "茜", "瑶": "遥", "晶": "菁", "萌": "蒙", "海": "孩", "鹏": "朋",
    "张": "章", "程": "陈", "徐": "许", "余": "于俞", "付": "傅", "肖": "萧", "闫": "严阎", "黄": "王", "吴": "胡", "蓝": "兰",
}  # fmt: skip
PLACES = {
    ("浙江省", "杭州市"): ("西湖区", "余杭区", "滨江区", "拱墅区", "萧山区"),
    ("浙江省", "宁波市"): ("海曙区", "鄞州区", "江北区"),
    ("江苏省", "南京市"): ("玄武区", "鼓楼区", "秦淮区", "江宁区"),
    ("江苏省", "苏州市"): ("姑苏区", "吴中区", "虎丘区"),
    ("广东省", "广州市"): ("天河区", "越秀区", "海珠区", "白云区", "番禺区"),
    ("广东省", "深圳市"): ("福田区", "南山区", "宝安区", "龙岗区"),
    ("四川省", "成都市"): ("锦江区", "武侯区", "青羊区", "成华区"),
    ("湖北省", "武汉市"): ("洪山区", "武昌区", "江汉区"),
    ("上海市", "上海市"): ("浦东新区", "徐汇区", "静安区", "闵行区", "杨浦区"),
    ("北京市", "北京市"): ("朝阳区", "海淀区", "西城区", "丰台区", "通州区"),
    ("陕西省", "西安市"): ("雁塔区", "碑林区", "未央区"),
    ("山东省", "青岛市"): ("市南区", "崂山区", "李沧区"),
}
ROADS = [
    "文三",
    "解放",
    "中山",
    "人民",
    "建国",
    "和平",
    "光明",
    "新华",
    "长江",
    "黄河",
    "学院",
    "科技",
    "滨海",
    "翠微",
    "凤起",
    "紫荆",
    "南京",
    "东风",
    "胜利",
    "迎宾",
]
ESTATES = [
    "阳光花园",
    "翠苑新村",
    "金色家园",
    "锦绣江南",
    "碧水湾",
    "绿城百合",
    "世纪花园",
    "幸福里",
    "东方名苑",
    "水岸新城",
]
MAILS = ("qq.com", "163.com", "126.com", "sina.com", "outlook.com", "139.com")
EMPLOYERS = tuple(
    f"{a}{b}{c}"
    for a in ("杭州", "上海", "深圳", "成都")
    for b in ("知行", "远达", "明辉", "天成", "恒信", "云帆")
    for c in ("科技有限公司", "贸易有限公司", "食品有限公司")
)
SEGMENTS = ("140", "141", "142", "143", "144", "154", "164", "168", "169", "179")  # given to nobody, or to machines


@dataclass(frozen=True)
class Told:
    """Records and, by record id, whose they are."""

    known: list[Known]
    whose: dict[int, int]


def people(count: int, *, seed: int = 7, twice_share: float = 0.12, known_share: float = 0.7) -> Told:
    """So many people, `twice_share` of them said a second (now and then a third) time with errors."""
    draw = Random(seed)
    known: list[Known] = []
    whose: dict[int, int] = {}
    for person, one in enumerate(_persons(count, draw, known_share)):
        times = 1 if draw.random() >= twice_share else 3 if draw.random() < 0.15 else 2
        for said in range(times):
            record = len(known)
            told = one if said == 0 else _said_again(one, draw)
            known.append(replace(told, id=record))
            whose[record] = person
    return Told(known, whose)


def _persons(count: int, draw: Random, known_share: float) -> Iterator[Known]:
    """People; every sixth lives with the one before: same address, often the same surname, now and then the same telephone."""
    before: Known | None = None
    for at in range(count):
        one = _person(draw, known_share)
        if before is not None and at % 6 == 5:
            place = {n: getattr(before, n) for n in ("province", "city", "district", "address_detail")}
            name = before.name[0] + one.name[1:] if draw.random() < 0.6 else one.name
            phones = before.phones if draw.random() < 0.25 else one.phones
            one = replace(one, name=name, phones=phones, **place)
        before = one
        yield one


def _person(draw: Random, known_share: float) -> Known:
    surname = SURNAMES[min(int(draw.expovariate(0.06)), len(SURNAMES) - 1)]
    given = "".join(draw.choice(GIVEN) for _ in range(2 if draw.random() < 0.75 else 1))
    province, city = draw.choice(list(PLACES))
    email = f"{draw.choice('abcdefghijklmnopqrstuvwxyz')}{draw.randrange(10**7, 10**8)}@{draw.choice(MAILS)}"
    day = f"{draw.randrange(1950, 2008)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}"

    def kept(value: str, share: float) -> str:
        return value if draw.random() < share else ""

    return Known(
        id=0,
        name=surname + given,
        phones=(phone(draw),) if draw.random() < 0.85 else (),
        email=kept(email, 0.5 * known_share),
        birth_date=kept(day, 0.45 * known_share),
        province=province,
        city=city,
        district=draw.choice(PLACES[province, city]),
        address_detail=kept(_address(draw), 0.9),
        employer=kept(draw.choice(EMPLOYERS), 0.2 * known_share),
        handles=(f"wechat:wx{draw.randrange(10**8)}",) if draw.random() < 0.3 * known_share else (),
        sex=kept(draw.choice(("male", "female")), 0.8),
    )


def phone(draw: Random) -> str:
    """A telephone of a segment nobody was given."""
    return f"+86{draw.choice(SEGMENTS)}{draw.randrange(10**8):08d}"


def _address(draw: Random) -> str:
    if draw.random() < 0.5:
        return f"{draw.choice(ROADS)}路{draw.randrange(1, 900)}号{draw.randrange(1, 30)}幢{draw.randrange(1, 5)}单元{draw.randrange(101, 2300)}室"
    return f"{draw.choice(ESTATES)}{draw.randrange(1, 60)}栋{draw.randrange(101, 3300)}室"


def _said_again(one: Known, draw: Random) -> Known:
    """The same person in another shop: other things known, and some of them written otherwise."""
    made = one
    for chance, change in _ERRORS:
        if draw.random() < chance:
            made = change(made, draw)
    for field, chance in (
        ("email", 0.25),
        ("birth_date", 0.3),
        ("address_detail", 0.15),
        ("employer", 0.3),
        ("sex", 0.2),
    ):
        if draw.random() < chance:
            made = replace(made, **{field: ""})
    if draw.random() < 0.08:
        made = replace(made, phones=())
    return made


def _other_character(one: Known, draw: Random) -> Known:
    places = [at for at, c in enumerate(one.name) if c in ALIKE]
    if not places:
        return one
    at = draw.choice(places)
    return replace(one, name=one.name[:at] + draw.choice(ALIKE[one.name[at]]) + one.name[at + 1 :])


def _western(one: Known, draw: Random) -> Known:
    from zhike_analytics.linkage.readings import reading

    said = reading(one.name).split(" ")
    return replace(one, name=f"{''.join(said[1:]).title()} {said[0].title()}")


def _part_of_name(one: Known, draw: Random) -> Known:
    return replace(one, name=one.name[0] + one.name[2:]) if len(one.name) == 3 else one


def _wrong_digit(one: Known, draw: Random) -> Known:
    if not one.phones:
        return one
    digits = list(one.phones[0])
    at = draw.randrange(6, len(digits) - 1)
    if draw.random() < 0.5:
        digits[at], digits[at + 1] = digits[at + 1], digits[at]
    else:
        digits[at] = str((int(digits[at]) + draw.randrange(1, 10)) % 10)
    return replace(one, phones=("".join(digits),))


def _new_phone(one: Known, draw: Random) -> Known:
    return replace(one, phones=(phone(draw),))


def _moved(one: Known, draw: Random) -> Known:
    province, city = draw.choice(list(PLACES))
    return replace(
        one, province=province, city=city, district=draw.choice(PLACES[province, city]), address_detail=_address(draw)
    )


def _address_otherwise(one: Known, draw: Random) -> Known:
    other = one.address_detail.replace("幢", "栋").replace("单元", "-").replace("室", "")
    return replace(one, address_detail=other.replace("号", "号 ") if draw.random() < 0.5 else other)


def _other_mail(one: Known, draw: Random) -> Known:
    local, _, domain = one.email.partition("@")
    if not local:
        return one
    if draw.random() < 0.5:
        return replace(one, email=f"{local}@{draw.choice(MAILS)}")
    at = draw.randrange(1, len(local) - 1)
    return replace(one, email=f"{local[:at]}{local[at + 1]}{local[at]}{local[at + 2 :]}@{domain}")


def _other_day(one: Known, draw: Random) -> Known:
    if not one.birth_date:
        return one
    year, month, day = one.birth_date.split("-")
    if int(day) <= 12 and draw.random() < 0.4:
        return replace(one, birth_date=f"{year}-{day}-{month}")
    return replace(one, birth_date=f"{year}-{month}-{draw.randrange(1, 29):02d}")


_ERRORS = (
    (0.14, _other_character),
    (0.05, _western),
    (0.04, _part_of_name),
    (0.10, _wrong_digit),
    (0.12, _new_phone),
    (0.15, _moved),
    (0.35, _address_otherwise),
    (0.15, _other_mail),
    (0.08, _other_day),
)
