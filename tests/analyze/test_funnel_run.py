"""The funnel from the house's own rows: cohorts, time in stage, losses, scores and tasks, checked against plain Python."""

import datetime as dt
from random import Random

import pyarrow.parquet as pq
import pytest

from tests.analytics import oracle_funnel
from tests.analyze.test_rfm_run import _own_home  # noqa: F401  (the fixture)
from tests.cast import hire
from zhike.analyze import actions as analyze
from zhike.analyze import queries, results
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.clean.actions import funnel_rules
from zhike.customers import actions
from zhike.customers import queries as customers
from zhike.customers.actions import Because
from zhike.customers.models import Customer, CustomerCard, StageMove
from zhike.customers.records import OrderFigures
from zhike.kit import changes, clock, jobs
from zhike.secure import vault
from zhike.secure.records import LOCAL_OPERATOR
from zhike.work import queries as work
from zhike_analytics.funnel import STAGES

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
ME = LOCAL_OPERATOR


@pytest.fixture(autouse=True)
def _vault(_own_home) -> None:  # noqa: F811
    vault.setup()


def days_ago(days: int) -> dt.datetime:
    return clock.now() - dt.timedelta(days=days)


def lead(days: int, name: str = "王小明", **values: str) -> int:
    """A file begun so many days ago."""
    made = actions.add_customer("person", {"name": name, **values}, by=ME)
    CustomerCard.objects.filter(pk=made).update(created_at=days_ago(days), change_seq=_seq())
    return made


def moved(customer_id: int, days: int, stage: str, **because: str) -> None:
    actions.set_stage([customer_id], stage, by=ME, because=Because(**because))
    newest = StageMove.objects.filter(customer_id=customer_id).order_by("-id").values_list("id", flat=True)[0]
    StageMove.objects.filter(pk=newest).update(at=days_ago(days), change_seq=_seq())


def ordered(customer_id: int, days: int) -> None:
    at = days_ago(days)
    actions.set_order_figures([OrderFigures(customer_id, 1, 9900, at, at)])


def spoke(customer_id: int, days: int, **more: object) -> None:
    said = {"way": "call", "outcome": "reached", "minutes": 10, **more}
    actions.record_contact(customer_id, actions.Contact(at=days_ago(days), **said), by=ME)


def _seq() -> int:
    from django.db import transaction

    with transaction.atomic():
        return changes.next_seq()


def measured(**parameters: str):
    facts = analyze.request_measure("funnel", MeasureParameters(**parameters), by=ME)
    jobs.run_pending()
    found = queries.run(facts.public_id)
    assert found.state == "done", (found.error, found.state)
    return found


def stored(run) -> list[dict]:
    return pq.read_table(results.result_path("funnel", run.public_id)).to_pylist()


def test_random_ways_through_the_funnel_are_counted_as_by_hand() -> None:
    chance = Random(7)
    today = clock.now().date()
    came: list[tuple] = []
    for n in range(30):
        begin = chance.randrange(30, 300)
        one = lead(begin, f"客户{n}")
        came.append((one, "potential", today - dt.timedelta(days=begin), 0))
        stage, day = "potential", begin
        for place in range(1, chance.randrange(1, 5)):
            day = chance.randrange(0, day + 1)
            stage = chance.choice([s for s in (*STAGES, "former") if s != stage])
            moved(one, day, stage)
            came.append((one, stage, today - dt.timedelta(days=day), place))
    run = measured(span="days_365")
    held = oracle_funnel.stays(came, today)
    steps = [(s["came"], s["went_on"]) for s in run.counts["all"]["steps"]]
    assert steps == oracle_funnel.conversion(held, list(STAGES))
    for time in run.counts["times"]:
        lasted = [(((left or today) - e).days, left is not None) for _, s, e, left in held if s == time["stage"]]
        assert time["median_days"] == oracle_funnel.median(lasted)
    rows = stored(run)
    for step in run.counts["all"]["steps"]:
        behind = [row for row in rows if row["in_cohort"] and row[f"came_{step['stage']}"]]
        assert len(behind) == step["came"]
        assert sum(row[f"on_{step['stage']}"] for row in behind) == step["went_on"]
    for groups in run.counts["groups"].values():
        assert sum(group["customers"] for group in groups) == run.counts["cohort"]


def test_the_last_stay_of_everybody_is_where_the_card_says_they_stand() -> None:
    one, two, three, four = lead(90), lead(80, "李雷"), lead(70, "韩梅"), lead(60, "老周")
    ordered(one, 20)
    moved(two, 50, "target")
    ordered(two, 10)
    moved(three, 30, "target_market", reason="price")
    ordered(four, 400)
    moved(four, 5, "former", reason="rival")
    measured()
    from zhike.analyze import funnel_recipe
    from zhike.analyze.lake import Lake

    with Lake() as lake:
        stayed = funnel_recipe.stays_of(lake, funnel_recipe.people_of(lake), as_of=clock.now().date(), zone="UTC")
        now = {r["customer_id"]: r["stage"] for r in stayed.filter(stayed.left_on.isnull()).to_pyarrow().to_pylist()}
    assert now == dict(CustomerCard.objects.values_list("customer_id", "stage"))
    assert now == {one: "current", two: "current", three: "target_market", four: "former"}


