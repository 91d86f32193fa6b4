"""Where customers live: provinces by the share of online shoppers, streets that are nowhere."""

from dataclasses import dataclass
from random import Random

from zhike.desk.demo.drawing import Picker

# city, weight, districts. Weights follow where parcels go, not where people live.
_CITIES = """
广东省 广州市 60 天河区 越秀区 海珠区 番禺区|广东省 深圳市 62 南山区 福田区 宝安区 龙岗区|广东省 佛山市 28 禅城区 南海区 顺德区
广东省 东莞市 26|广东省 汕头市 16 龙湖区 金平区|广东省 珠海市 9 香洲区|浙江省 杭州市 55 西湖区 余杭区 拱墅区 滨江区
浙江省 宁波市 30 鄞州区 海曙区 江北区|浙江省 温州市 26 鹿城区 瓯海区|浙江省 金华市 20 婺城区 义乌市|浙江省 绍兴市 16 越城区 柯桥区
江苏省 苏州市 44 姑苏区 吴中区 昆山市|江苏省 南京市 40 鼓楼区 玄武区 江宁区|江苏省 无锡市 24 梁溪区 滨湖区|江苏省 南通市 17 崇川区
江苏省 徐州市 15 云龙区 泉山区|上海市 上海市 78 浦东新区 徐汇区 静安区 闵行区 杨浦区|北京市 北京市 74 朝阳区 海淀区 东城区 丰台区 通州区
山东省 青岛市 26 市南区 崂山区 黄岛区|山东省 济南市 25 历下区 市中区|山东省 烟台市 13 芝罘区|山东省 潍坊市 12 奎文区
四川省 成都市 48 锦江区 武侯区 高新区 青羊区|四川省 绵阳市 9 涪城区|福建省 福州市 22 鼓楼区 台江区|福建省 厦门市 24 思明区 湖里区
福建省 泉州市 22 丰泽区 晋江市 安溪县|湖北省 武汉市 38 武昌区 江汉区 洪山区|湖南省 长沙市 30 岳麓区 芙蓉区 雨花区|河南省 郑州市 32 金水区 二七区
河南省 洛阳市 11 涧西区 洛龙区|安徽省 合肥市 25 蜀山区 包河区|安徽省 黄山市 6 屯溪区|河北省 石家庄市 19 长安区 裕华区|河北省 唐山市 11 路北区
陕西省 西安市 32 雁塔区 碑林区 莲湖区|重庆市 重庆市 36 渝北区 江北区 沙坪坝区 万州区|天津市 天津市 26 和平区 南开区 滨海新区
辽宁省 沈阳市 20 和平区 皇姑区|辽宁省 大连市 19 中山区 沙河口区|黑龙江省 哈尔滨市 16 南岗区 道里区|吉林省 长春市 14 朝阳区 南关区
江西省 南昌市 16 东湖区 红谷滩区|江西省 景德镇市 5 珠山区|云南省 昆明市 18 五华区 盘龙区|云南省 普洱市 3 思茅区
广西壮族自治区 南宁市 17 青秀区 西乡塘区|贵州省 贵阳市 13 南明区 云岩区|山西省 太原市 15 小店区 迎泽区|内蒙古自治区 呼和浩特市 8 新城区
内蒙古自治区 包头市 6 昆都仑区|甘肃省 兰州市 8 城关区|海南省 海口市 7 美兰区 龙华区|新疆维吾尔自治区 乌鲁木齐市 8 天山区 沙依巴克区
宁夏回族自治区 银川市 5 兴庆区|青海省 西宁市 3 城西区|西藏自治区 拉萨市 2 城关区
"""
_FAR = ("新疆", "西藏", "青海", "宁夏", "内蒙古", "甘肃")
_STREETS = [
    "青竹",
    "听雨",
    "松风",
    "茶香",
    "云栖",
    "望山",
    "采薇",
    "拾光",
    "春晓",
    "晚枫",
    "半夏",
    "清溪",
    "白鹭",
    "荷塘",
    "石榴",
    "桂子",
]
_ESTATES = ["知春园", "云水居", "兰亭苑", "半山里", "听风小区", "梧桐院", "归田雅筑", "新禾家园", "芳草庭", "柿子里"]


@dataclass(frozen=True, slots=True)
class City:
    """A city parcels go to; `postage` is what a small parcel costs, as decimal text."""

    province: str
    name: str
    districts: tuple[str, ...]
    postage: str


def _cities() -> list[tuple[City, float]]:
    cities = []
    for entry in _CITIES.replace("\n", "|").split("|"):
        if not entry.strip():
            continue
        province, name, weight, *districts = entry.split()
        postage = "15.00" if province.startswith(_FAR) else "8.00"
        cities.append((City(province, name, tuple(districts), postage), float(weight)))
    return cities


CITIES = Picker(_cities())


def street(chance: Random) -> str:
    """A street, a house, a flat: none of them is anywhere."""
    number = int(chance.random() * 888) + 1
    if chance.random() < 0.6:
        estate = _ESTATES[int(chance.random() * len(_ESTATES))]
        return f"{estate}{number % 28 + 1}幢{number % 4 + 1}单元{number % 18 + 1}0{number % 4 + 1}室"
    return f"{_STREETS[int(chance.random() * len(_STREETS))]}路{number}号"


def address(chance: Random, city: City) -> str:
    """An address as a parcel label writes it, from province to door."""
    district = city.districts[int(chance.random() * len(city.districts))] if city.districts else ""
    name = "" if city.name == city.province else city.name
    return f"{city.province} {name} {district} {street(chance)}".replace("  ", " ")
