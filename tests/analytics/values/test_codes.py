"""Published check digits (5-methods, section 14.4) as tests."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhike_analytics.values import ValueProblem, bank_card, id_card, luhn_ok, uscc
from zhike_analytics.values.codes import id_check, uscc_check


def test_the_standards_identity_number_is_valid() -> None:
    found = id_card("11010519491231002x")
    assert (found.birth_date, found.sex, found.region_known) == (date(1949, 12, 31), "female", True)
    with pytest.raises(ValueProblem, match="check_digit"):
        id_card("110105194912310021")


def test_an_abolished_region_is_valid_on_a_card() -> None:
    number = "44052419800101001"
    assert id_card(number + id_check(number)).sex == "male"


def test_fifteen_digits_become_eighteen() -> None:
    assert id_card("110105491231002").number == "11010519491231002X"


def test_a_birth_in_the_future_is_refused_when_today_is_known() -> None:
    number = "11010520300101001"
    with pytest.raises(ValueProblem, match="birth_date"):
        id_card(number + id_check(number), today=date(2026, 11, 22))
    with pytest.raises(ValueProblem, match="birth_date"):
        id_card("110105194902310021")


def test_the_standards_credit_codes_are_valid() -> None:
    assert uscc_check("91350100M000100Y4") == "3"
    assert uscc("91350100M000100Y43").organization_ok
    found = uscc("91110000 60003734 1l")
    assert (found.number, found.organization, found.organization_ok) == ("91110000600037341L", "600037341", True)
    with pytest.raises(ValueProblem):
        uscc("91350100M000100Y4Z")


def test_luhn_follows_the_published_example() -> None:
    assert luhn_ok("79927398713")
    assert not luhn_ok("79927398710")
    assert luhn_ok("4111111111111111")


def test_a_card_number_is_reduced_to_its_tail() -> None:
    found = bank_card("4111 1111 1111 1111")
    assert (found.tail4, found.length, found.luhn_ok) == ("1111", 16, True)
    assert "411111" not in repr(found)
    with pytest.raises(ValueProblem):
        bank_card("0000000000000000")


@given(
    st.from_regex(r"[1-8]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|1\d|2[0-8])\d{3}", fullmatch=True).filter(str.isascii)
)
def test_one_changed_digit_is_noticed(first17: str) -> None:
    check = id_check(first17)
    other = str((int(first17[16]) + 1) % 10)
    assert id_check(first17[:16] + other) != check
