"""A dashboard on the screen: made, arranged, looked at as of a former day, sent regularly, taken away as PDF."""

import pytest
from playwright.sync_api import expect

from tests.analyze.test_boards import told_run
from tests.browser.axe import one_of, violations
from tests.cast import hire
from zhike.analyze.boards import shelf
from zhike.kit import jobs
from zhike.reach.models import MailSettings
from zhike.secure import queries as rights

pytestmark = pytest.mark.django_db(transaction=True)
TILES = ("customers", "buyers", "net", "churn", "new", "lost", "nps", "rfm")


def figures() -> None:
    """Two runs of the composition and of retention."""
    for day, customers, net, levels in (
        ("2026-11-29", 1180, 9_812_000, (64, 190, 410)),
        ("2026-11-30", 1236, 10_450_000, (71, 182, 433)),
    ):
        steps = [{"kind": "new", "customers": 56}, {"kind": "lost", "customers": 23}]
        bridge = {
            "before_customers": 410,
            "after_customers": 433,
            "before_cents": 9_000_000,
            "after_cents": net,
            "steps": steps,
        }
        told_run(day, customers=customers, active=433, net_cents=net, bridge=bridge)
        names = ("high", "medium", "low")
        told_run(
            day,
            "retention",
            warned={"levels": [{"risk_level": n, "customers": c} for n, c in zip(names, levels, strict=True)]},
        )


def test_a_dashboard_is_made_arranged_sent_regularly_and_taken_away(visit, shoot, owner, tmp_path):
    figures()
    MailSettings.objects.create(pk=1, is_on=True, public_url="https://kf.example")
    hire("operator")
    page = visit("/insight/boards/", by=owner)
    page.click("[data-open=new-board]")
    page.fill("#new-board [name=name]", "每日一览")
    page.select_option("#new-board [name=sharing]", "all")
    page.click("#new-board .btn-primary")
    for kind in TILES:
        page.select_option("[name=tile]", kind)
        page.click(".dashboard-choice + .btn")
    expect(page.locator(".dashboard-tile")).to_have_count(len(TILES))
    page.locator(".dashboard-tile", has=page.locator(".bars")).locator("[value=wide]").click()
    expect(page.locator(".dashboard-wide")).to_have_count(1)
    page.click(".head-actions .btn-primary")
    page.keyboard.press("End")
    expect(page.locator(".dashboard-tile .panel-foot, .dashboard-tile .panel-note")).to_have_count(len(TILES))
    page.select_option("[name=day]", "2026-11-30")
    page.check("[name=compare]")
    page.click(".dashboard-period .btn")
    expect(page.locator(".trend").first).to_be_visible()
    expect(page.locator(".bar-value").first).to_have_text("71 (+7)")
    shoot(page, "board", whole=True)
    with page.expect_download() as taken:
        page.click("form[action$='/pdf/'] button")
    taken.value.save_as(tmp_path / "board.pdf")
    assert (tmp_path / "board.pdf").read_bytes().startswith(b"%PDF")
    assert taken.value.suggested_filename == "每日一览-2026-11-30.pdf"
    page.click("a[href$='/reports/']")
    page.click("[data-open=new-report] >> nth=0")
    expect(page.locator("#new-report .when-week")).to_be_hidden()
    page.select_option("#new-report [name=every]", "week")
    expect(page.locator("#new-report .when-week")).to_be_visible()
    page.select_option("#new-report [name=weekday]", "0")
    page.get_by_label("运营阿敏").check()
    shoot(page, "board-report-form")
    assert violations(page, within="#new-report") == []
    page.click("#new-report .btn-primary")
    page.click("[value=send]")
    jobs.run_pending()
    page.reload()
    expect(page.locator("table tbody tr")).to_have_count(2)
    shoot(page, "board-reports", whole=True)


@pytest.mark.parametrize("size", one_of("small", "wide"))
def test_boards_and_their_reports_please_axe_in_both_sizes(visit, shoot, owner, size):
    figures()
    made = shelf.make("每日一览", by=rights.viewer_of(owner), tiles=tuple((kind, "") for kind in TILES[:5]))
    for place, name in (("", "board"), ("reports/", "board-reports-new")):
        theme, language = ("light", "en") if size == "wide" else ("dark", "zh")
        page = visit(
            f"/insight/boards/{made.public_id}/{place}?compare=1",
            by=owner,
            size=size,
            theme=theme,
            language=language,
            checked=True,
        )
        shoot(page, f"{name}-{size}-{theme}-{language}", whole=True)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
