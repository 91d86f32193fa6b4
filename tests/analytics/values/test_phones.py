import pytest

from zhike_analytics.values import ValueProblem, phone


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "+86 138 0013 8000",
        "008613800138000",
        "138-0013-8000",
        "１３８００１３８０００",
        "86 138 0013 8000",
    ],
)
def test_one_mobile_in_many_writings_is_one_number(text: str) -> None:
    found = phone(text)
    assert (found.e164, found.kind, found.operator, found.tail4) == ("+8613800138000", "mobile", "mobile", "8000")


@pytest.mark.parametrize(
    ("segment", "operator"),
    [("1331", "telecom"), ("1349", "satellite"), ("1345", "mobile"), ("1700", "telecom"), ("1703", "mobile"),
     ("1709", "unicom"), ("1740", "telecom"), ("1749", "satellite"), ("1921", "broadnet"), ("1961", "unicom")],
)  # fmt: skip
def test_segments_tell_the_operator(segment: str, operator: str) -> None:
    assert phone(segment + "1234567").operator == operator


def test_an_unknown_segment_is_accepted_with_a_warning() -> None:
    found = phone("15412345678")
    assert found.kind == "mobile"
    assert not found.segment_known


def test_a_privacy_number_is_not_the_persons_own() -> None:
    found = phone("18877771111-123")
    assert (found.kind, found.extension) == ("virtual", "123")
    assert not found.identifies_person


def test_an_internet_of_things_number_has_thirteen_digits() -> None:
    assert phone("1440012345678").kind == "iot"


@pytest.mark.parametrize("text", ["0571-88881234", "(0571)88881234", "+86 571 8888 1234", "057188881234"])
def test_a_landline_in_many_writings_is_one_number(text: str) -> None:
    found = phone(text)
    assert (found.e164, found.kind) == ("+8657188881234", "landline")


@pytest.mark.parametrize("text", ["0571-88881234-801", "0571-88881234转801", "(0571)88881234 ext 801"])
def test_an_extension_is_kept_apart(text: str) -> None:
    assert phone(text).extension == "801"


def test_a_foreign_number_keeps_its_country() -> None:
    assert phone("+44 7911 123456").e164 == "+447911123456"
    assert phone("07911 123456", region="GB").kind == "foreign"


@pytest.mark.parametrize(
    ("text", "code"),
    [("138****5678", "phone.masked"), ("无", "phone.blank"), ("11111111111", "phone.blank"), ("123", "phone.too_short"),
     ("13800138000/13900139000", "phone.several"), ("张三", "phone.invalid"), ("62345678", "phone.local_only"),
     ("1" * 5 + "2" * 20, "phone.too_long"), ("+999123456789", "phone.invalid")],
)  # fmt: skip
def test_what_is_no_number_is_refused_by_code_and_never_repeated(text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        phone(text)
    assert caught.value.code == code
    assert text not in f"{caught.value!r} {caught.value} {caught.value.params}"
