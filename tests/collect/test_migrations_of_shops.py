"""Moving out of a former system: several files, figures side by side to the cent, a signature, and a history that stays."""

import pytest
from django.test import Client

from tests.collect.importing import HEADERS, brought, csv_bytes, found, order_row, planned, undone
from tests.collect.test_other_kinds import CASES, POT, PRODUCTS, RETURN, TAGS, cases, catalogue, tags
from zhike.collect import actions, queries
from zhike.collect.records import ProjectFacts, RunFacts
from zhike.kit import jobs
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ORDERS = [order_row("O1", "c1", price="10.00"), order_row("O2", "c2", price="5.50"), order_row("O3", "", price="bad")]
TRUTH = {"customers": 2, "orders": 2, "total_cents": 1_550, "products": 1, "cases": 1, "cases_cents": 5_990, "tags": 1}


def loaded(project: str, content: bytes, **how: str) -> RunFacts:
    run = planned(content, **how)  # type: ignore[arg-type]
    actions.put_into_project(run.id, project, by=BY)
    actions.start_import(run.id, by=BY)
    jobs.run_pending()
    return found(run)


@pytest.fixture
def moved() -> str:
    project = actions.open_project("旧系统搬家", former_system="管家婆", extracted="5 月 1 日导出", by=BY)
    loaded(project, csv_bytes(HEADERS, ORDERS))
    loaded(project, catalogue(POT), kind="products", mapping=PRODUCTS)
    loaded(project, cases(RETURN), kind="cases", mapping=CASES)
    loaded(project, tags(["c1", "", "VIP"]), kind="tags", mapping=TAGS)
    return project


def compared(project: str, **expected: int) -> ProjectFacts:
    actions.expect_figures(project, expected, by=BY)
    jobs.run_pending()
    now = queries.project(project)
    assert now is not None
    return now


def refusal(project: str, note: str = "") -> str:
    with pytest.raises(actions.ImportRefused) as refused:
        actions.sign_off(project, note=note, by=BY)
    return refused.value.code


def test_figures_of_all_files_are_counted_together_and_equal_what_stands_here(moved: str) -> None:
    brought(csv_bytes(HEADERS, [order_row("X1", "other")]), source="elsewhere")  # belongs to no project
    project = compared(moved, **TRUTH)
    assert {name: project.found[name] for name in TRUTH} == {**TRUTH, "products": 1}
    assert project.found["rejected_rows"] == 1


def test_an_undone_file_no_longer_counts(moved: str) -> None:
    (orders, *_) = queries.runs_of_project(queries.project(moved).id)  # type: ignore[union-attr]
    undone(orders)
    assert (compared(moved, orders=0).found["orders"], compared(moved).found["total_cents"]) == (0, 0)


def test_nothing_is_signed_before_it_is_compared_nor_with_a_difference_nobody_explains(moved: str) -> None:
    assert refusal(moved) == "not_reconciled"
    compared(moved, orders=3)
    assert refusal(moved) == "difference_unexplained"
    assert refusal(moved, "  ") == "difference_unexplained"
    run = planned(csv_bytes(HEADERS, [order_row("O9", "c9")]))
    actions.put_into_project(run.id, moved, by=BY)
    assert refusal(moved) == "difference_unexplained"  # a file that was never started stands in nobody's way
    actions.start_import(run.id, by=BY)
    assert refusal(moved, "O3 is wrong in the former system") == "imports_unfinished"
    jobs.run_pending()
    assert refusal(moved, "O3 is wrong in the former system") == "not_reconciled"
    compared(moved, orders=3)
    actions.sign_off(moved, note="", by=BY)
    signed = queries.project(moved)
    assert signed is not None and signed.state == "signed" and signed.signed_at is not None
    for act in (
        lambda: actions.put_into_project(run.id, moved, by=BY),
        lambda: actions.expect_figures(moved, {}, by=BY),
        lambda: actions.sign_off(moved, note="", by=BY),
    ):
        with pytest.raises(actions.ImportRefused, match="project_signed"):
            act()


def test_a_migration_goes_its_way_in_the_browser(as_owner: Client, moved: str) -> None:
    address = as_owner.post(
        "/collect/migrations/new/", {"name": "第二次", "former_system": "旧店", "extracted": "SQL"}
    )["Location"]
    assert "旧店" in as_owner.get(address).content.decode()
    page = f"/collect/migrations/{moved}/"
    assert as_owner.post(f"{page}figures/", {"orders": "2", "total_cents": "15.50"}).status_code == 302
    jobs.run_pending()
    shown = as_owner.get(page).content.decode()
    assert 'value="15.50"' in shown and "管家婆" in shown
    as_owner.post(f"{page}figures/", {"orders": "many"})
    assert queries.project(moved).expected["orders"] == 2  # type: ignore[union-attr]
    as_owner.post(f"{page}sign/", {"note": ""})
    assert queries.project(moved).state == "signed"  # type: ignore[union-attr]
    assert "旧系统搬家" in as_owner.get("/collect/migrations/").content.decode()
    assert f"?project={moved}" not in as_owner.get(page).content.decode()


def test_those_without_the_right_neither_see_nor_sign(as_agent: Client, moved: str) -> None:
    assert as_agent.get(f"/collect/migrations/{moved}/").status_code == 403
    assert as_agent.post(f"/collect/migrations/{moved}/sign/").status_code == 403