def test_losses_open_their_customers_and_merged_groups_count_once() -> None:
    one, two, kept = lead(90), lead(80, "李雷"), lead(70, "韩梅")
    moved(one, 60, "target")
    moved(one, 20, "target_market", reason="price", note="太贵")
    moved(two, 10, "target_market", reason="price")
    Customer.objects.filter(pk=two).update(root_id=kept, merged_into_id=kept, is_root=False, change_seq=_seq())
    run = measured()
    assert run.counts["losses"] == [
        {"lost_reason": "price", "lost_from": "potential", "customers": 1},
        {"lost_reason": "price", "lost_from": "target", "customers": 1},
    ]
    behind = results.behind(results.result_path("funnel", run.public_id), {"lost_reason": "price"})
    assert sorted(row["customer_id"] for row in behind) == sorted([one, kept])


@pytest.mark.long_on_postgresql
def test_the_pipeline_the_velocity_and_whose_time_add_up() -> None:
    rich = lead(60, intention="strong", purchasing_power="strong", expected_amount="1000")
    poor = lead(60, "李雷", intention="strong", purchasing_power="none", expected_amount="50.5")
    won = lead(60, "韩梅")
    for one in (rich, poor, won):
        moved(one, 30, "target")
    ordered(won, 10)
    spoke(rich, 3, minutes=5)
    spoke(poor, 3, minutes=45)
    spoke(poor, 2, minutes=10, cost_cents=300)
    counts = measured().counts
    (target,) = [row for row in counts["pipeline"] if row["group"] == "target"]
    assert (target["customers"], target["amount_cents"], target["weighted_cents"]) == (2, 105_050, 52_525)
    groups = {row["time_group"]: row for row in counts["time_use"]["groups"]}
    assert (groups["class_a"]["minutes"], groups["class_a"]["expected_cents"]) == (5, 100_000)
    assert (groups["class_c"]["minutes"], groups["class_c"]["cost_cents"]) == (55, 300)
    speed = counts["velocity"]
    assert speed["win_rate"] == pytest.approx(1 / 3)
    assert speed["cycle_days"] == 50
    assert speed["cents_a_day"] == pytest.approx(2 * (1 / 3) * 52_525 / 50)


@pytest.mark.long_on_postgresql
def test_scores_go_down_to_the_cards_with_their_reasons_and_fade() -> None:
    for points, asked in ((20, {"way": "call", "outcome": "reached"}), (15, {"step": "relate"})):
        funnel_rules.add_score_part({"part": "behavior", "points": str(points), **asked}, by=ME)
    one, cold = lead(60), lead(60, "李雷")
    big = lead(60, "大客户", demand_size="5000")
    actions.set_stage([big], "target_market", by=ME)
    spoke(one, 0, step="relate")
    spoke(cold, 30)
    measured()
    ranks = dict(CustomerCard.objects.values_list("customer_id", "lead_rank"))
    assert (ranks[one], ranks[cold]) == (35, 10)
    assert ranks[big] == 1
    told = customers.lead_figures(ME, one)
    assert (told["fit"], told["behavior"], sorted(told["parts"].values())) == (0, 35, [15, 20])
    ordered(one, 0)
    measured()
    assert CustomerCard.objects.get(pk=one).lead_rank == 0


@pytest.mark.long_on_postgresql
def test_a_lead_left_alone_becomes_a_task_of_its_owner_until_somebody_speaks_with_them() -> None:
    owner = hire("account_manager").pk
    alone, fresh, nobodys = lead(60), lead(60, "李雷"), lead(60, "韩梅")
    actions.set_owner([alone, fresh], owner, by=ME)
    spoke(fresh, 3)
    measured()
    (task,) = work.open_tasks(ME, "lead_alone").tasks
    assert (task.about_id, task.owner_staff_id, task.why_params["silent_days"]) == (alone, owner, 60)
    assert nobodys not in {task.about_id}
    spoke(alone, 0)
    measured()
    assert work.open_tasks(ME, "lead_alone").tasks == ()


def test_the_score_of_ninety_days_ago_is_held_against_who_ordered_since() -> None:
    funnel_rules.add_score_part({"part": "behavior", "points": "20", "way": "call"}, by=ME)
    leads = [lead(200, f"客户{n}") for n in range(10)]
    for one in leads[:3]:
        spoke(one, 95)
        ordered(one, 30)
    told = measured().counts["calibration"]
    assert (told["scored"], told["won"], told["auc"]) == (10, 3, 1.0)
    assert told["tenths"][0]["won"] == 1


def test_an_empty_house_has_an_empty_funnel() -> None:
    facts = analyze.request_measure("funnel", MeasureParameters(), by=ME)
    jobs.run_pending()
    assert queries.run(facts.public_id).state in ("empty", "done")
