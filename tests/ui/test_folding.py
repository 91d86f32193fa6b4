"""Templates are compiled once per language, and what never changes in them is text."""

import pytest
from django.template import Context, Engine, Template
from django.template.base import TextNode
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.html import escape

from zhike.ui import folding


def compiled(source: str, language: str = "zh-hans") -> Template:
    with translation.override(language):
        template = Engine.get_default().from_string("{% load i18n ui %}" + source)
        folding.fold(template)
    return template


def shown(template: Template, language: str = "zh-hans", **names: object) -> str:
    with translation.override(language):
        return template.render(Context(names))


def test_words_icons_and_addresses_become_one_piece_of_text():
    template = compiled('<b>{% translate "Close" %}</b>{# quiet #}{% icon "x" %}<a href="{% url "ui:language" %}">')
    assert [type(node) for node in template.nodelist] == [TextNode]
    assert shown(template).startswith("<b>关闭</b><svg") and 'href="/ui/language/"' in shown(template)


def test_each_language_has_its_own_copy_of_a_template():
    for language, word in (("zh-hans", "关闭"), ("en", "Close"), ("zh-hans", "关闭")):
        with translation.override(language):
            body = (
                Engine.get_default().get_template("ui/parts/shortcuts.html").render(Context({"frame": {"viewer": 1}}))
            )
        assert f'aria-label="{word}"' in body


def test_what_depends_on_the_page_stays_and_is_escaped():
    template = compiled('{% if a %}{% translate "Close" %}{{ a }}{% icon name %}{% endif %}')
    assert shown(template, a="<i>", name="users").startswith("关闭&lt;i&gt;<svg")
    assert "#users" in shown(template, a="x", name="users")
    assert shown(template, a="") == ""


def test_a_word_kept_under_a_name_is_there_for_what_follows():
    template = compiled('{% translate "Close" as word %}[{{ word }}]{% blocktranslate with n=a %}Remove filter {{ n }}{% endblocktranslate %}')  # fmt: skip
    assert shown(template, a="<b>").startswith("[关闭]") and "&lt;b&gt;" in shown(template, a="<b>")


def test_a_loop_repeats_its_folded_words():
    template = compiled('{% for n in ns %}{% translate "Close" %}{{ n }}{% empty %}{% translate "Save" %}{% endfor %}')
    assert shown(template, ns=[1, 2]) == "关闭1关闭2"
    assert shown(template, ns=[]) == "保存"


def test_an_address_nobody_has_fails_when_the_page_is_asked_for():
    template = compiled('{% if wanted %}{% url "nowhere:at_all" %}{% endif %}')
    assert shown(template, wanted=False) == ""
    with pytest.raises(NoReverseMatch):
        shown(template, wanted=True)


def test_an_address_with_parts_is_what_django_says_whatever_the_part():
    template = compiled('{% url "desk:file" part %}|{% url "desk:counted" part as there %}{{ there }}')
    for part in ("Db2ca3qLP-ELSL5XlA2b", "12", 12, "张 三", "a&b", "{}"):
        both = (reverse("desk:file", args=[part]), reverse("desk:counted", args=[part]))
        assert shown(template, part=part) == escape("|".join(both))


def test_an_address_with_two_parts_keeps_their_order():
    template = compiled('{% url "desk:cell" "Db2c" column %}')
    assert shown(template, column="file.city") == reverse("desk:cell", args=["Db2c", "file.city"])
    assert shown(template, column="city") == reverse("desk:cell", args=["Db2c", "city"])
    with pytest.raises(NoReverseMatch):
        shown(compiled('{% url "desk:file" part %}'), part="")
