"""What a search opens stays in memory: no canary in files, logs, arguments or rows of it."""

import logging

import pytest

from tests import at_rest
from tests.customers.story import says
from zhike.kit import jobs
from zhike.kit.home import home

pytestmark = [pytest.mark.django_db(transaction=True)]
CANARIES = (
    "14077700077",
    "canary.mail@canary.example",
    "金丝雀路九十九号",
    "1987-06-05",
    "wxcanary77",
    "tbcanaryhandle",
)


@pytest.fixture
def canaries(taobao, shopify, record):
    """Two files of one person, and forty others, all with something nobody may find elsewhere."""
    one = {
        "name": "金丝雀甲", "phone": CANARIES[0], "email": CANARIES[1], "birth_date": CANARIES[3], "wechat": CANARIES[4],
        "address": f"浙江省杭州市西湖区{CANARIES[2]}",
    }  # fmt: skip
    record(taobao, says(CANARIES[5], **one), *(says(f"o{n}", row_no=n, name=f"王{n}") for n in range(2, 40)))
    record(shopify, says("sp", joins=(), **one), run_id=2)


def test_no_value_a_search_opened_lies_anywhere_after_it(canaries, tmp_path, monkeypatch, caplog, search):
    from zhike.clean.models import CandidatePair, MatchModel, MatchRun
    from zhike.kit.models import Job
    from zhike.secure.models import AuditEvent

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    before = {file for file in home().rglob("*") if file.is_file()}
    with caplog.at_level(logging.DEBUG):
        search()
        jobs.run_pending()
    assert CandidatePair.objects.count() == 1
    told = [
        caplog.text,
        *(
            str(row)
            for model in (Job, CandidatePair, MatchRun, MatchModel, AuditEvent)
            for row in model.objects.values()
        ),
    ]
    told += [
        content.decode("utf-8", errors="ignore")
        for file, content in [*at_rest.held(tmp_path), *at_rest.held(home())]
        if file not in before or "log" in file.parts
    ]
    found = [canary for canary in CANARIES if any(canary in text for text in told)]
    assert found == []


def test_a_search_is_one_audited_purpose_and_counts_what_it_opened(canaries, search):
    from zhike.secure.models import AuditEvent

    before = AuditEvent.objects.filter(action="open.batch", purpose="matching").count()
    search()
    event = AuditEvent.objects.filter(action="open.batch", purpose="matching").latest("id")
    assert AuditEvent.objects.filter(action="open.batch", purpose="matching").count() > before
    assert event.detail["count"] >= 2


def test_what_breaks_a_search_is_told_by_its_kind_alone(canaries, monkeypatch, search):
    import duckdb

    from zhike.clean.models import MatchRun
    from zhike.kit.models import Job
    from zhike_analytics.linkage import blocking

    def broken(*given: object, **named: object) -> None:
        raise duckdb.ConversionException(f"Could not convert string '{CANARIES[0]}' to INT32")

    monkeypatch.setattr(blocking, "block", broken)
    jobs.enqueue("clean.find_duplicates")
    jobs.run_pending(reraise=False)
    row = Job.objects.filter(name="clean.find_duplicates").latest("id")
    assert (row.state, row.error_code) == ("failed", "matching_failed")
    assert CANARIES[0] not in f"{row.error_params}{row.error_trace}"
    assert MatchRun.objects.latest("id").state == "failed"
