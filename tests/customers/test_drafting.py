"""What a second process drafts ahead is written for customers nobody knows yet, and left aside for all others."""

import datetime as dt
from itertools import count
from typing import Any

import orjson
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.customers.logical_state import logical_state
from tests.customers.story import MARCH, Record, says
from zhike.customers import actions, cards, verifying
from zhike.customers.actions.preparation import Preparation
from zhike.customers.models import CustomerCard, NameToken, SourceRecord, SourceVersion
from zhike.customers.normalizing import lookups_in, normalize
from zhike.customers.queries.search import search
from zhike.customers.records import SEALED_COLUMN, SourceFacts, Statement
from zhike.customers.survivorship import LiveVersion
from zhike.kit import bulk
from zhike.secure import vault
from zhike.secure.models import RecordKey
from zhike.secure.records import LOCAL_OPERATOR, SYSTEM
from zhike.secure.vault.sealing import unseal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
DAY = dt.timedelta(days=1)


def drafted(*statements: Statement) -> list[Statement]:
    """The statements as they come out of the pipe."""
    first = actions.ids_to_draft(len(statements))
    told, beside = actions.pack_statements(statements, zip(*map(count, first), strict=True))
    return actions.unpack_statements(orjson.loads(orjson.dumps(told)), beside)


def person(number: int, **more: str) -> Statement:
    given = {
        "name": f"王小{'甲乙丙丁'[number % 4]}",
        "phone": f"1380000{number:04d}",
        "email": f"u{number}@example.com",
    }
    return says(f"tb{number}", number, raw={"会员": f"tb{number}"}, **{**given, **more})


def test_drafts_are_written_as_the_recording_process_would_have_made_them(
    taobao: SourceFacts, shopify: SourceFacts, record: Record
) -> None:
    people = [person(n) for n in range(8)]
    record(taobao, *people)
    plain = logical_state()
    record(shopify, *drafted(*(person(n) for n in range(20, 28))), run_id=2)
    assert CustomerCard.objects.count() == 16
    shown = {s["card"]["name"] for s in plain}
    assert {s["card"]["name"] for s in logical_state()} == shown
    for state in logical_state():
        assert state["card"] == {name: state["derived"][name] for name in state["card"]}
        assert len(state["lookups"]) == 4 and "王小" in state["tokens"]


def test_what_a_draft_sealed_opens_under_the_key_that_came_with_it(taobao: SourceFacts, record: Record) -> None:
    record(taobao, *drafted(person(1)))
    version, kept = SourceVersion.objects.get(), SourceRecord.objects.get()
    assert (version.source_record_id, RecordKey.objects.get(record_id=kept.pk).destroyed_at) == (kept.pk, None)
    place = vault.SealContext(SEALED_COLUMN, version.pk, kept.pk)
    opened = unseal(vault.keys_of([kept.pk])[kept.pk], place, bytes(version.sealed))
    assert opened["phone"] == "+8613800000001" and opened["_row"] == {"会员": "tb1"}


def test_of_a_known_customer_the_statement_counts_and_the_draft_does_not(taobao: SourceFacts, record: Record) -> None:
    record(taobao, *drafted(person(1)))
    tally = record(taobao, *drafted(person(1)), run_id=2)
    assert (tally.unchanged, tally.new) == (1, 0)
    tally = record(taobao, *drafted(person(1, name="王晓明")), run_id=3)
    assert tally.updated == 1 and RecordKey.objects.count() == SourceRecord.objects.count() == 1
    kept = SourceRecord.objects.get()
    for version in SourceVersion.objects.all():
        place = vault.SealContext(SEALED_COLUMN, version.pk, kept.pk)
        assert unseal(vault.keys_of([kept.pk])[kept.pk], place, bytes(version.sealed))["email"] == "u1@example.com"
    assert CustomerCard.objects.get().name == "王晓明"


def test_a_draft_of_somebody_another_shop_knows_joins_their_file(
    taobao: SourceFacts, shopify: SourceFacts, record: Record
) -> None:
    record(taobao, person(1))
    tally = record(shopify, *drafted(person(1)), run_id=2)
    assert tally.joined == 1 and CustomerCard.objects.filter(archived_at=None).count() == 1
    (state,) = logical_state()
    assert state["card"] == {name: state["derived"][name] for name in state["card"]}


