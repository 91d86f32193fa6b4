"""What a message says: variables strictly, everything escaped, one line where one line belongs, hours on the wall's clock."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhike.reach import rendering
from zhike.reach.hours import quiet_until
from zhike.reach.rendering import TemplateFault
from zhike.reach.wording import language_for

BODY = "{{ name }}，您好！\n第二行 {{ tea }}\n\n[看一看](https://shop.example/tea?a=1&b=2) 或者来店。"
VALUES = {"name": "王<b>", "tea": "龙井"}


def test_text_and_html_are_made_from_one_body_and_escaped() -> None:
    assert (
        rendering.text(BODY, VALUES)
        == "王<b>，您好！\n第二行 龙井\n\n看一看 https://shop.example/tea?a=1&b=2 或者来店。\n"
    )
    assert rendering.html(BODY, VALUES) == (
        "<p>王&lt;b&gt;，您好！<br>\n第二行 龙井</p>\n"
        '<p><a href="https://shop.example/tea?a=1&amp;b=2" rel="noopener noreferrer">看一看</a> 或者来店。</p>'
    )


@pytest.mark.parametrize(
    ("subject", "body", "code"),
    [
        ("", "x", "subject"), ("a\nb", "x", "subject"), ("a\u202eb", "x", "subject"), ("x" * 201, "x", "subject"), ("a", " ", "body"),
        ("a", "{{ name", "syntax"), ("a", "{% load x %}", "syntax"), ("a", "{{ Name }}", "syntax"), ("a", "{{ a.b }}", "syntax"),
        ("a", "{{ x|safe }}", "syntax"), ("{{ 1 }}", "x", "syntax"), ("a", "{{{{ name }}}}", "syntax"), ("a", "{{ __class__ }}", "syntax"),
    ],
)  # fmt: skip
def test_what_is_no_template_is_refused(subject: str, body: str, code: str) -> None:
    with pytest.raises(TemplateFault) as fault:
        rendering.check(subject, body)
    assert fault.value.code == code


def test_a_variable_without_a_value_is_a_fault_and_never_an_empty_place() -> None:
    with pytest.raises(TemplateFault) as fault:
        rendering.text("{{ nothing }}", {})
    assert (fault.value.code, fault.value.name) == ("fact", "nothing")
    assert rendering.facts_of([{"subject": "{{ shop }}", "body": "{{ a }} {{ name }} {{ a }} {{ b }}"}]) == ["a", "b"]


@given(value=st.text(max_size=60))
def test_no_value_makes_a_second_line_of_a_subject_or_a_sign_of_html(value: str) -> None:
    line = rendering.subject("新茶 {{ x }} 到了", {"x": value})
    assert len(line.splitlines()) == 1 and "\r" not in line and "\n" not in line
    page = rendering.html("{{ x }}", {"x": value})
    inner = page.removeprefix("<p>").removesuffix("</p>")
    assert "<" not in inner.replace("<br>", "") and '"' not in inner
    assert "{{" not in rendering.text("{{ x }}", {"x": "{{ y }}"}).replace(
        "{{ y }}", ""
    )  # a value is never read as a template


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", 'https://a.example/"onclick=x', "https://{{ x }}"],
)
def test_only_plain_addresses_become_links(link: str) -> None:
    assert "<a " not in rendering.html(f"[x]({link})", {"x": "y"})


def at(text: str, begins: str = "21:00", ends: str = "08:00", zone: str = "Asia/Shanghai") -> str:
    until = quiet_until(dt.datetime.fromisoformat(text), begins, ends, zone)
    return until.isoformat() if until else ""


def test_quiet_hours_end_on_the_clock_on_the_wall() -> None:
    assert at("2026-03-02T13:00:00+00:00") == "2026-03-03T00:00:00+00:00"  # nine in the evening
    assert at("2026-03-02T12:59:59+00:00") == ""
    assert at("2026-03-02T23:59:59+00:00") == "2026-03-03T00:00:00+00:00"  # before eight in the morning
    assert at("2026-03-03T00:00:00+00:00") == ""
    assert at("2026-03-02T05:00:00+00:00", "12:00", "14:00") == "2026-03-02T06:00:00+00:00"
    assert at("2026-03-02T05:00:00+00:00", "00:00", "00:00") == ""
    # The night in which Berlin's clocks go forward: eight in the morning is eight in the morning.
    assert at("2026-03-28T22:30:00+00:00", zone="Europe/Berlin") == "2026-03-29T06:00:00+00:00"


def test_the_language_is_the_customers_where_the_template_has_it() -> None:
    both, english = {"zh-hans": 1, "en": 1}, {"en": 1}
    said = {"": "zh-hans", "en": "en", "EN-us": "en", "English": "en", "中文": "zh-hans", "fr": "zh-hans"}
    assert {wanted: language_for(both, wanted) for wanted in said} == said
    assert language_for(english, "zh") == "en"
