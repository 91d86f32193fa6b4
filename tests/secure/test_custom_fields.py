"""Fields a merchant defines go the way of every other field: policy, masks, sealing, imports, the file."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from tests.cast import hire
from zhike.customers import actions as customers
from zhike.customers import queries as files
from zhike.customers.actions import EditRefused
from zhike.customers.models import CustomerCard
from zhike.customers.records import Statement
from zhike.kit import clock
from zhike.secure import custom_fields, fields, policy, queries, vault
from zhike.secure.custom_fields import Definition, FieldRefused
from zhike.secure.models import AuditEvent, CustomFieldVersion
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SIZE = Definition(name_zh="鞋码", name_en="Shoe size", kind="number", about="person")
TEA = Definition(
    name_zh="茶", name_en="Tea", kind="choice", choices=(("green", "绿茶", "Green"), ("black", "红茶", "Black"))
)
PLATE = Definition(name_zh="车牌", name_en="Plate", cls="personal", form="sealed", mask="plate")


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """No test sees the fields another one defined."""
    vault.setup()
    fields.refresh()
    yield
    from zhike.secure.models import CustomField

    CustomFieldVersion.objects.all().delete()
    CustomField.objects.all().delete()
    fields.refresh()


@pytest.fixture
def one() -> int:
    return customers.add_customer("person", {"name": "王小明"}, by=LOCAL_OPERATOR)


def define(code: str, wanted: Definition) -> str:
    return custom_fields.define(code, wanted, by=LOCAL_OPERATOR)


def test_a_defined_field_is_in_the_catalogue_and_on_the_file(one: int) -> None:
    name = define("shoe_size", SIZE)
    assert name == "custom.shoe_size" and fields.field(name).facet and fields.field(name).lake == "value"
    customers.edit_field(one, name, "42.5", by=LOCAL_OPERATOR)
    value = files.field_value(LOCAL_OPERATOR, one, name)
    assert value is not None and value.text == "42.5" and value.group == "custom"
    assert CustomerCard.objects.get().values[name] == "42.5"
    with pytest.raises(EditRefused, match=r"number\.bad"):
        customers.edit_field(one, name, "groß", by=LOCAL_OPERATOR)


def test_a_choice_is_read_in_both_languages(one: int) -> None:
    name = define("tea", TEA)
    customers.edit_field(one, name, "红茶", by=LOCAL_OPERATOR)
    assert CustomerCard.objects.get().values[name] == "black"
    customers.edit_field(one, name, "Green", by=LOCAL_OPERATOR)
    assert CustomerCard.objects.get().values[name] == "green"


def test_an_import_fills_a_defined_field_and_an_unknown_one_is_told(one: int) -> None:
    name = define("tea", TEA)
    source = customers.add_source(
        code="s", name="店", channel_kind="shop_platform", legal_basis="contract", by=LOCAL_OPERATOR
    )
    said = Statement(("platform_id", "1"), clock.now(), {"name": "李雷", name: "绿茶", "custom.nothing": "x"}, 1)
    tally = customers.record_statements(customers.prepare_statements(source.id, [said], run_id=1))
    assert [(p.field, p.code) for p in tally.problems] == [("custom.nothing", "field.unknown")]
    assert CustomerCard.objects.get(name="李雷").values[name] == "green"


def test_a_sealed_field_is_masked_and_revealed_like_any_sealed_one(one: int) -> None:
    name = define("plate", PLATE)
    customers.edit_field(one, name, "浙A12345", by=LOCAL_OPERATOR)
    card = CustomerCard.objects.get()
    assert name not in card.values and "12345" not in str(card.values)
    agent = queries.viewer_of(hire("agent"))
    value = files.field_value(agent, one, name)
    assert value is not None and value.is_sealed and "12345" not in value.text and value.can_reveal
    assert customers.reveal_field(one, name, by=agent, purpose="delivery").plain() == "浙A12345"


def test_a_field_follows_the_rule_of_its_class_and_a_rule_of_its_own(one: int, viewer_for: Any) -> None:
    name = define("tea", replace(TEA, cls="personal"))
    agent = hire("agent")
    assert queries.sight(viewer_for(agent), name) == "masked"
    from zhike.secure import policy_changes
    from zhike.secure.records import Rights

    policy_changes.set_rule("agent", name, Rights("hidden"), by=LOCAL_OPERATOR)
    assert files.field_value(viewer_for(agent), one, name) is None


@pytest.mark.parametrize(
    ("code", "wanted", "why"),
    [
        ("Ab", SIZE, "code"),
        ("1a", SIZE, "code"),
        ("size", replace(SIZE, name_zh=" "), "name"),
        ("size", replace(SIZE, cls="sensitive"), "form"),
        ("size", replace(SIZE, cls="secret", form="sealed"), "class"),
        ("size", replace(SIZE, form="apart"), "form"),
        ("size", replace(SIZE, kind="picture"), "value"),
        ("size", replace(SIZE, group="nowhere"), "value"),
        ("size", replace(SIZE, mask="none"), "value"),
        ("tea", replace(TEA, choices=()), "choices"),
        ("tea", replace(TEA, choices=(("a", "甲", "A"), ("a", "乙", "B"))), "choices"),
        ("size", replace(SIZE, choices=(("a", "甲", "A"),)), "choices"),
    ],
)
def test_a_field_that_could_lie_or_read_wrong_cannot_be_defined(code: str, wanted: Definition, why: str) -> None:
    with pytest.raises(FieldRefused) as refused:
        define(code, wanted)
    assert refused.value.code == why


def test_a_code_is_taken_once() -> None:
    define("tea", TEA)
    with pytest.raises(FieldRefused, match="code_taken"):
        define("tea", TEA)


def test_what_a_field_was_stays_known_and_how_it_lies_stays_fixed(one: int) -> None:
    define("tea", TEA)
    more = replace(TEA, name_zh="爱喝的茶", choices=(*TEA.choices, ("oolong", "乌龙", "Oolong")))
    custom_fields.change("tea", more, by=LOCAL_OPERATOR)
    customers.edit_field(one, "custom.tea", "乌龙", by=LOCAL_OPERATOR)
    assert list(CustomFieldVersion.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert AuditEvent.objects.filter(action="field.changed").count() == 1
    with pytest.raises(FieldRefused, match="choices_stay"):
        custom_fields.change("tea", TEA, by=LOCAL_OPERATOR)
    with pytest.raises(FieldRefused, match="fixed"):
        custom_fields.change("tea", replace(more, form="sealed"), by=LOCAL_OPERATOR)


def test_a_field_put_away_leaves_the_pages_and_keeps_what_was_said(one: int) -> None:
    define("tea", TEA)
    customers.edit_field(one, "custom.tea", "绿茶", by=LOCAL_OPERATOR)
    custom_fields.put_away("tea", by=LOCAL_OPERATOR)
    assert files.field_value(LOCAL_OPERATOR, one, "custom.tea") is None
    assert "custom.tea" not in {f.name for f in fields.catalogue()}
    with pytest.raises(Forbidden):
        customers.edit_field(one, "custom.tea", "红茶", by=LOCAL_OPERATOR)
    custom_fields.take_back("tea", by=LOCAL_OPERATOR)
    value = files.field_value(LOCAL_OPERATOR, one, "custom.tea")
    assert value is not None and value.typed == "green"


def test_another_process_hears_of_a_field_by_the_policys_stamp() -> None:
    define("tea", TEA)
    fields.catalogue.__globals__["_custom"] = {}  # as in a process that read before
    fields.catalogue.__globals__["_custom_stamp"] = 1
    policy.version()
    assert fields.known("custom.tea")


def test_only_who_may_define_fields_does(as_owner: Client, as_agent: Client) -> None:
    assert as_agent.get("/fields/").status_code == 403
    with pytest.raises(Forbidden):
        custom_fields.define("tea", TEA, by=queries.viewer_of(hire("agent")))
    typed = {
        **{"name_zh": "茶", "name_en": "Favorite tea", "about": "person", "group": "custom", "kind": "choice"},
        **{"choices": "绿茶 | Green\n红茶", "cls": "internal", "form": "open", "mask": "hidden", "weight": "1"},
    }
    assert as_owner.post("/fields/new/", typed).status_code == 302
    row = custom_fields.definition("favorite_tea")
    assert row is not None and row.choices == [["c1", "绿茶", "Green"], ["c2", "红茶", "红茶"]]
    page = as_owner.get("/fields/favorite_tea/")
    assert "c1 | 绿茶 | Green" in page.content.decode()
    assert as_owner.post("/fields/favorite_tea/", {**typed, "choices": "c1 | 绿茶 | Green"}).status_code == 200
    assert as_owner.post("/fields/favorite_tea/archive/").status_code == 302
    assert as_owner.get("/fields/").status_code == 200


def test_a_rule_asks_by_a_defined_field_and_by_every_field_of_codes(one: int) -> None:
    from zhike.customers.queries.segments import facet, facets
    from zhike.customers.segments.rule import read_rule

    tea, size = define("tea", replace(TEA, kind="many")), define("shoe_size", SIZE)
    define("secret_tea", PLATE)
    for name, text in ((tea, "绿茶、红茶"), (size, "42.5"), ("education_level", "本科")):
        customers.edit_field(one, name, text, by=LOCAL_OPERATOR)
    assert CustomerCard.objects.get().values["_lake"] == (
        "|custom.shoe_size=42.5|custom.tea=green,black|education_level=bachelor|"
    )
    assert facet("custom.secret_tea") is None, "what is sealed is no facet"
    offered = {f.code: f.kind for f in facets(queries.viewer_of(hire("agent")))}
    assert offered[tea] == "labels" and offered[size] == "number" and "income_band" not in offered
    rule = {"all": [{"on": tea, "is": "any_of", "value": ["green"]}, {"on": size, "is": "at_least", "value": 40}]}
    assert read_rule({"version": 1, "rule": rule}) is not None