def test_of_a_batch_each_statement_lands_where_it_would_have_landed_alone(
    taobao: SourceFacts, shopify: SourceFacts, record: Record
) -> None:
    record(taobao, person(1), person(2))
    record(shopify, person(3), run_id=2)
    nobody = says("", 7, name="王小丁")
    batch = [person(5), person(2), nobody, person(3), person(6), person(5, name="王晓明", as_of=MARCH + DAY), person(8)]
    prepared = actions.prepare_statements(taobao.id, drafted(*batch), run_id=3)
    actions.record_statements(prepared)
    tally, landed = prepared.tally, prepared.record_ids
    assert (tally.seen, tally.new, tally.unchanged, tally.joined, tally.rejected) == (7, 3, 2, 1, 1)
    keys = dict(SourceRecord.objects.filter(source_id=taobao.id).values_list("id", "external_key"))
    meant = [made.external_key if (made := normalize(one)) else None for one in batch]
    assert [keys.get(place or 0) for place in landed] == meant and meant[2] is None
    for state in logical_state():
        assert state["card"] == {name: state["derived"][name] for name in state["card"]}


def test_a_customer_is_found_by_any_character_pair_or_beginning_of_the_name(
    taobao: SourceFacts, record: Record
) -> None:
    record(taobao, *drafted(person(1, name="欧阳娜娜"), person(2, name="王小明"), person(3, name="Anna 王")))
    found = {
        typed: sorted(
            CustomerCard.objects.filter(customer_id__in=search(SYSTEM, typed).ids).values_list("name", flat=True)
        )
        for typed in ("欧", "阳", "娜", "娜娜", "欧阳", "王", "小", "明", "王明", "an", "ouy", "wxm")
    }
    assert found == {
        **{typed: ["欧阳娜娜"] for typed in ("欧", "阳", "娜", "娜娜", "欧阳", "ouy")},
        **{typed: ["王小明"] for typed in ("小", "明", "wxm")},
        "王": ["Anna 王", "王小明"],
        "王明": [],
        "an": ["Anna 王"],
    }


def test_two_things_said_of_one_new_key_at_once_are_laid_without_their_drafts(
    taobao: SourceFacts, record: Record
) -> None:
    told = drafted(person(1), person(1, name="王晓明", as_of=MARCH + DAY))
    prepared = actions.prepare_statements(taobao.id, told, run_id=1)
    actions.record_statements(prepared)
    assert prepared.tally.new == 1 and SourceVersion.objects.count() == 2
    (state,) = logical_state()
    assert state["card"]["name"] == state["derived"]["name"] == "王晓明"


def test_a_batch_prepared_again_keeps_the_keys_it_brought(taobao: SourceFacts) -> None:
    told = drafted(person(1), person(2))
    actions.prepare_statements(taobao.id, told, run_id=1)
    actions.record_statements(actions.prepare_statements(taobao.id, told, run_id=1))
    assert RecordKey.objects.count() == SourceRecord.objects.count() == 2


def test_a_buffer_lays_what_reading_the_run_again_would_lay(taobao: SourceFacts, record: Record) -> None:
    held = actions.IndexBuffer()
    for some in ([person(n) for n in range(5)], [person(3, name="李大明", phone="13900000003"), person(9)]):
        prepared = actions.prepare_statements(taobao.id, drafted(*some), run_id=1)
        actions.record_statements(prepared, lookups_later=True)
        held.take(prepared)
    assert list(actions.finish_run(1, held=held)) == [(7, 0)]
    laid = logical_state()
    assert all(state["tokens"] and state["lookups"] for state in laid)
    assert not NameToken.objects.filter(token="王小丁", customer_id__in=_called("李大明"))
    for _ in actions.index_run(1):
        pass
    assert logical_state() == laid


