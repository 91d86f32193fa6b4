"""Stories of large exports: asked, approved or refused by a second person, confirmed alone where there is none; and of workbooks."""

import datetime as dt
import io
import tracemalloc
import zipfile
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.cast import PASSWORD, hire, signed_in
from tests.desk.conftest import EMAIL, PHONE
from zhike.desk import actions
from zhike.desk.models import Export
from zhike.desk.workbook import write_workbook
from zhike.kit import clock, jobs
from zhike.kit.home import path
from zhike.secure.models import AuditEvent, Staff

pytestmark = pytest.mark.django_db
NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture
def strict(db: None) -> None:
    """Every export waits."""
    from zhike.desk.models import ExportRule

    ExportRule.objects.create(pk=1, free_rows=0)


def ask(browser: Client, **more: object) -> Export:
    given = {"act": "export", "all_matching": "1", "query": "", "reason": "年度回访", **more}
    browser.post("/customers/bulk/", given)
    return Export.objects.order_by("-pk")[0]


def steps() -> list[str]:
    return [
        e.detail.get("step", e.action) for e in AuditEvent.objects.filter(action__startswith="export").order_by("pk")
    ]


def test_an_approved_export_is_made_for_who_asked(
    as_owner: Client, as_supervisor: Client, wang: int, strict: None
) -> None:
    export = ask(as_owner)
    assert export.state == "waiting" and not list(path("files/exports").glob(f"{export.public_id}*"))
    jobs.run_pending()
    assert as_owner.get(f"/exports/{export.public_id}/").status_code == 404
    page = as_supervisor.get("/security/exports/").content.decode()
    assert "年度回访" in page and "知客老板" in page and PHONE not in page
    as_supervisor.post("/security/exports/", {"act": "approve", "export": export.public_id})
    jobs.run_pending()
    export.refresh_from_db()
    assert (export.state, export.row_count, export.decided_by_id) == ("ready", 6, hire("supervisor").pk)
    assert as_owner.get(f"/exports/{export.public_id}/").status_code == 200
    assert as_supervisor.get(f"/exports/{export.public_id}/").status_code == 404, "who approves gets no file"
    assert steps() == ["waiting", "export.approved", "written", "downloaded"]


def test_a_refusal_tells_why(as_owner: Client, as_officer: Client, wang: int, strict: None) -> None:
    export = ask(as_owner)
    as_officer.post("/security/exports/", {"act": "refuse", "export": export.public_id, "reason": " "})
    export.refresh_from_db()
    assert export.state == "waiting", "a refusal needs a reason"
    as_officer.post("/security/exports/", {"act": "refuse", "export": export.public_id, "reason": "不需要全部"})
    assert "不需要全部" in as_owner.get("/exports/").content.decode()
    jobs.run_pending()
    assert Export.objects.get().state == "refused"
    as_officer.post("/security/exports/", {"act": "approve", "export": export.public_id})
    assert Export.objects.get().state == "refused", "decided is decided"


def test_nobody_approves_their_own(as_owner: Client, wang: int, strict: None) -> None:
    hire("supervisor")
    export = ask(as_owner)
    as_owner.post("/security/exports/", {"act": "approve", "export": export.public_id})
    as_owner.post(f"/exports/{export.public_id}/confirm/", {"password": PASSWORD})
    export.refresh_from_db()
    assert export.state == "waiting"


def test_a_sole_holder_confirms_and_waits_ten_minutes(
    as_owner: Client, as_operator: Client, wang: int, strict: None
) -> None:
    export = ask(as_owner)
    as_owner.post(f"/exports/{export.public_id}/confirm/", {"password": "wrong"})
    export.refresh_from_db()
    assert export.state == "waiting"
    as_operator.post(f"/exports/{export.public_id}/confirm/", {"password": PASSWORD})
    export.refresh_from_db()
    assert export.state == "waiting", "only its maker, and only who may approve"
    as_owner.post(f"/exports/{export.public_id}/confirm/", {"password": PASSWORD})
    jobs.run_pending()
    export.refresh_from_db()
    assert export.state == "asked"
    with clock.freeze(clock.now() + dt.timedelta(minutes=11)):
        jobs.run_pending()
    export.refresh_from_db()
    assert export.state == "ready" and "export.confirmed_alone" in steps()


def test_an_open_invitation_is_no_second_person(as_owner: Client, wang: int, strict: None) -> None:
    invited = hire("supervisor")
    assert not actions.is_alone(viewer_of("owner"))
    invited.set_unusable_password()
    invited.save()
    assert actions.is_alone(viewer_of("owner"))
    Staff.objects.filter(pk=invited.pk).update(last_login=clock.now(), is_active=False)
    assert actions.is_alone(viewer_of("owner"))


def viewer_of(role: str):
    from zhike.secure import queries

    return queries.viewer_of(hire(role))


