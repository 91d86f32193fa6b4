"""People met a second time: cards from the tea market in which a customer of the shop stands once more, not quite alike.

Each kind of card has the error it is known for, so the review of duplicates has something of each to show: a telephone with one
wrong digit, a name with one other character, given name before surname, an address without a telephone, and somebody else of
the same household, who is no duplicate at all.
"""

from collections.abc import Iterable, Iterator
from random import Random

from zhike.desk.demo import names
from zhike.desk.demo.people import OWN_SITE, TAOBAO, Shopper

EVERY, FIRST, MOST = 50, 7, 80  # one customer in fifty, at most so many: a clerk can go through them
# Characters that sound alike: what somebody writes who heard the name.
_SOUNDS_LIKE = (
    "伟玮 丽莉 芳方 娟涓 敏旻 静靖 洁杰 军君 勇永 强蔷 明铭 涛韬 霞侠 艳燕 玲铃 华桦 红虹 英瑛 兰岚 涵晗 欣新 怡宜 雨语 梦孟 瑶遥 思丝 佳嘉 琪淇 雅娅 晓筱 雪学 琳林 萱轩 "
    "馨心 依伊 诺糯 慧惠 若箬 悦玥 宁凝 清青 浩昊 宇羽 子梓 俊峻 博柏 文雯 天添 佑祐 睿瑞 泽择 然燃 哲喆 鸣名 家加 豪毫 远媛 鑫馨 磊蕾 晨辰 阳洋 志智 航杭 凯恺 旭序 平萍 斌彬 刚钢 梅眉 燕艳 春椿 国帼 建健 秀绣 桂贵 玉育"
)
_LIKE = {pair[0]: pair[1] for pair in _SOUNDS_LIKE.split()}


def cards(people: Iterable[Shopper]) -> Iterator[tuple[str, dict[str, str]]]:
    """(key of the card, what stands on it), for some of these people in their order."""
    made = 0
    for one in people:
        if one.number % EVERY != FIRST or one.is_firm or one.shop not in (TAOBAO, OWN_SITE) or "·" in one.name:
            continue
        if made == MOST:
            return
        yield f"N{one.number:07d}", _card(one, made, Random(one.number * 104_729))
        made += 1


def _card(one: Shopper, place: int, chance: Random) -> dict[str, str]:
    same = {"name": one.name, "phone": one.phone, "address": one.address, "sex": one.sex}
    wrong = place % 5
    if wrong == 0:
        return same | {"phone": _one_wrong_digit(one.phone, chance)}
    if wrong == 1:
        return same | {"name": _one_other_character(one.name)}
    if wrong == 2:
        surname = 2 if one.name[:2] in ("欧阳", "上官", "诸葛", "司徒", "东方", "慕容") else 1
        return same | {"name": one.name[surname:] + one.name[:surname]}
    if wrong == 3:
        return {"name": one.name, "address": one.address, "sex": one.sex}
    other, sex = names.person_name(chance)
    return same | {"name": other, "sex": sex}  # whoever lives with them and answers the same telephone


def _one_wrong_digit(phone: str, chance: Random) -> str:
    place = chance.randrange(7, len(phone))
    return phone[:place] + str((int(phone[place]) + 1 + chance.randrange(8)) % 10) + phone[place + 1 :]


def _one_other_character(name: str) -> str:
    for place in range(len(name) - 1, 0, -1):
        if name[place] in _LIKE:
            return name[:place] + _LIKE[name[place]] + name[place + 1 :]
    return name + "儿"
