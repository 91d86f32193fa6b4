"""Stories of the funnel: rules that propose and move, runs taken back, the board's moves, losses, the market sheet."""

import pytest

from tests.cast import hire, signed_in
from zhike.analyze.segments.refreshing import refresh
from zhike.clean.actions import funnel_rules, funnel_runs
from zhike.clean.actions.funnel_rules import FunnelRefused
from zhike.clean.funnel import settings
from zhike.clean.models import MarketSegment, ProposedMove, QualificationRun
from zhike.clean.queries import funnel as told
from zhike.customers import actions, queries
from zhike.customers.actions import segments
from zhike.customers.models import Customer, CustomerCard, SegmentMember, StageMove
from zhike.kit import jobs
from zhike.secure import queries as secure
from zhike.secure import vault
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
ME = LOCAL_OPERATOR


@pytest.fixture(autouse=True)
def _vault() -> None:
    vault.setup()


def person(name: str = "王小明", **values: str) -> int:
    return actions.add_customer("person", {"name": name, **values}, by=ME)


def stage(customer_id: int) -> str:
    return CustomerCard.objects.get(pk=customer_id).stage


def public(customer_id: int) -> str:
    return Customer.objects.get(pk=customer_id).public_id


def segment_of(*members: int, name: str = "意向强") -> str:
    rule = {"version": 1, "rule": {"on": "intention", "is": "any_of", "value": ["strong"]}}
    public_id, segment_id = segments.make_segment(name, rule, by=ME, sharing="all")
    SegmentMember.objects.bulk_create([SegmentMember(segment_id=segment_id, customer_id=c) for c in members])
    return public_id


def rule(segment: str, **more: str) -> str:
    given = {"name": "意向明确", "segment": segment, "from_stage": "potential", "to_stage": "target", "mode": "propose"}
    return funnel_rules.keep_rule({**given, **more}, by=ME)


def looked() -> QualificationRun:
    public_id = funnel_runs.ask_run(by=ME)
    jobs.run_pending()
    return told.run(public_id)


def test_a_rule_shows_whom_it_would_move_and_moves_them_when_told() -> None:
    one, two, elsewhere = person(), person("李雷"), person("韩梅")
    actions.set_stage([elsewhere], "target_market", by=ME)
    rule(segment_of(one, two, elsewhere))
    run = looked()
    assert (run.state, run.found_count, stage(one)) == ("found", 2, "potential")
    funnel_runs.leave_out(run.public_id, two, is_left_out=True, by=ME)
    funnel_runs.carry_out(run.public_id, by=ME)
    jobs.run_pending()
    run = told.run(run.public_id)
    assert (run.state, run.moved_count, stage(one), stage(two)) == ("done", 1, "target", "potential")
    move = StageMove.objects.get(customer_id=one)
    assert (move.why, move.run_id, move.rule_id is not None) == ("rule", run.id, True)


def test_a_run_is_taken_back_except_for_whom_somebody_moved_on() -> None:
    one, two = person(), person("李雷")
    rule(segment_of(one, two))
    run = looked()
    funnel_runs.carry_out(run.public_id, by=ME)
    jobs.run_pending()
    actions.set_stage([two], "current", by=ME)
    funnel_runs.undo_run(run.public_id, by=ME)
    jobs.run_pending()
    run = told.run(run.public_id)
    assert (run.state, run.kept_count, stage(one), stage(two)) == ("undone", 1, "potential", "current")
    assert not StageMove.objects.filter(customer_id=one, undone_at=None).exists()
    with pytest.raises(FunnelRefused, match="not_ready"):
        funnel_runs.undo_run(run.public_id, by=ME)


def test_by_night_only_rules_that_move_by_themselves_do() -> None:
    one, two = person(), person("李雷")
    rule(segment_of(one, name="甲"))
    rule(segment_of(two, name="乙"), mode="move")
    jobs.enqueue("clean.qualify_nightly")
    jobs.run_pending()
    assert (stage(one), stage(two)) == ("potential", "target")
    run = QualificationRun.objects.get()
    assert (run.state, run.is_nightly, run.moved_count) == ("found", True, 1)
    assert ProposedMove.objects.get(state="proposed").customer_id == one