def test_small_ones_add_up_within_a_day(as_owner: Client, wang: int) -> None:
    actions.set_free_rows(9, by=viewer_of("owner"))
    assert ask(as_owner).state == "ready"
    assert ask(as_owner).state == "waiting", "six and six is more than nine"
    with clock.freeze(clock.now() + dt.timedelta(hours=25)):
        assert ask(signed_in(hire("owner"))).state == "ready"


def test_what_grew_since_it_was_approved_is_not_made(
    as_owner: Client, as_supervisor: Client, wang: int, strict: None
) -> None:
    from tests.desk import ground
    from tests.desk.ground import Person

    export = ask(as_owner)
    as_supervisor.post("/security/exports/", {"act": "approve", "export": export.public_id})
    ground.record(ground.source("jd"), *(Person(f"n{i}", {"name": f"新{i}"}) for i in range(4)), run_id=9)
    with pytest.raises(jobs.JobFailed):
        jobs.run_pending()
    assert Export.objects.get().state == "failed"


def test_a_right_lost_meanwhile_makes_no_file(as_owner: Client, as_supervisor: Client, wang: int, strict: None) -> None:
    export = ask(as_supervisor)
    Staff.objects.filter(pk=hire("supervisor").pk).update(is_active=False)
    from zhike.secure import policy

    policy.touch()
    answer = as_owner.post("/security/exports/", {"act": "approve", "export": export.public_id})
    assert answer.status_code == 403
    assert Export.objects.get().state == "waiting"


def test_who_may_not_approve_sees_no_request(as_agent: Client, as_operator: Client, wang: int) -> None:
    assert as_agent.get("/security/exports/").status_code == 403
    assert as_operator.get("/security/exports/").status_code == 403


def test_the_limit_is_set_by_who_keeps_the_settings(as_owner: Client, as_supervisor: Client, wang: int) -> None:
    assert as_supervisor.post("/security/exports/limit/", {"rows": "9"}).status_code == 403
    for rows, kept in (("500", 500), ("-1", 500), ("viele", 500), ("0", 0)):
        as_owner.post("/security/exports/limit/", {"rows": rows})
        assert actions.free_rows() == kept
    assert AuditEvent.objects.filter(action="export.rule").count() == 2


# -- workbooks


def read(data: bytes) -> list[list[str]]:
    """Every cell of the first sheets as text; fails on any formula."""
    rows = []
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in sorted(n for n in book.namelist() if "worksheets/" in n):
            sheet = ElementTree.fromstring(book.read(name))
            assert sheet.findall(".//m:f", NS) == []
            for row in sheet.iterfind(".//m:row", NS):
                rows.append(["".join(c.itertext()) for c in row.iterfind("m:c", NS)])
    return rows


def test_a_workbook_holds_what_the_table_holds(as_owner: Client, wang: int) -> None:
    export = ask(as_owner, form="xlsx", column=["last_product"])
    answer = as_owner.get(f"/exports/{export.public_id}/")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet") and ".xlsx" in answer["Content-Disposition"]
    data = b"".join(answer.streaming_content)
    rows = read(data)
    assert export.public_id in rows[0][0] and "知客老板" in rows[0][0]
    assert len(rows) == 2 + 6 and any("王小明" in row for row in rows) and any("雪平锅" in row for row in rows)
    assert PHONE.encode() not in data and EMAIL.encode() not in data
    sealed = next(path("files/exports").glob(f"{export.public_id}*")).read_bytes()
    assert not sealed.startswith(b"PK") and "王小明".encode() not in sealed


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "=HYPERLINK(0)", "http://x.example", "00123", "1e9"]


def test_no_cell_of_a_workbook_runs_and_every_text_comes_back(tmp_path) -> None:
    from python_calamine import CalamineWorkbook

    file = tmp_path / "x.xlsx"
    with file.open("wb") as stream:
        facts = {"numbers": frozenset({1}), "title": "客户", "author": "知客", "made_at": clock.now()}
        count = write_workbook(stream, "mark", ["text", "figure"], [(t, "12.50") for t in HOSTILE], **facts)
    assert count == len(HOSTILE)
    read(file.read_bytes())
    sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[2:]] == HOSTILE
    assert {row[1] for row in sheet[2:]} == {12.5}


def test_a_workbook_takes_no_memory_by_its_rows(tmp_path) -> None:
    facts = {"numbers": frozenset(), "title": "t", "author": "a", "made_at": clock.now()}
    peaks = []
    for rows in (2_000, 40_000):
        with (tmp_path / f"{rows}.xlsx").open("wb") as stream:
            tracemalloc.start()
            write_workbook(stream, "m", ["a"], ((f"客户{i}", "x" * 40) for i in range(rows)), **facts)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] + 200_000


def test_a_full_sheet_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhike.desk.workbook.ROWS_A_SHEET", 10)
    stream = io.BytesIO()
    facts = {"numbers": frozenset(), "title": "t", "author": "a", "made_at": clock.now()}
    assert write_workbook(stream, "m", ["a"], ([str(i)] for i in range(25)), **facts) == 25
    assert [r for r in read(stream.getvalue()) if r not in (["m"], ["a"])] == [[str(i)] for i in range(25)]
