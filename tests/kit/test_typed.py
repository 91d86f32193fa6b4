"""Numbers typed into forms of rules."""

import math

import pytest

from zhike.kit import typed


@pytest.mark.parametrize(("text", "share"), [("5", 0.05), (" 12.5% ", 0.125), ("100%", 1.0)])
def test_percent_is_read_as_a_share_with_or_without_its_sign(text: str, share: float) -> None:
    assert typed.share(text) == share


@pytest.mark.parametrize("text", ["", "zehn", "5,5", "%"])
def test_what_is_no_percentage_is_a_share_no_rule_accepts(text: str) -> None:
    assert math.isnan(typed.share(text))


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), (" 365 ", 365), ("-3", -1), ("1e3", -1), ("", -1), ("1234567", -1)]
)
def test_a_whole_number_is_read_and_anything_else_is_below_every_limit(text: str, number: int) -> None:
    assert typed.whole(text) == number