def test_of_two_rules_the_older_one_decides() -> None:
    one = person()
    members = segment_of(one)
    rule(members)
    rule(members, name="退回", to_stage="target_market", reason="no_need")
    run = looked()
    (found,) = told.finds(ME, run.id).entries
    assert (run.found_count, found.to_stage) == (1, "target")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"name": "长" * 61}, "name_long"),
        ({"to_stage": "potential"}, "stages"),
        ({"segment": "nobody"}, "segment"),
        ({"reason": "none_such"}, "reason"),
        ({"mode": "sometimes"}, "mode"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_its_reason(change: dict[str, str], code: str) -> None:
    members = segment_of(person())
    with pytest.raises(FunnelRefused, match=code):
        rule(change.get("segment", members), **{k: v for k, v in change.items() if k != "segment"})


def test_the_segment_a_rule_stands_on_is_counted_like_any_other(tmp_path, monkeypatch) -> None:
    from zhike.kit import home

    monkeypatch.setattr(home, "home", lambda: tmp_path)
    vault.setup()
    sure, unsure = person(intention="strong"), person("李雷", intention="none")
    rule(segment_of())
    refresh()
    run = looked()
    assert [e.row.customer_id for e in told.finds(ME, run.id).entries] == [sure]
    assert stage(unsure) == "potential"


def test_who_does_not_manage_the_funnel_keeps_no_rules() -> None:
    agent = secure.viewer_of_staff(hire("agent").pk)
    members = segment_of(person())
    with pytest.raises(Forbidden):
        funnel_rules.keep_rule({"name": "x", "segment": members}, by=agent)
    with pytest.raises(Forbidden):
        funnel_runs.ask_run(by=agent)


def test_a_card_is_moved_on_the_board_and_a_loss_asks_for_its_reason() -> None:
    one = person(phone="13800000001")
    browser = signed_in(hire("owner"))
    board = browser.get("/clean/funnel/")
    assert "王小明" in board.content.decode()
    posted = {"customer": public(one), "seen": "potential", "to": "target"}
    assert browser.post("/clean/funnel/move/", posted).status_code == 302
    assert stage(one) == "target"
    late = browser.post("/clean/funnel/move/", {**posted, "to": "current"}, follow=True)
    assert stage(one) == "target"
    assert late.status_code == 200
    away = browser.post("/clean/funnel/move/", {"customer": public(one), "seen": "target", "to": "target_market"})
    assert away["Location"].startswith(f"/clean/funnel/lost/{public(one)}/")
    assert browser.post(away["Location"], {"reason": "", "to": "target_market"}).status_code == 422
    browser.post(away["Location"], {"reason": "price", "note": "太贵", "to": "target_market"})
    assert (stage(one), StageMove.objects.latest("id").reason) == ("target_market", "price")
    pane = browser.get(f"/clean/funnel/of/{public(one)}/").content.decode()
    assert "太贵" in pane


def test_on_the_board_by_class_means_and_intention_go_to_the_file() -> None:
    one = person()
    actions.set_stage([one], "target", by=ME)
    browser = signed_in(hire("owner"))
    browser.post("/clean/funnel/move/", {"customer": public(one), "by": "class", "to": "b"})
    card = CustomerCard.objects.get(pk=one)
    assert (card.purchase_class, card.values["intention"], card.values["purchasing_power"]) == ("b", "strong", "weak")
    board = browser.get("/clean/funnel/?by=class&lanes=1").content.decode()
    assert "王小明" in board
    browser.post("/clean/funnel/move/", {"customer": public(one), "by": "class", "to": "unknown"})
    assert CustomerCard.objects.get(pk=one).purchase_class == ""


def test_customers_of_others_are_neither_on_the_board_nor_moved() -> None:
    mine, theirs = person("我的客户"), person("别人客户")
    seller = hire("account_manager")
    actions.set_owner([mine], seller.pk, by=ME)
    browser = signed_in(seller)
    board = browser.get("/clean/funnel/").content.decode()
    assert "我的客户" in board
    assert "别人客户" not in board
    assert browser.post("/clean/funnel/move/", {"customer": public(theirs), "to": "target"}).status_code == 404
    assert stage(theirs) == "potential"


def test_a_lead_is_entered_at_a_stage_with_what_is_known() -> None:
    browser = signed_in(hire("owner"))
    given = {"kind": "organisation", "name": "杭州茶业有限公司", "stage": "target_market", "demand_size": "1200"}
    assert browser.post("/clean/funnel/new/", given).status_code == 302
    card = CustomerCard.objects.get(name="杭州茶业有限公司")
    assert (card.stage, card.values["demand_size"]) == ("target_market", "1200")
    assert browser.post("/clean/funnel/new/", {**given, "name": "", "demand_size": "很多"}).status_code == 422


def test_the_market_sheet_is_ordered_by_demand_and_kept_by_one_person_at_a_time() -> None:
    small = funnel_rules.keep_market_segment({"name": "散客", "demand": "100"}, by=ME)
    funnel_rules.keep_market_segment({"name": "茶馆", "demand": "9,000", "needs": "稳定供货"}, by=ME)
    funnel_rules.keep_market_segment({"name": "未知"}, by=ME)
    assert [m.name for m in told.market_segments()] == ["茶馆", "散客", "未知"]
    funnel_rules.keep_market_segment({"name": "散客", "demand": "200"}, by=ME, public_id=small, revision=1)
    with pytest.raises(FunnelRefused, match="changed_meanwhile"):
        funnel_rules.keep_market_segment({"name": "散客", "demand": "300"}, by=ME, public_id=small, revision=1)
    with pytest.raises(FunnelRefused, match="demand"):
        funnel_rules.keep_market_segment({"name": "散客", "demand": "很多"}, by=ME)
    funnel_rules.archive_market_segment(small, by=ME)
    assert MarketSegment.objects.get(public_id=small).archived_at is not None


def test_numbers_outside_of_sense_are_refused_and_the_others_kept() -> None:
    from zhike.clean.funnel.settings import SettingsRefused, as_json

    good = {name: str(value) for name, value in as_json(told.numbers()).items()}
    funnel_rules.set_numbers({**good, "half_life_days": "60"}, by=ME)
    assert told.numbers().half_life_days == 60
    with pytest.raises(SettingsRefused, match="chance_target"):
        funnel_rules.set_numbers({**good, "chance_target": "101"}, by=ME)
    with pytest.raises(FunnelRefused, match="points"):
        funnel_rules.add_score_part({"part": "behavior", "way": "call", "points": "0"}, by=ME)
    with pytest.raises(FunnelRefused, match="act"):
        funnel_rules.add_score_part({"part": "behavior", "points": "5"}, by=ME)


def test_the_loss_of_a_note_keeps_no_phone_number() -> None:
    one = person()
    browser = signed_in(hire("owner"))
    browser.post(f"/clean/funnel/lost/{public(one)}/", {"reason": "rival", "note": "改找13900000009", "to": "former"})
    assert StageMove.objects.latest("id").note == "改找⟦phone:1⟧"
    assert queries.stage_steps(ME, one)[0].reason == "rival"


def test_who_reaches_both_thresholds_is_shown_as_qualified_on_board_list_and_file() -> None:
    from zhike.clean.actions.funnel_rules import set_numbers
    from zhike.clean.funnel.board_page import Look
    from zhike.customers.models import Metric
    from zhike.kit import clock

    fitting, acting, both = (person(name) for name in ("只合适", "只热情", "都有"))
    for customer_id, fit, behavior in ((fitting, 40, 5), (acting, 5, 40), (both, 30, 20)):
        values = {"fit": fit, "behavior": behavior, "rank": fit + behavior, "parts": {}}
        Metric.objects.create(
            customer_id=customer_id,
            family="lead",
            values=values,
            as_of=clock.now().date(),
            computed_at=clock.now(),
            run_id=1,
        )

    def shown() -> set[int]:
        rows = queries.lines(ME, [fitting, acting, both])
        look = Look.of(ME, list(rows.values()))
        return {i for i, row in rows.items() if look.card(row)["is_qualified"]}

    assert shown() == {both}
    page = signed_in(hire("supervisor")).get("/clean/funnel/").content.decode()
    assert page.count("已达标") == 1
    given = {name: str(value) for name, value in settings.as_json(told.numbers()).items()}
    set_numbers({**given, "qualified_behavior": "5"}, by=ME)
    assert shown() == {fitting, both}
