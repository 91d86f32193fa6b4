import csv
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analytics.published import published
from zhike_analytics.values import ValueProblem, address, is_blank_word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("广东省 广州市 天河区 体育西路1号 (510000)", ("广东省", "广州市", "天河区", "体育西路1号", "510000")),
        ("徐汇区虹漕路461号58号楼5楼", ("上海市", "上海市", "徐汇区", "虹漕路461号58号楼5楼", "")),
        ("福建省鼓楼区鼓楼医院", ("福建省", "福州市", "鼓楼区", "鼓楼医院", "")),
        ("北京北京市朝阳区三元桥", ("北京市", "北京市", "朝阳区", "三元桥", "")),
        ("北京市市辖区海淀区中关村", ("北京市", "北京市", "海淀区", "中关村", "")),
        ("海南省 海口市 其它区 龙昆路1号", ("海南省", "海口市", "", "龙昆路1号", "")),
        ("浙江省诸暨市暨阳街道", ("浙江省", "绍兴市", "诸暨市", "暨阳街道", "")),
        ("湖北省仙桃市干河街道", ("湖北省", "", "仙桃市", "干河街道", "")),
        ("内蒙古呼和浩特新城区", ("内蒙古自治区", "呼和浩特市", "新城区", "", "")),
        ("吉林市船营区", ("吉林省", "吉林市", "船营区", "", "")),
        ("海南藏族自治州共和县", ("青海省", "海南藏族自治州", "共和县", "", "")),
        ("中国技术交易大厦", ("", "", "", "中国技术交易大厦", "")),
        ("九龙坡区科园一路73号", ("重庆市", "重庆市", "九龙坡区", "科园一路73号", "")),
        ("杭州湾新区滨海大道", ("", "", "", "杭州湾新区滨海大道", "")),
        ("上海路12号", ("", "", "", "上海路12号", "")),
        ("湖北省 武汉市 江夏区 佛祖岭街道, 000000", ("湖北省", "武汉市", "江夏区", "佛祖岭街道", "")),
        ("香港特别行政区 九龙 观塘区 巧明街", ("香港特别行政区", "", "观塘区", "巧明街", "")),
    ],
)
def test_an_address_comes_apart(text: str, expected: tuple[str, ...]) -> None:
    found = address(text)
    assert (found.province, found.city, found.district, found.detail, found.postcode) == expected


def test_a_district_of_many_cities_is_not_guessed() -> None:
    found = address("朝阳区建国路1号")
    assert (found.province, found.city, found.district) == ("", "", "朝阳区")


def test_the_hidden_rest_of_a_masked_address_is_dropped() -> None:
    found = address("浙江省杭州市西湖区****")
    assert found.masked
    assert (found.region, found.detail) == ("浙江省杭州市西湖区", "")


@pytest.mark.parametrize(("text", "code"), [("无", "address.blank"), ("路" * 1001, "address.too_long")])
def test_what_is_no_address_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        address(text)
    assert caught.value.code == code


@given(st.text(max_size=80))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        address(text)
    except ValueProblem as problem:
        assert problem.code.startswith("address.")


def test_real_business_addresses_find_their_province() -> None:
    """18,367 real addresses without labels: counts are a floor, checked by reading samples."""
    with gzip.open(published("cn_addresses/cn_addresses.csv.gz"), "rt", encoding="utf-8") as file:
        rows = [row["原始地址"] for row in csv.DictReader(file)]
    assert len(rows) == 18_367
    found = [address(row) for row in rows if not is_blank_word(row)]
    # The others name no place at all (东大名路558号) or one that many cities have (高新区).
    assert sum(bool(item.province) for item in found) / len(found) > 0.81
    assert sum(bool(item.district) for item in found) / len(found) > 0.73


def test_every_county_of_the_official_table_is_found_in_its_province() -> None:
    with gzip.open(published("cn_addresses/adcodes.csv.gz"), "rt", encoding="utf-8") as file:
        names = {row["adcode"][:6]: row["name"] for row in csv.DictReader(file)}
    wrong = []
    for code, name in names.items():
        province, city = names[code[:2] + "0000"], names.get(code[:4] + "00", "")
        if code.endswith("00") or "辖" in city + name or city == "县":
            continue
        found = address(f"{province}{'' if province == city else city}{name}人民路1号")
        if (found.province, found.district, found.detail) != (province, name, "人民路1号"):
            wrong.append(name)
    # Counties that have since become districts are found by their new names.
    assert len(wrong) <= 5, wrong