def test_a_name_changed_between_its_batch_and_the_laying_leaves_no_old_token(taobao: SourceFacts) -> None:
    held = actions.IndexBuffer()
    prepared = actions.prepare_statements(taobao.id, drafted(person(1)), run_id=1)
    actions.record_statements(prepared, lookups_later=True)
    held.take(prepared)
    (customer,) = _called("王小乙")
    actions.edit_field(customer, "name", "赵大海", by=LOCAL_OPERATOR)
    list(held.lay())
    tokens = set(NameToken.objects.values_list("token", flat=True))
    assert "赵大" in tokens and "王小" not in tokens


def _called(name: str) -> list[int]:
    return list(CustomerCard.objects.filter(name=name).values_list("customer_id", flat=True))


VALUES = {
    "name": st.sampled_from(["王小明", "欧阳 娜", "John Smith", "", "没有"]),
    "nickname": st.sampled_from(["茶客", ""]),
    "phone": st.sampled_from(["13800000001", "0571-88888888", "138****0000", ""]),
    "email": st.sampled_from(["a@example.com", "no address", ""]),
    "address": st.sampled_from(["浙江省 杭州市 西湖区 文三路1号", "somewhere", ""]),
    "sex": st.sampled_from(["男", "女", "?"]),
    "intention": st.sampled_from(["strong", "weak"]),
    "purchasing_power": st.sampled_from(["strong", "none"]),
    "company": st.sampled_from(["示例茶业有限公司", ""]),
}
SOME = st.fixed_dictionaries({}, optional=VALUES)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SOME, st.sampled_from([(), ("name",)]))
def test_the_card_of_one_version_is_what_the_rules_make_of_it(
    vault_ready: None, values: dict[str, str], weak: tuple[str, ...]
) -> None:
    made = normalize(Statement(("platform_id", "7"), MARCH, values, 1, weak=weak))
    assert made is not None
    only = LiveVersion(5, 1, 1, 3, False, MARCH, made.facts)
    assert cards.columns_of_one(5, made.facts, "person") == cards.columns_of([only], "person")
    assert set(made.lookups) == lookups_in(made.facts)


FACT = st.sampled_from([None, {"k": "aa", "l": 1, "t": "bb"}, {"k": "cc", "l": 1, "t": "dd"}])
SAYS = st.tuples(FACT, st.sampled_from(["taobao", "jd", ""]), st.booleans(), st.booleans())


@given(st.lists(SAYS, min_size=1, max_size=5))
def test_where_nobody_judged_the_state_needs_no_ranking(said: list[tuple[Any, str, bool, bool]]) -> None:
    versions = [
        LiveVersion(
            n, n, n, 3, house, MARCH + n * DAY, {"phone": fact, **({"_weak": ["phone"]} if weak else {})}, origin=origin
        )
        for n, (fact, origin, house, weak) in enumerate(said, 1)
    ]
    for version in versions:
        if version.facts["phone"] is not None:
            found = verifying.value_states(versions, "phone")
            ranked = next(s.state for s in found if version.id in [v.id for v in s.versions])
            assert verifying.state_of(versions, "phone", version.id) == ranked


def test_no_index_holds_a_column_that_may_change_quietly() -> None:
    table = CustomerCard._meta.db_table
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    indexes = [set(one["columns"]) for one in found.values() if one["index"]]
    assert not [columns for columns in indexes if columns & set(cards.QUIET)]
    wide = [columns for columns in indexes if len(columns) > 4]
    assert len(wide) == 4 and not [columns for columns in wide if columns & set(cards.NARROW)]


def test_who_has_this_source_is_asked_from_the_customers_and_not_through_the_whole_source(taobao: SourceFacts) -> None:
    asked: list[str] = []
    usual = bulk.fetch_in

    def listen(sql: str, values: Any, **how: Any) -> Any:
        asked.append(sql)
        return usual(sql, values, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "fetch_in", listen)
        Preparation(taobao.id, 1)._have_this_source({1, 2})
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + asked[0].replace("{values}", "(1, 2)"), [taobao.id])
            plan = [row[3] for row in cursor.fetchall()]
        assert plan[0].startswith("SEARCH c USING") and not any("one_record_per_source" in step for step in plan)
    assert len(asked) == 1
