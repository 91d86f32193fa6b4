"""Pieces of HTML are what Django's own way makes of the same parts, to the letter."""

import pytest
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from zhike.ui.pieces import piece

PARTS = ["<script>alert('x')</script>", 'a "quoted" & odd one', 7, 1.5, None, "\u202e", gettext_lazy("No name")]


@pytest.mark.parametrize("part", [*PARTS, mark_safe("<b>kept</b>")])
def test_a_piece_is_what_djangos_way_makes_of_the_same_part(part):
    pattern = '<span title="{}">{}</span>'
    assert piece(pattern, part, part) == format_html(pattern, part, part)


def test_a_piece_within_a_piece_is_not_escaped_twice():
    inner = piece("<i>{}</i>", "<")
    assert piece("<p>{}</p>", inner) == "<p><i>&lt;</i></p>"


def test_a_pattern_that_asks_for_more_than_it_is_given_is_a_mistake():
    with pytest.raises(IndexError):
        piece("{}{}", "one")
