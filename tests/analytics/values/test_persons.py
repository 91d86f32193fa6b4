import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhike_analytics.values import ValueProblem, name_sort, name_tokens, person


def test_a_compound_surname_is_known() -> None:
    assert person("欧阳修").surname == "欧阳"
    assert person("张三").surname == "张"
    assert person("司马").surname == "司"


def test_every_middle_dot_becomes_the_official_one() -> None:
    for dot in "•・‧．●∙·":
        assert person(f"阿卜杜{dot}买买提").text == "阿卜杜·买买提"


def test_titles_are_cut_off_and_kept_apart() -> None:
    assert (person("王小明先生").text, person("王小明先生").title) == ("王小明", "先生")
    assert person("Mr. John Smith").surname == "Smith"


@pytest.mark.parametrize("name", ["〇", "𠮷野家", "小", "龘龘", "\uf900某"])
def test_a_rare_name_is_never_rejected(name: str) -> None:
    assert person(name).text == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("张**", "person.masked"),
        ("测试", "person.blank"),
        ("！？", "person.no_letters"),
        ("王" * 10_000, "person.too_long"),
    ],
)
def test_what_is_no_name_is_refused(name: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        person(name)
    assert caught.value.code == code


def test_a_problem_keeps_its_code_between_processes() -> None:
    with pytest.raises(ValueProblem) as caught:
        person("王" * 200)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (again.code, again.params) == ("person.too_long", {"limit": 100})


def test_tokens_hold_pairs_the_last_character_pinyin_and_initials_and_each_character_begins_one() -> None:
    assert set(name_tokens("单小明")) == {"单小", "小明", "明", "shanxiaoming", "sxm"}
    assert all(any(token.startswith(one) for token in name_tokens("欧阳·娜 娜")) for one in "欧阳娜")
    assert set(name_tokens("John Smith")) == {"john", "smith", "js"}
    assert "zengguofan" in name_tokens("曾国藩")
    assert name_tokens("王 小 明") == name_tokens("王小明先生") == name_tokens("王小明")


def test_names_sort_by_pinyin_shorter_first() -> None:
    names = ["张三", "李安", "李", "阿明", "Bob", "欧阳修"]
    assert sorted(names, key=name_sort) == ["阿明", "Bob", "李", "李安", "欧阳修", "张三"]


@given(st.text(max_size=60))
def test_any_text_gives_tokens_and_a_sort_key_without_failing(text: str) -> None:
    assert all(name_tokens(text))
    assert "\t" in name_sort(text)
