"""Every word the product says is said in both languages."""

import re

import pytest

from zhike.kit import messages, msgids

_PLACE = re.compile(r"%\((\w+)\)[sdf]")
_HAN = "\u4e00-\u9fff"
_NARROW = re.compile(rf"[{_HAN}）》”][,;!?(]|[,;!?)][{_HAN}（《“]|:[{_HAN}（《“]|[{_HAN}]\.\.\.")


@pytest.mark.parametrize("module", msgids.modules())
def test_every_message_of_a_module_is_translated_into_chinese(module):
    missing = [f"{place}: {message.msgid}" for message, place in messages.missing(module).items()]
    assert missing == [], f"python -m zhike.kit.messages --missing {module} appends them to its .po"


def test_no_translation_is_empty_or_only_guessed():
    assert messages.incomplete() == []


def test_one_english_message_has_one_chinese_wording():
    wrong = []
    for (_context, msgid), entries in messages.known().items():
        said = {e.msgstr_plural[0] if e.msgid_plural else e.msgstr for e in entries.values()}
        if len(said) > 1:
            wrong.append(f"{msgid!r}: {said} in {sorted(entries)}; keep one, or give it a context")
    assert wrong == []


def test_a_translation_keeps_the_places_of_its_message():
    wrong = []
    for (_context, msgid), entries in messages.known().items():
        for module, entry in entries.items():
            said = entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr
            if set(_PLACE.findall(said)) - set(_PLACE.findall(msgid + entry.msgid_plural)):
                wrong.append(f"{module}: {msgid!r} → {said!r}")
    assert wrong == []


def _sentences():
    """(module, sentence) of every Chinese translation."""
    for entries in messages.known().values():
        for module, entry in entries.items():
            yield module, entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr


def test_chinese_sentences_are_punctuated_in_full_width():
    wrong = [f"{module}: {said}" for module, said in _sentences() if _NARROW.search(said)]
    assert wrong == []


def test_chinese_addresses_everybody_in_one_way():
    assert [f"{module}: {said}" for module, said in _sentences() if "您" in said] == [], "the pages say 你"


def test_the_search_for_messages_finds_each_way_of_saying_one():
    template = (
        '{% load i18n %}{% translate "plain" %}{% translate "of" context "ctx" %}{% tabs views _("marked") %}{{ x|default:_("filtered") }}'
        "{% blocktranslate with n=x.n %}{{ n }} of 5 %{% endblocktranslate %}"
        "{% blocktranslate count n=n trimmed %}\n one {{ n }}\n{% plural %}\n many {{ n }}\n{% endblocktranslate %}"
    )
    found = {(m.msgid, m.plural, m.context) for m, _line in msgids.template_messages(template)}
    assert found == {
        ("plain", "", ""),
        ("of", "", "ctx"),
        ("marked", "", ""),
        ("filtered", "", ""),
        ("%(n)s of 5 %%", "", ""),
        ("one %(n)s", "many %(n)s", ""),
    }
    source = (
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext as p\n"
        '_("lazy")\nngettext("a", "b", 2)\np("ctx", "said")\nnav_item("c", "Label", "users")\nother("not")\n'
    )
    found = {(m.msgid, m.plural, m.context) for m, _line in msgids.python_messages(source)}
    assert found == {("lazy", "", ""), ("a", "b", ""), ("said", "", "ctx"), ("Label", "", "")}
