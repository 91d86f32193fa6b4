"""Masks show no more than their rule, whatever comes in."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhike_analytics.values import ValueProblem, mask, squash
from zhike_analytics.values.addresses import _atlas
from zhike_analytics.values.persons import COMPOUND_SURNAMES

KINDS = ["phone", "landline", "name", "email", "address", "handle", "wechat", "qq", "birthday", "id_number",
         "passport", "bank_card", "plate", "ip", "waybill", "hidden"]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phone", "13812345678", "****5678"),
        ("phone", "+86 138-1234-5678", "****5678"),
        ("phone", "138123456", "****56"),
        ("phone", "+447911123412", "+44 ****12"),
        ("phone", "010-62345678", "010-****78"),
        ("phone", "18877771111-123", "****1111"),
        ("landline", "010-62345678转801", "010-****78"),
        ("landline", "62345678-801", "****78"),
        ("name", "张三", "张**"),
        ("name", "张三丰先生", "张**"),
        ("name", "欧阳修", "欧阳**"),
        ("name", "张", "*"),
        ("name", "阿卜杜·买买提", "阿**"),
        ("name", "John Smith Junior", "J*** S***"),
        ("email", "zhang@qq.com", "z***@qq.com"),
        ("email", "zhang@example.com", "z***@e***.com"),
        ("email", "z@example.com.cn", "*@e***.com.cn"),
        ("address", "浙江省杭州市西湖区文三路1号", "浙江省杭州市西湖区****"),
        ("address", "老王家后院", "****"),
        ("handle", "tb123401", "t**1"),
        ("handle", "ab", "a**"),
        ("wechat", "wxid_abc8", "w****8"),
        ("wechat", "wx13812345678", "****5678"),
        ("qq", "123456789", "12****89"),
        ("qq", "123456", "1****6"),
        ("birthday", "1990-01-02", "1990-**-**"),
        ("id_number", "31010519491231002X", "3****************X"),
        ("passport", "E12345671", "E*******1"),
        ("bank_card", "6222 0212 3456 1234", "**** 1234"),
        ("plate", "浙A12348", "浙A***8"),
        ("ip", "203.0.113.77", "203.0.113.*"),
        ("ip", "2001:db8:1:2::3", "2001:db8:1::/48"),
        ("waybill", "SF1234567894321", "****4321"),
    ],
)
def test_the_rules_of_the_house(kind: str, value: str, shown: str) -> None:
    assert mask(kind, value) == shown


def test_the_wide_phone_mask_is_asked_for_by_name() -> None:
    assert mask("phone", "13812345678", "wide") == "138****5678"
    assert mask("phone", "13812345678", "waybill") == "138******78"
    assert mask("phone", "138****5678") == "****5678"


def test_an_unknown_kind_fails_instead_of_showing() -> None:
    for kind, style in (("telephone", "default"), ("phone", "full")):
        with pytest.raises(ValueProblem):
            mask(kind, "13812345678", style)


def test_a_made_up_district_is_not_shown() -> None:
    assert mask("address", "浙江省杭州市老王旗一号") == "浙江省杭州市****"


_REALISTIC = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"[a-z.]{1,8}@[a-z]{1,8}\.(com|cn|com\.cn)", fullmatch=True),
    st.text(alphabet="张王李欧阳司马小明·• 先生*＊●", max_size=8),
    st.from_regex(r"(\+|00)?[0-9 ()-]{1,20}", fullmatch=True),
    st.text(alphabet="浙江省杭州市西湖区北京朝阳路号1*", max_size=16),
    st.ip_addresses().map(str),
    st.dates().map(str),
)


@settings(max_examples=1500)
@given(st.sampled_from(KINDS), _REALISTIC, st.sampled_from(["default", "wide", "waybill"]))
def test_masking_twice_is_masking_once_and_nothing_comes_back_whole(kind: str, value: str, style: str) -> None:
    once = mask(kind, value, style)
    assert mask(kind, once, style) == once
    assert bool(once) == bool(squash(value))
    if once and "*" not in squash(value) and kind != "ip":
        assert once != squash(value)
        assert "*" in once


@given(st.from_regex(r"(\+86|0086)?1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_shows_its_last_four_digits_only(value: str) -> None:
    assert mask("phone", value) == "****" + value[-4:]


@given(st.one_of(st.text(max_size=30), st.from_regex(r"[0-9() -]{1,20}", fullmatch=True)))
def test_a_phone_field_shows_four_digits_or_an_area_code_and_two(value: str) -> None:
    masked = mask("phone", value)
    area, dash, tail = masked.rpartition("-")
    if masked.startswith("+"):
        assert len(masked.partition("****")[2]) == 2
    elif dash:
        assert re.fullmatch(r"0\d{2,3}", area)
        assert re.fullmatch(r"\*{4}\d{2}", tail)
    else:
        assert len(re.findall("[0-9]", masked)) <= 4


@given(st.text(alphabet="张王李欧阳司马诸葛小明龘𠮷〇", min_size=1, max_size=8))
def test_a_chinese_name_shows_one_character_or_a_compound_surname(value: str) -> None:
    shown = mask("name", value).rstrip("*")
    assert len(shown) <= 1 or shown in COMPOUND_SURNAMES
    assert value[-1] not in shown or value[-1] in value[:-1] or shown == ""


@given(st.text(max_size=20), st.text(alphabet="abcdefghi.", min_size=1, max_size=12))
def test_an_email_shows_one_character_of_its_local_part(local: str, domain: str) -> None:
    masked = mask("email", f"{local}@{domain}.com")
    before, _, _ = masked.partition("@")
    assert len(before.replace("*", "")) <= 1


@settings(max_examples=300)
@given(st.text(alphabet="浙江省杭州市西湖区北京朝阳县旗路号文三1234 ", max_size=24))
def test_an_address_shows_official_names_only(value: str) -> None:
    shown = mask("address", value).removesuffix("****")
    atlas = _atlas()
    names = sorted({*atlas.provinces.values(), *atlas.county_homes, *atlas.city_homes}, key=len, reverse=True)
    for name in names:
        shown = shown.replace(name, "")
    assert shown == ""
