import pytest

from zhike_analytics.values import (
    fold,
    is_blank_word,
    is_masked,
    lost_digits,
    squash,
    strip_export_quirks,
)


def test_full_width_letters_become_ordinary_but_chinese_marks_stay() -> None:
    assert squash("ＡＢＣ　１２３，好！") == "ABC 123，好！"
    assert fold("ＡＢＣ，好！") == "abc,好!"


def test_characters_that_hide_or_turn_text_are_removed() -> None:
    assert squash("pay\u202egnp.exe") == "paygnp.exe"
    assert squash("\ufeff张\u200b三\u2066\U000e0041") == "张三"
    assert squash("a\x00b\ud800") == "ab"


def test_an_emoji_family_stays_together() -> None:
    family = "👨\u200d👩\u200d👧"
    assert squash(family) == family


def test_a_rare_name_character_is_not_replaced_by_a_common_one() -> None:
    assert squash("\uf900") == "\uf900"
    assert squash("㎡") == "㎡"
    assert squash("e\u0301") == "é"


@pytest.mark.parametrize("word", ["", " ", "N/A", "无", "test", "11111111111", "null", "-", "　", "--"])
def test_words_for_nothing_are_blank(word: str) -> None:
    assert is_blank_word(word)


@pytest.mark.parametrize("word", ["Null", "Nan", "Na", "无锡", "0", "张三", "13800138000"])
def test_names_that_look_like_nothing_are_not_blank(word: str) -> None:
    assert not is_blank_word(word)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('="3515021"', "3515021"),
        ('=""', ""),
        ("'13800138000", "13800138000"),
        ("\t351\t", "351"),
        ("'=cmd()", "=cmd()"),
        ("'quoted'", "'quoted'"),
        ("O'Brien", "O'Brien"),
        ('="a""b"', 'a"b'),
        ("'", ""),
    ],
)
def test_spreadsheet_guards_are_taken_off(cell: str, value: str) -> None:
    assert strip_export_quirks(cell) == value


def test_a_number_eaten_by_a_spreadsheet_is_recognized() -> None:
    assert lost_digits("3.51512E+17")
    assert not lost_digits("351512000000000000")


@pytest.mark.parametrize(
    "text",
    ["张**", "138****5678", "t**1", "小*测试", "张＊", "●●●", "138xxxx5678", "##Zm9v##", "$$abc", "~AgAA~"],
)
def test_what_a_platform_hid_is_seen_as_masked(text: str) -> None:
    assert is_masked(text)


@pytest.mark.parametrize("text", ["", None, "张三", "9:00~18:00", "买买●提江", "#1 shop", "$5", "maxx"])
def test_ordinary_text_is_not_masked(text: str | None) -> None:
    assert not is_masked(text)
