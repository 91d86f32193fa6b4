"""Dashboards: made, arranged and shared; each reader is told what their own rights allow, and every figure opens its customers."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.analyze.test_cube import _no_lake as _no_lake
from tests.analyze.test_pages import tea_shop
from tests.analyze.test_segments import viewer
from tests.cast import hire, signed_in
from zhike.analyze import actions
from zhike.analyze.boards import shelf
from zhike.analyze.boards.catalogue import KINDS, Drawn, Looking
from zhike.analyze.boards.comparing import against
from zhike.analyze.boards.shelf import BoardRefused
from zhike.analyze.cubes import asking
from zhike.analyze.cubes import shelf as questions
from zhike.analyze.cubes.question import Question
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.models import AnalysisRun, CubeView, Dashboard
from zhike.analyze.parameters import RfmParameters
from zhike.customers.actions import segments
from zhike.kit import chance, clock, ids, jobs
from zhike.secure import queries as rights
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR, Rights

pytestmark = [pytest.mark.django_db(transaction=True)]
ALONE = ("customers", "buyers", "net", "new", "lost", "provinces", "rfm", "abc", "churn", "nps")


@pytest.fixture(autouse=True)
def _in_english():
    """Reasons are compared in words."""
    with translation.override("en"):
        yield


def analyzed():
    tea_shop()
    actions.request_run(RfmParameters(only=("rfm",)), by=LOCAL_OPERATOR)
    for kind in ("composition", "value", "retention"):
        actions.request_measure(kind, MeasureParameters(), by=LOCAL_OPERATOR)
    jobs.run_pending()


def kinds(made, by):
    return [tile["kind"] for tile in shelf.board(by, made.public_id).tiles]


@pytest.mark.both_databases
def test_a_board_is_made_arranged_one_step_at_a_time_and_removed():
    by = viewer(7, "analyze.view")
    made = shelf.make("  Every   morning ", by=by, tiles=(("customers", ""), ("rfm", "")))
    assert made.name == "Every morning"
    shelf.add_tile(made.public_id, "net", "", by=by)
    last = shelf.board(by, made.public_id).tiles[-1]["id"]
    shelf.move_tile(made.public_id, last, -1, by=by)
    assert kinds(made, by) == ["customers", "net", "rfm"]
    for _again in range(4):  # beyond the edge nothing moves
        shelf.move_tile(made.public_id, last, -1, by=by)
    assert kinds(made, by) == ["net", "customers", "rfm"]
    shelf.widen_tile(made.public_id, last, by=by)
    assert shelf.board(by, made.public_id).tiles[0]["wide"] is True
    shelf.remove_tile(made.public_id, last, by=by)
    assert kinds(made, by) == ["customers", "rfm"]
    shelf.remove(made.public_id, by=by)
    assert shelf.boards(by) == []


def test_what_cannot_be_kept_is_refused_by_its_reason():
    by = viewer(7, "analyze.view")
    made = shelf.make("One", by=by)
    wrong = (
        ("name_missing", lambda: shelf.make("   ", by=by)),
        ("name_long", lambda: shelf.make("n" * 61, by=by)),
        ("name_taken", lambda: shelf.make("One", by=by)),
        ("sharing", lambda: shelf.make("Two", by=by, sharing="role:nobody")),
        ("tile", lambda: shelf.add_tile(made.public_id, "nothing", "", by=by)),
        ("tile", lambda: shelf.add_tile(made.public_id, "rfm", "of-something", by=by)),
        ("tile", lambda: shelf.add_tile(made.public_id, "segment", "not-mine", by=by)),
        ("unknown", lambda: shelf.move_tile(made.public_id, "gone", 1, by=by)),
        ("unknown", lambda: shelf.remove(made.public_id, by=viewer(8, "analyze.view"))),
    )
    for code, act in wrong:
        with pytest.raises(BoardRefused) as refused:
            act()
        assert refused.value.code == code
    with pytest.raises(Forbidden):
        shelf.make("Three", by=viewer(7))
    with pytest.raises(Forbidden):
        shelf.make("Three", by=by, sharing="all")
    assert Dashboard.objects.count() == 1


@pytest.mark.both_databases
def test_a_board_is_found_by_those_it_is_shared_with_and_nobody_else():
    maker = rights.viewer_of(hire("supervisor"))
    analyst, operator = rights.viewer_of(hire("analyst")), rights.viewer_of(hire("operator"))
    made = shelf.make("Morning", by=maker, sharing="role:analyst")
    assert [one.is_own for one in shelf.boards(analyst)] == [False]
    assert shelf.board(operator, made.public_id) is None
    shelf.change(made.public_id, by=maker, name="Morning", sharing="all")
    assert shelf.board(operator, made.public_id) is not None
    shelf.change(made.public_id, by=maker, name="Morning", sharing="")
    assert shelf.boards(analyst) == shelf.boards(operator) == []
    assert signed_in(hire("operator")).get(reverse("analyze:board", args=[made.public_id])).status_code == 404


def test_every_figure_of_a_board_opens_the_customers_behind_it():
    analyzed()
    owner = hire("owner")
    made = shelf.make("All", by=rights.viewer_of(owner), tiles=tuple((code, "") for code in ALONE))
    browser = signed_in(owner)
    page = browser.get(reverse("analyze:board", args=[made.public_id]), {"all": "1"}).content.decode()
    assert page.count('class="panel dashboard-tile') == len(ALONE)
    found = set(re.findall(r'class="(?:stat-value num|bar-label)" href="([^"]+)"', page))
    assert len(found) >= 6
    for address in found:
        assert browser.get(address.replace("&amp;", "&")).status_code == 200, address


def test_who_sees_only_their_own_customers_gets_no_figure_of_all():
    analyzed()
    seller = viewer(7, "analyze.view", "customers.view", scope="own")
    for code in ALONE:
        drawn = KINDS[code].draw(Looking(seller), "")
        assert drawn.empty, code
        assert (drawn.figure, drawn.bars, drawn.chart) == (None, (), None)


def test_a_withdrawn_right_empties_the_tile_and_says_so():
    analyzed()
    blind = viewer(7, "analyze.view", hidden=("net_amount",))
    assert "role" in KINDS["net"].draw(Looking(blind), "").empty
    told = KINDS["customers"].draw(Looking(blind), "")
    assert told.figure["value"]
    assert told.figure["href"] == ""  # who may not open files is led nowhere


def test_without_an_analysis_every_tile_says_why_it_is_empty():
    for code in ALONE:
        assert KINDS[code].draw(Looking(LOCAL_OPERATOR), "").empty, code


def test_a_kept_question_waits_for_its_count_then_shows_it_and_survives_its_removal():
    tea_shop()
    question = Question(rows=("month",), columns=(), measures=("orders", "net"), span="all")
    kept = questions.keep(question, "Orders by month", by=LOCAL_OPERATOR)
    draw = KINDS["cube"].draw
    assert "Not counted today" in draw(Looking(LOCAL_OPERATOR), kept.public_id).empty
    asking.ask(question, by=LOCAL_OPERATOR)
    jobs.run_pending()
    told = draw(Looking(LOCAL_OPERATOR), kept.public_id)
    assert told.label == "Orders by month"
    assert "/people/" in told.figure["href"]
    assert [bar["shown"] for bar in told.bars] == [str(int(bar["value"])) for bar in told.bars]
    CubeView.objects.all().delete()
    assert "removed" in draw(Looking(LOCAL_OPERATOR), kept.public_id).empty


def test_a_removed_segment_leaves_a_tile_that_says_so():
    rule = {"version": 1, "rule": {"on": "bought_orders", "is": "at_least", "value": 1}}
    made, _path = segments.make_segment("Buyers", rule, by=LOCAL_OPERATOR, sharing="all")
    assert "waits" in KINDS["segment"].draw(Looking(LOCAL_OPERATOR), made).empty
    segments.remove_segment(made, by=LOCAL_OPERATOR)
    assert "removed" in KINDS["segment"].draw(Looking(LOCAL_OPERATOR), made).empty


def test_a_maker_adds_and_arranges_tiles_with_plain_forms():
    browser = signed_in(hire("analyst"))
    answer = browser.post(reverse("analyze:board_make"), {"name": "Mine", "sharing": ""})
    made = Dashboard.objects.get()
    here = reverse("analyze:board", args=[made.public_id])
    assert answer["Location"] == f"{here}?arrange=1"
    for kind in ("rfm", "abc"):
        browser.post(reverse("analyze:board_add", args=[made.public_id]), {"tile": kind})
    made.refresh_from_db()
    first = made.tiles[0]["id"]
    browser.post(reverse("analyze:board_arrange", args=[made.public_id, first]), {"do": "later"})
    made.refresh_from_db()
    assert [tile["kind"] for tile in made.tiles] == ["abc", "rfm"]
    assert browser.post(reverse("analyze:board_arrange", args=[made.public_id, first]), {"do": "x"}).status_code == 404
    assert signed_in(hire("agent")).get(reverse("analyze:boards")).status_code == 403


def test_ten_tiles_cost_no_more_questions_than_their_runs():
    owner = hire("owner")
    made = shelf.make("All", by=rights.viewer_of(owner), tiles=tuple((code, "") for code in ALONE * 2))
    browser = signed_in(owner)
    browser.get("/insight/boards/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        browser.get(reverse("analyze:board", args=[made.public_id]))
    assert len(asked) <= 24


def told_run(as_of: str, kind: str = "composition", **figures) -> AnalysisRun:
    """A run that ended well (of the composition, with its figures), as it lies in the database."""
    counts = {
        "customers": 10, "active": 4, "net_cents": 100_000, "currency": "CNY", "before": ["2026-01-01", "2026-03-31"],
        "after": ["2026-04-01", "2026-06-30"], "attributes": {},
        "bridge": {"before_customers": 3, "after_customers": 4, "before_cents": 80_000, "after_cents": 100_000, "steps": []},
    }  # fmt: skip
    return AnalysisRun.objects.create(
        id=ids.take("analysis_run")[0], public_id=chance.public_id(), kind=kind, state="done",
        as_of=dt.date.fromisoformat(as_of), parameters={}, cuts={}, counts=counts | figures, created_at=clock.now(),
    )  # fmt: skip


def test_a_board_is_looked_at_as_of_a_former_day_and_beside_the_run_before():
    for day, count in (("2026-11-28", 8), ("2026-11-29", 10), ("2026-11-30", 15)):
        told_run(day, customers=count)
    draw = KINDS["customers"].draw
    now = draw(Looking(LOCAL_OPERATOR, compared=True), "")
    assert (now.figure["value"], now.figure["trend"], now.figure["note"]) == ("15", 0.5, "10 on 2026-11-29")
    then = draw(Looking(LOCAL_OPERATOR, day=dt.date(2026, 11, 29), compared=True), "")
    assert (then.figure["value"], then.figure["trend"], then.as_of) == ("10", 0.25, dt.date(2026, 11, 29))
    first = draw(Looking(LOCAL_OPERATOR, day=dt.date(2026, 11, 28), compared=True), "")
    assert (first.figure["value"], first.figure["trend"]) == ("8", None), "nothing lies before it"
    assert "before this day" in draw(Looking(LOCAL_OPERATOR, day=dt.date(2026, 11, 1)), "").empty


def test_bars_beside_the_run_before_tell_what_they_gained_and_lost():
    def bars(**customers: int) -> list[dict]:
        return [{"label": name, "value": n, "shown": str(n), "url": ""} for name, n in customers.items()]

    before, day = Drawn(bars=bars(Fujian=5, Zhejiang=7), about="By province."), dt.date(2026, 11, 29)
    told = against(Drawn(bars=bars(Fujian=9, Zhejiang=6, Hunan=2, Beijing=0), about="By province."), before, day)
    assert [bar["shown"] for bar in told.bars] == ["9 (+4)", "6 (\N{MINUS SIGN}1)", "2 (+2)", "0 (±0)"]
    assert "2026-11-29" in told.about
    nothing = Drawn(empty="Nothing.")
    assert against(nothing, before, day) is nothing


def test_a_long_board_shows_its_first_tiles_at_once_and_the_others_as_one_comes_to_them():
    told_run("2026-11-30")
    owner = hire("owner")
    made = shelf.make("All", by=rights.viewer_of(owner), tiles=(("customers", ""),) * 14)
    browser, here = signed_in(owner), reverse("analyze:board", args=[made.public_id])
    seen, address = [], f"{here}?day=2026-11-30"
    while address:
        page = browser.get(address).content.decode()
        seen += re.findall(r'id="tile-([^"]+)" aria', page)
        found = re.search(r'hx-get="([^"]+/from/\d+/[^"]*)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
        assert not address or "day=2026-11-30" in address
    assert seen == [tile["id"] for tile in made.tiles]
    assert browser.get(here, {"day": "no day"}).status_code == 200
    assert signed_in(hire("agent")).get(reverse("analyze:board_rest", args=[made.public_id, 6])).status_code == 403


def test_a_tile_for_paper_keeps_back_what_a_role_may_see_but_not_take_out():
    told_run("2026-11-30")
    reader = replace(viewer(7, "analyze.view"), rules={"net_amount": Rights(see="shown", export=False)})
    assert KINDS["net"].draw(Looking(reader), "").figure["value"]
    assert "take out" in KINDS["net"].draw(Looking(reader, leaving=True), "").empty


def test_boards_of_practice_accounts_go_with_them():
    for staff_id in (7, 8):
        shelf.make("Mine", by=viewer(staff_id, "analyze.view"))
    assert actions.forget_boards_of([7], by=LOCAL_OPERATOR) == 1
    assert list(Dashboard.objects.values_list("staff_id", flat=True)) == [8]
