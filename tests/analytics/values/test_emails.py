import pytest

from zhike_analytics.values import ValueProblem, email


def test_the_key_folds_case_and_the_address_keeps_it() -> None:
    found = email(" Zhang.San@QQ.com ")
    assert (found.address, found.key, found.free) == ("Zhang.San@qq.com", "zhang.san@qq.com", True)


def test_a_chinese_domain_becomes_ascii() -> None:
    assert email("x@例子.公司").domain == "xn--fsqu00a.xn--55qx5d"


def test_full_width_signs_are_read() -> None:
    assert email("ａ＠ｑｑ．ｃｏｍ").key == "a@qq.com"


@pytest.mark.parametrize(
    ("text", "code"),
    [("a@b", "email.invalid"), ("a..b@qq.com", "email.invalid"), ("@qq.com", "email.invalid"), ("无", "email.blank"),
     ("t***@qq.com", "email.masked"), ("a@qq.com;b@qq.com", "email.several"), ("x" * 300 + "@qq.com", "email.too_long"),
     ("a@-x.com", "email.invalid"), ("a@x.1", "email.invalid"), ("plain", "email.invalid")],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        email(text)
    assert caught.value.code == code
