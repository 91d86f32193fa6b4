"""Stories of what is cut out of free text before it is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhike.secure.cutting import cut, words


@pytest.mark.parametrize(
    ("text", "body", "kind"),
    [
        ("打13800000001找王小明", "打⟦phone:1⟧找王小明", "phone:1"),
        ("手机 +86 138-0000-0001。", "手机 ⟦phone:1⟧。", "phone:1"),
        ("全角１３８００００００１１也算", "全角⟦phone:1⟧也算", "phone:1"),
        ("座机010-12345678", "座机⟦phone:1⟧", "phone:1"),
        ("写给 li.si@example.com 吧", "写给 ⟦email:1⟧ 吧", "email:1"),
        ("身份证11010519491231002X核对", "身份证⟦id_number:1⟧核对", "id_number:1"),
        ("卡号 4111 1111 1111 1111", "卡号 ⟦bank_card:1⟧", "bank_card:1"),
        ("微信号：lisi_2026 加一下", "微信号：⟦wechat:1⟧ 加一下", "wechat:1"),
    ],
)
def test_an_identifier_is_cut_out_and_kept_apart(text: str, body: str, kind: str) -> None:
    assert cut(text)[0] == body
    assert list(cut(text)[1]) == [kind]


@pytest.mark.parametrize(
    "text", ["订单351531314732935790已发", "要 20cm 的 3 个", "2026-03-01 10:20 再打", "价格 1999 元", "note: teapots"]
)
def test_ordinary_numbers_and_words_stay(text: str) -> None:
    assert cut(text) == (text, {})


def test_a_mark_typed_by_hand_is_no_cutting() -> None:
    assert cut("⟦phone:1⟧")[0] == "[phone:1]"


def test_a_reader_sees_what_kind_was_cut_and_nothing_of_it() -> None:
    assert words(cut("打13800000001")[0], {"phone": "电话"}) == "打［电话］"


@given(
    st.text(max_size=40), st.sampled_from(["13800000001", "li.si@example.com", "010-12345678"]), st.text(max_size=40)
)
def test_whatever_stands_around_it_an_identifier_never_stays_in_the_body(before: str, value: str, after: str) -> None:
    body, cuttings = cut(f"{before} {value} {after}")
    assert value not in body or value in before + after
    assert cuttings
