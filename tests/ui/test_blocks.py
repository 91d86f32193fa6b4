"""The building blocks escape what they are given, say what they mean, and carry no script or style of their own."""

import re
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from zhike.ui.build import icons
from zhike.ui.build.places import NODE_MODULES, PACKAGE
from zhike.ui.build.trim import trim
from zhike.ui.marks import letters

HOSTILE = '"><script>alert(1)</script>'


def _draw(source: str, **facts: object) -> str:
    return Template("{% load ui %}" + source).render(
        Context({"request": RequestFactory().get("/list/?sort=-name&q=a&after=x"), **facts})
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% badge x %}", "{% tag x 1 '/remove/' %}", "{% avatar x %}", "{% stat x x '/to/' note=x %}", "{% empty 'users' x x '/u/' x %}",
        "{% field_row x x origin='stated' origin_title=x copy=True %}", "{% callout 'warn' x %}{{ x }}{% endcallout %}", "{% panel x %}{% endpanel %}",
        "{% command x %}", "{% origin 'stated' x '/why/' %}", "{% select_td x x %}", "{% menu x %}{% endmenu %}", "{% dialog 'd' x %}{% enddialog %}",
    ],
)  # fmt: skip
def test_no_block_lets_markup_in_a_value_through(source):
    assert "<script>" not in _draw(source, x=HOSTILE)


def test_a_masked_value_offers_to_be_shown_only_where_that_is_allowed():
    assert "reveal" not in _draw("{% field_row 'Phone' '••4821' sight='masked' %}")
    assert 'hx-get="/reveal/"' in _draw("{% field_row 'Phone' '••4821' sight='masked' reveal_url='/reveal/' %}")


def test_a_hidden_value_is_not_in_the_page_at_all():
    assert "secret" not in _draw("{% field_row 'Health' 'secret' sight='hidden' %}")


def test_a_heading_turns_its_order_and_forgets_the_page():
    html = _draw("{% sort_th 'name' 'Name' %}{% sort_th 'spent' 'Spent' first='down' %}")
    assert 'aria-sort="descending"' in html
    assert '?sort=name&amp;q=a"' in html
    assert '?sort=-spent&amp;q=a"' in html
    assert "after=" not in html


def test_the_pager_keeps_the_question_and_changes_the_place():
    html = _draw("{% pager page %}", page={"next_key": "N", "previous_key": "P"})
    assert "?sort=-name&amp;q=a&amp;after=N" in html
    assert "?sort=-name&amp;q=a&amp;before=P" in html


def test_a_job_asks_for_itself_only_while_it_moves():
    assert 'hx-trigger="every 1s"' in _draw("{% progress 1 2 'x' url='/job/' %}")
    assert "hx-get" not in _draw("{% progress 2 2 'x' state='done' url='/job/' %}")


class _Form(forms.Form):
    name = forms.CharField(help_text="help")
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)


def test_a_form_ties_label_help_and_error_to_its_field():
    html = str(_Form({}))
    assert '<label class="field-label" for="id_name">' in html
    assert re.search(r'<input[^>]*aria-describedby="id_name_error"[^>]*>', html)
    assert 'id="id_name_error"' in html
    assert "<fieldset" in html


def test_no_template_carries_a_script_or_a_style_of_its_own():
    wrong = []
    refused = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\shx-on|\son[a-z]+=|javascript:", re.IGNORECASE)
    for file in sorted(PACKAGE.rglob("templates/**/*.html")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if refused.search(line):
                wrong.append(f"{file.relative_to(PACKAGE)}:{number}: {line.strip()[:80]}")
    assert wrong == []


@pytest.mark.skipif(not NODE_MODULES.exists(), reason="front-end packages are not installed here: run `make assets`")
def test_every_icon_named_in_the_product_exists_in_the_family():
    assert icons.unknown_icons(icons.icon_names()) == []


def test_trimming_keeps_what_pages_use_and_drops_whole_families():
    css = "a{b:c}.navbar,.btn{x:y}.carousel{z:1}@media (min-width:1px){.offcanvas-x{a:b}.card{c:d}}@charset 'u';.bg-facebook{q:r}"
    kept = trim(css)
    assert ".btn{x:y}" in kept
    assert ".card{c:d}" in kept
    assert not re.search(r"navbar|carousel|offcanvas|facebook", kept)


def test_the_lock_file_names_exact_versions_and_no_addresses():
    checkout = Path(NODE_MODULES).parent
    lock = (checkout / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    versions = re.findall(
        r'^    "[^"]+": "([^"]+)"', (checkout / "package.json").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert versions
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", v) for v in versions)


@pytest.mark.parametrize(
    ("name", "drawn"),
    [("何丽", "丽"), ("沈老板（演示）", "板"), ("演示 小林客服", "服"), ("王*明", "明"), ("深圳华明食品有限公司", "深"), ("Marianne Okafor", "MO"), ("Jo", "J"), ("***", "?"), ("", "?")],
)  # fmt: skip
def test_the_letters_of_an_avatar_are_those_one_calls_a_person_by(name, drawn):
    assert letters(name) == drawn
